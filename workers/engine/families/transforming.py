"""
Models of transformers by themselves: text, sound, and pictures that are read.

Adapters are proved to load on their skeletons, by PEFT. None is swept yet: what a weight changes in
text or sound is not drawn, and the verbs that draw refuse.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from transformers.models.auto import modeling_auto

from workers.engine import models_alone
from workers.engine.families.protocol import Canvas, Conditioning, OnStep, Pictures, Pipeline

NOT_SWEPT = "Text and sound are not swept yet: their adapters are proved to load, and no more."


def _classes() -> tuple[str, ...]:
    """Return every model class that transformers' own tables name."""
    found: set[str] = set()
    for table, rows in vars(modeling_auto).items():
        if table.endswith("_MAPPING_NAMES"):
            for name in rows.values():
                found |= {name} if isinstance(name, str) else set(name)
    return tuple(sorted(found))


class Transforming:
    """A model of transformers, called by its class."""

    pipelines: tuple[str, ...] = _classes()
    adapted: tuple[str, ...] = (models_alone.MODEL,)
    prompt_encoders: tuple[str, ...] = ()
    samplers: tuple[str, ...] = ()

    def load(self, folder: Path, *, pipeline: str, dtype: torch.dtype) -> Pipeline:
        raise NotImplementedError(NOT_SWEPT)

    def skeleton(self, config_folder: Path, *, pipeline: str) -> Pipeline:
        return models_alone.skeleton(config_folder)

    def encode(
        self, pipeline: Pipeline, prompts: Sequence[str], *, negative: str, guided: bool
    ) -> Conditioning:
        raise NotImplementedError(NOT_SWEPT)

    def denoise(
        self, pipeline: Pipeline, conditioning: Conditioning, canvas: Canvas, on_step: OnStep
    ) -> torch.Tensor:
        raise NotImplementedError(NOT_SWEPT)

    def decode(self, pipeline: Pipeline, latents: torch.Tensor) -> Pictures:
        raise NotImplementedError(NOT_SWEPT)
