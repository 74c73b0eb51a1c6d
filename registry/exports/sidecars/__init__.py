"""Files that local programs read beside an adapter's, one module a program: see table.py."""

from __future__ import annotations
