"""
Render samples of a scene: each a prompt, and a weight of the adapter that is on the base.

All samples go through one denoising run if the adapter allows it, and one by one, the way people
do it by hand, if it does not. Where the device has not room for all of them, the batch is halved
until it has, and the base remembers; as many go into one as what was measured leaves room for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from registry.sweeps.plan import Scene
from workers.engine.at_once import NO_PARTS, weights_at_once, why_not
from workers.engine.attaching import Attachment
from workers.engine.bases import Base
from workers.engine.compiling import Blocks, compilations
from workers.engine.devices import is_out_of_memory, make_room
from workers.engine.families.protocol import (
    GUIDED_FROM,
    Answering,
    Canvas,
    Conditioning,
    Drawing,
    NotByRow,
    OnStep,
    Pictures,
    Pipeline,
)
from workers.engine.parts import Parts, refuse_unknown
from workers.engine.picture_shots import PictureShot
from workers.engine.pictures import to_picture
from workers.engine.room import UNBOUNDED, measured
from workers.engine.samplers import sampled_by
from workers.engine.shots import Shot
from workers.engine.widths import even_out

MOST_ENCODED = 32  # prompts, or lists of them, that are kept as the base reads them


class NoRoom(Exception):
    """Not even one sample fits the device."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One picture, text or sound to be rendered; a picture by its own seed, if it has one."""

    prompt: str
    weight: float
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Rendering:
    """The shots of samples, in their order, and how they were come by."""

    shots: tuple[Shot, ...]
    method: str  # "batch" or "loop"
    reason: str  # why a loop


def render(
    base: Base,
    scene: Scene,
    samples: Sequence[Sample],
    *,
    attachment: Attachment | None,
    on_step: OnStep,
    parts: Parts = NO_PARTS,
) -> Rendering:
    """
    Return a shot for each sample. Without an adapter on the base, weights mean nothing.

    :raises NoRoom: if the device has not room for one sample
    :raises UnknownPart: if the base lacks one of the parts
    :raises SamplerRefused: if the base cannot be drawn with the scene's sampler
    """
    refuse_unknown(parts, base.pipeline, base.family.adapted)
    worn = attachment if attachment and not attachment.is_empty else None
    reason = why_not(worn) if worn else ""
    run = _Run(base, scene, worn, on_step, parts, _compiled(base, worn))
    run.prepare(samples)
    shots: list[Shot] = []
    if not reason:
        try:
            shots = _in_batches(run, samples)
        except NotByRow as fault:
            reason = str(fault)
    if reason:
        shots = [shot for one in samples for shot in _in_batches(run, [one])]
    return Rendering(tuple(shots), "loop" if reason else "batch", reason)


def _compiled(base: Base, attachment: Attachment | None) -> Blocks | None:
    blocks = base.blocks
    suits = blocks is None or attachment is None or even_out(attachment, blocks)
    return blocks if suits else None


def _in_batches(run: _Run, samples: Sequence[Sample]) -> list[Shot]:
    base, shots = run.base, list[Shot]()
    # What cut it down may have been another process's hunger, which is over.
    base.most_at_once = min(2 * base.most_at_once, UNBOUNDED)
    while len(shots) < len(samples):
        batch = samples[len(shots) : len(shots) + min(base.most_at_once, run.fitting)]
        try:
            before = compilations()
            with measured(run.place) as taken:
                shots += run.batch(batch)
            if compilations() == before:  # Compilers take room too, once.
                base.room.note(run.pixels, len(batch), taken.most)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            if len(batch) == 1:
                raise NoRoom(f"{base.source.slug} has no room to render one picture.") from error
            base.most_at_once = len(batch) // 2
        if base.most_at_once < len(batch):
            make_room(run.place)  # after the error has let go of what it held
    return shots


