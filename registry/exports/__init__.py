"""Exports: how each runtime is told of a version; where its file goes, and what to paste."""

from __future__ import annotations
