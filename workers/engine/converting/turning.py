"""
Rows that lie in another order in another code, and what puts them right.

llama.cpp rotates neighbouring rows of a head where transformers rotates its two halves, so for the
architecture it calls `llama` queries and keys lie interleaved there. Only the up matrix has rows.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import torch

from workers.engine.converting.changes import Change


class Heads(NamedTuple):
    """How many heads the rows of queries and of keys are for, where GGUF has them interleaved."""

    queries: int
    keys: int

    def of(self, layer: str) -> int | None:
        """Return the heads of that layer's rows, None if they lie as they are."""
        if layer.endswith(".q_proj"):
            return self.queries
        return self.keys if layer.endswith(".k_proj") else None


def interleaved(rows: torch.Tensor, heads: int) -> torch.Tensor:
    """Return rows with the two halves of each head taken in turns."""
    return rows.unflatten(0, (heads, 2, -1)).transpose(1, 2).flatten(0, 2)


def in_halves(rows: torch.Tensor, heads: int) -> torch.Tensor:
    """Return interleaved rows as two halves of each head."""
    return rows.unflatten(0, (heads, -1, 2)).transpose(1, 2).flatten(0, 2)


def into_gguf(change: Change, heads: Heads | None) -> Change:
    """Return a change as llama.cpp has its rows."""
    count = heads.of(change.layer) if heads else None
    return replace(change, up=interleaved(change.up, count)) if count else change


def out_of_gguf(change: Change, heads: Heads | None) -> Change:
    """Return a change of llama.cpp's as transformers has its rows."""
    count = heads.of(change.layer) if heads else None
    return replace(change, up=in_halves(change.up, count)) if count else change


def swapped(change: Change) -> Change:
    """Return a change with the upper and the lower half of its rows in each other's place."""
    half = change.up.shape[0] // 2
    magnitude = change.magnitude
    return replace(
        change,
        up=change.up.roll(half, 0),
        magnitude=None if magnitude is None else magnitude.roll(half, 0),
    )
