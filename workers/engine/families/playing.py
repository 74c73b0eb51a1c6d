"""
Models that sound: music from words (MusicGen), and speech from text (VITS, as MMS has it).

Both leave something to chance, and the same chance is taken at every weight: what differs between
two cells is then what the adapter does.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import LogitsProcessor, LogitsProcessorList

from registry.sweeps.plan import Scene
from workers.engine import models_alone, sensing
from workers.engine.families.protocol import NotByRow, OnStep
from workers.engine.families.saying import Counting
from workers.engine.models_alone import ModelAlone
from workers.engine.sensing import SensingModel
from workers.engine.sounds import Sound, SoundShot

USUAL_FRAMES, MOST_FRAMES = 250, 1500  # five seconds of MusicGen, and thirty


class Playing:
    """What all that sound have in common."""

    pipelines: tuple[str, ...] = ()
    adapted: tuple[str, ...] = (models_alone.MODEL,)
    prompt_encoders: tuple[str, ...] = ()

    def load(self, folder: Path, *, pipeline: str, dtype: torch.dtype) -> SensingModel:
        return sensing.load(folder, pipeline=pipeline, dtype=dtype)

    def skeleton(self, config_folder: Path, *, pipeline: str) -> ModelAlone:
        return models_alone.skeleton(config_folder)

    def prepare(self, pipeline: SensingModel, prompts: Sequence[str], scene: Scene) -> None:
        """Note nothing: a sound is held against the sound without the adapter, and no more."""


class Music(Playing):
    """MusicGen: frames of a codec's tokens, each drawn by chance among the likeliest."""

    pipelines: tuple[str, ...] = ("MusicgenForConditionalGeneration",)

    def answer(
        self, pipeline: SensingModel, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> list[SoundShot]:
        model = pipeline.model
        words = pipeline.tokenizer([*prompts], padding=True, return_tensors="pt")
        books = model.config.decoder.num_codebooks
        frames = min(scene.most_tokens or USUAL_FRAMES, MOST_FRAMES)
        usual = model.generation_config
        draw = Drawing(scene.seed, books, top=usual.top_k or 0, heat=usual.temperature or 1.0)
        played = model.generate(
            input_ids=words.input_ids.to(pipeline.device),
            attention_mask=words.attention_mask.to(pipeline.device),
            max_length=frames + books - 1,
            guidance_scale=scene.guidance,
            do_sample=False,  # `Drawing` leaves one choice, so that the likeliest is the drawn one
            logits_processor=BeforeLast([draw]),
            stopping_criteria=[Counting(on_step, frames)],
        )
        return [_shot(one[0], model.config.audio_encoder.sampling_rate) for one in played]


class Speech(Playing):
    """VITS: how long each sound is held, and how it sounds, are drawn by chance."""

    pipelines: tuple[str, ...] = ("VitsModel",)

    def load(self, folder: Path, *, pipeline: str, dtype: torch.dtype) -> SensingModel:
        # Small as it is, and full of logarithms, it is loaded whole.
        return super().load(folder, pipeline=pipeline, dtype=torch.float32)

    def answer(
        self, pipeline: SensingModel, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> list[SoundShot]:
        if len(prompts) > 1:
            # The chance is drawn for a whole batch, as long as its longest sample is.
            raise NotByRow("Speech of different lengths, drawn by chance, does not share a batch.")
        words = pipeline.tokenizer(prompts[0], return_tensors="pt")
        with torch.random.fork_rng(_device_of(pipeline)):
            torch.manual_seed(scene.seed)
            spoken = pipeline.model(
                input_ids=words.input_ids.to(pipeline.device),
                attention_mask=words.attention_mask.to(pipeline.device),
            )
        on_step(1, 1)
        return [_shot(spoken.waveform[0], pipeline.model.config.sampling_rate)]


class Drawing(LogitsProcessor):
    """
    Draws a token for each book of codes, by the same chance in every row.

    Adding Gumbel noise to scores and taking the highest is drawing by their odds. So two rows whose
    scores are alike draw alike, and a row draws alone what it draws in a batch.
    """

    def __init__(self, seed: int, books: int, *, top: int, heat: float) -> None:
        self._seed = seed
        self._books = books
        self._top = top
        self._heat = heat

    def __call__(self, input_ids: torch.Tensor, scores: Any) -> Any:
        place = input_ids.shape[-1]
        chance = torch.Generator().manual_seed(self._seed * 100_003 + place)
        even = torch.rand(self._books, scores.shape[-1], generator=chance, dtype=torch.float64)
        noise = -torch.log(-torch.log(even.clamp(1e-12, 1 - 1e-12)))
        samples = scores.shape[0] // self._books
        drawn = scores / self._heat + noise.repeat(samples, 1).to(scores.device, scores.dtype)
        if not self._top:
            return drawn
        least = scores.topk(min(self._top, scores.shape[-1]), dim=-1).values[:, -1:]
        return drawn.masked_fill(scores < least, -torch.inf)


class BeforeLast(LogitsProcessorList):
    """A list whose last stays last: MusicGen adds its guidance, which must come before drawing."""

    def append(self, processor: Any) -> None:
        self.insert(len(self) - 1, processor)


def _shot(samples: torch.Tensor, rate: int) -> SoundShot:
    return SoundShot(Sound(samples.float().cpu().numpy(), int(rate)))


def _device_of(pipeline: SensingModel) -> list[torch.device]:
    return [pipeline.device] if pipeline.device.type == "cuda" else []
