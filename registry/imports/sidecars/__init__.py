"""Files that local programs keep beside an adapter's, one module a program: see table.py."""

from __future__ import annotations
