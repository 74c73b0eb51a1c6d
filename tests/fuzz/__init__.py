"""Fuzzing of all that reads bytes we do not trust: `python -m tests.fuzz header --seconds 600`."""

from __future__ import annotations
