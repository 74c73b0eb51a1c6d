"""
What the engine must know of a family of bases.

A family is stateless: it is handed the pipeline each time. All that differs between architectures
is behind these verbs; attaching, sweeping and measuring are the same for all. A family either draws
(pictures, denoised) or answers (texts and sounds); both give shots.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch

from registry.sweeps.plan import Scene
from workers.engine.shots import Shot

Pipeline = Any  # diffusers gives its pipelines no common type worth naming
Pictures = np.ndarray[Any, np.dtype[np.float32]]  # (count, height, width, 3), 0 to 1
OnStep = Callable[[int, int], None]  # steps done, steps of this run
GUIDED_FROM = 1.0  # at this guidance and below, diffusers leaves the negative prompt out
# A row a sample. A list where prompts keep lengths of their own.
Rows = torch.Tensor | list[torch.Tensor]


class NotByRow(ValueError):
    """A batch is not laid out a row a sample, or cannot be; whoever asks goes one by one."""


@dataclass(frozen=True, slots=True)
class Conditioning:
    """Prompts as the denoiser wants them: a row a sample, by the pipeline's argument names."""

    tensors: dict[str, Rows] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(next(iter(self.tensors.values())))

    def rows(self, indices: Sequence[int]) -> Conditioning:
        return Conditioning({name: _chosen(rows, indices) for name, rows in self.tensors.items()})


def _chosen(rows: Rows, indices: Sequence[int]) -> Rows:
    if isinstance(rows, list):
        return [rows[index] for index in indices]
    return rows.index_select(0, torch.tensor(indices, dtype=torch.long, device=rows.device))


@dataclass(frozen=True, slots=True)
class Canvas:
    """How to denoise: the numbers of scenes without their words. Only their seeds may differ."""

    seeds: tuple[int, ...]  # one a row
    steps: int
    guidance: float
    width: int
    height: int


class Family(Protocol):
    """How one architecture is loaded."""

    pipelines: tuple[str, ...]  # class names, as model_index.json or config.json says them
    adapted: tuple[str, ...]  # components that an adapter may change
    prompt_encoders: tuple[str, ...]  # those of them that turn prompts into conditioning

    def load(self, folder: Path, *, pipeline: str, dtype: torch.dtype) -> Pipeline:
        """Return the pipeline saved in `folder`, from safetensors files alone."""
        ...

    def skeleton(self, config_folder: Path, *, pipeline: str) -> Pipeline:
        """Return the pipeline's adapted components on the meta device: names, shapes, no bytes."""
        ...


class Drawing(Family, Protocol):
    """How one architecture is made to draw."""

    samplers: tuple[str, ...]  # that its pipelines work with; none: all that suit the scheduler

    def encode(
        self, pipeline: Pipeline, prompts: Sequence[str], *, negative: str, guided: bool
    ) -> Conditioning:
        """Return a row for each prompt."""
        ...

    def denoise(
        self, pipeline: Pipeline, conditioning: Conditioning, canvas: Canvas, on_step: OnStep
    ) -> torch.Tensor:
        """Return a latent for each row, begun from the noise of its seed."""
        ...

    def decode(self, pipeline: Pipeline, latents: torch.Tensor) -> Pictures:
        """Return a picture for each latent."""
        ...


@runtime_checkable
class Answering(Family, Protocol):
    """How one architecture is made to write, to sort, to listen or to sound."""

    def prepare(self, pipeline: Pipeline, prompts: Sequence[str], scene: Scene) -> None:
        """
        Note what the base does without the adapter that is on it, if shots are measured by that.

        Called before `answer`, with the prompts that it will be asked.
        """
        ...

    def answer(
        self, pipeline: Pipeline, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> Sequence[Shot]:
        """Return a shot for each prompt, by the weights that the layers now have: row by row."""
        ...


AnyFamily = Drawing | Answering
