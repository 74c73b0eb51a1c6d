"""The cases, by kind."""

from __future__ import annotations
