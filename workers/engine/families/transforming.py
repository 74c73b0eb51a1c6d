"""
Other models of transformers: those that nothing here makes answer yet.

Adapters are proved to load on their skeletons, by PEFT. They are not swept, and are not loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from transformers.models.auto import modeling_auto

from registry.sweeps.plan import Scene
from workers.engine import models_alone
from workers.engine.families.protocol import OnStep, Pipeline
from workers.engine.shots import Shot

NOT_SWEPT = "Models of this class are not swept: their adapters are proved to load, and no more."


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

    def load(self, folder: Path, *, pipeline: str, dtype: torch.dtype) -> Pipeline:
        raise NotImplementedError(NOT_SWEPT)

    def skeleton(self, config_folder: Path, *, pipeline: str) -> Pipeline:
        return models_alone.skeleton(config_folder)

    def prepare(self, pipeline: Pipeline, prompts: Sequence[str], scene: Scene) -> None:
        raise NotImplementedError(NOT_SWEPT)

    def answer(
        self, pipeline: Pipeline, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> Sequence[Shot]:
        raise NotImplementedError(NOT_SWEPT)
