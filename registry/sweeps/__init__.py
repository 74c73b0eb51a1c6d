"""Sweeps: one scene over weights; what is to be rendered, and what the pictures say."""

from __future__ import annotations
