"""Adapters that are elsewhere: what is said of them there, and how they are had from there."""

from __future__ import annotations
