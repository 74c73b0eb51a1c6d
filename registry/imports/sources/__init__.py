"""Where adapters are imported from, one module a kind of source: see table.py."""

from __future__ import annotations