@dataclass(frozen=True, slots=True)
class _Run:
    base: Base
    scene: Scene
    attachment: Attachment | None
    on_step: OnStep
    parts: Parts
    blocks: Blocks | None  # to be drawn with compiled

    @property
    def place(self) -> torch.device:
        return torch.device(self.base.pipeline.device)

    @property
    def pixels(self) -> int:
        return self.scene.width * self.scene.height

    @property
    def fitting(self) -> int:
        """How many samples there seems to be room for."""
        if isinstance(self.base.family, Answering):
            return UNBOUNDED  # Words take little, and how many come is not known before.
        return self.base.room.most(self.pixels, self.place)

    def batch(self, samples: Sequence[Sample]) -> list[Shot]:
        """Render samples of any weights together."""
        if self.attachment is None:
            return self.plain(samples)
        weights = [sample.weight for sample in samples]
        with weights_at_once(self.attachment, weights, self.parts):
            return self.plain(samples)

    @torch.inference_mode()
    def prepare(self, samples: Sequence[Sample]) -> None:
        """Have the base note what it does without the adapter, if it is measured by that."""
        family = self.base.family
        if isinstance(family, Answering):
            prompts = list(dict.fromkeys(sample.prompt for sample in samples))
            family.prepare(self.base.pipeline, prompts, self.scene)

    @torch.inference_mode()
    def plain(self, samples: Sequence[Sample]) -> list[Shot]:
        """Render samples at the weight that the base's layers now have."""
        family, pipeline = self.base.family, self.base.pipeline
        if isinstance(family, Answering):
            prompts = [sample.prompt for sample in samples]
            return list(family.answer(pipeline, prompts, self.scene, self.on_step))
        return self._drawn(family, samples)

    def _drawn(self, family: Drawing, samples: Sequence[Sample]) -> list[Shot]:
        pipeline = self.base.pipeline
        conditioning = self._conditioning(family, samples)

        def denoise() -> torch.Tensor:
            return family.denoise(pipeline, conditioning, self._canvas(samples), self.on_step)

        with sampled_by(pipeline, self.scene.sampler, family.samplers):
            latents = self.blocks.draw(denoise) if self.blocks else denoise()
        pictures = _decoded(family, pipeline, latents)
        kept = latents.float().cpu().numpy()
        return [
            PictureShot(to_picture(picture), latent)
            for picture, latent in zip(pictures, kept, strict=True)
        ]

    def _canvas(self, samples: Sequence[Sample]) -> Canvas:
        scene = self.scene
        seeds = tuple(scene.seed if one.seed is None else one.seed for one in samples)
        return Canvas(seeds, scene.steps, scene.guidance, scene.width, scene.height)

    def _conditioning(self, family: Drawing, samples: Sequence[Sample]) -> Conditioning:
        prompts = [sample.prompt for sample in samples]
        # A prompt means the same at all weights, unless the adapter changes who reads it.
        different = prompts if self._reads_differently() else list(dict.fromkeys(prompts))
        guided = self.scene.guidance > GUIDED_FROM

        def encode() -> Conditioning:
            return family.encode(
                self.base.pipeline, different, negative=self.scene.negative, guided=guided
            )

        if different is prompts:
            return encode()
        known, key = self.base.encoded, (tuple(different), self.scene.negative, guided)
        encoded: Conditioning = known.pop(key, None) or encode()
        known[key] = encoded  # for the next rows and adapters, as long as it is asked for
        while len(known) > MOST_ENCODED:
            known.pop(next(iter(known)))
        return encoded.rows([different.index(prompt) for prompt in prompts])

    def _reads_differently(self) -> bool:
        worn = self.attachment
        return worn is not None and any(
            worn.layers.get(component) for component in self.base.family.prompt_encoders
        )


def _decoded(family: Drawing, pipeline: Pipeline, latents: torch.Tensor) -> Pictures:
    """Return the pictures of latents, one by one where there is not room for all."""
    try:
        return family.decode(pipeline, latents)
    except Exception as error:
        if not is_out_of_memory(error) or len(latents) == 1:
            raise
    make_room(latents.device)
    return np.concatenate([family.decode(pipeline, one[None]) for one in latents])
