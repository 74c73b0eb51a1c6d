"""The demonstration base "shapes" and its adapters: how they are drawn, trained and written."""

from __future__ import annotations
