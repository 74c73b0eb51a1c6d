"""How changes are written: one module a layout, each giving tensors or files of its own."""

from __future__ import annotations
