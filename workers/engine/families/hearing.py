"""
Models that hear: a sample sound goes in, and what was said in it comes out as text.

Two kinds. Most write word after word, each by what they wrote before (Whisper); some name a letter
for each moment, all at once (Wav2Vec2 and whatever else was trained by CTC). A prompt says nothing
to either. What was really said is the scene's passage, if it has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import WhisperTokenizer
from transformers.models.auto import modeling_auto

from registry.bases.samples import SOUND, path_of
from registry.sweeps.plan import Scene
from workers.engine import sensing
from workers.engine.families.answering import (
    ANSWER,
    MOST_PLACES,
    MOST_TOKENS,
    PASSAGE,
    USUAL_TOKENS,
    Question,
    TextFamily,
    Written,
    padded,
)
from workers.engine.families.protocol import OnStep, Pipeline
from workers.engine.families.saying import Counting, surprise, until_its_end, with_errors
from workers.engine.sensing import Inputs, SensingModel
from workers.engine.sounds import read_wav
from workers.engine.texts import TextShot


@dataclass(frozen=True, slots=True)
class Heard(Question):
    """A question about a sound."""

    sample: str = ""


class Hearing(TextFamily):
    """What all that hear have in common."""

    def load(self, folder: Path, *, pipeline: str, dtype: torch.dtype) -> SensingModel:
        return sensing.load(folder, pipeline=pipeline, dtype=dtype)

    def answer(
        self, pipeline: Pipeline, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> list[TextShot]:
        return with_errors(super().answer(pipeline, prompts, scene, on_step), scene.passage)

    def told(self, logarithms: torch.Tensor, question: Question) -> dict[str, float]:
        return surprise(super().told(logarithms, question))


class Transcribing(Hearing):
    """Speech recognition that writes word after word."""

    pipelines: tuple[str, ...] = tuple(
        modeling_auto.MODEL_FOR_SPEECH_SEQ_2_SEQ_MAPPING_NAMES.values()
    )

    def write(
        self, pipeline: Pipeline, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> list[Written]:
        most = min(scene.most_tokens or USUAL_TOKENS, MOST_TOKENS, _room(pipeline))
        said = pipeline.model.generate(
            **_inputs(pipeline, scene.sample, len(prompts)),
            max_new_tokens=most,
            do_sample=False,
            num_beams=1,
            return_dict_in_generate=True,  # with it, Whisper also tells what it began with
            stopping_criteria=[Counting(on_step, most)],
        )
        ends = _ends(pipeline)
        rows = [until_its_end(row, ends, after=1) for row in said["sequences"].tolist()]
        return [Written(pipeline.text(row), row) for row in rows]

    def questions(
        self, pipeline: Pipeline, prompt: str, scene: Scene, written: Written
    ) -> Iterator[Question]:
        first, *rest = written.tokens
        if scene.passage:
            begin = _beginning(pipeline, written.tokens)
            yield Heard(PASSAGE, begin, _as_written(pipeline, scene.passage), scene.sample)
        yield Heard(ANSWER, (first,), tuple(rest), scene.sample)

    def expect(self, pipeline: Pipeline, questions: Sequence[Question]) -> list[torch.Tensor]:
        before, _ = padded([(*one.given, *one.target[:-1]) for one in questions], pipeline)
        inputs = _inputs(pipeline, _sample(questions), len(questions))
        scores = pipeline.model(**inputs, decoder_input_ids=before, use_cache=False).logits
        starts = [len(one.given) - 1 for one in questions]
        return [
            torch.log_softmax(row[start : start + len(one.target)].float(), dim=-1)
            for row, start, one in zip(scores, starts, questions, strict=True)
        ]


class Spelling(Hearing):
    """Speech recognition that names a letter for each moment."""

    pipelines: tuple[str, ...] = tuple(modeling_auto.MODEL_FOR_CTC_MAPPING_NAMES.values())

    def write(
        self, pipeline: Pipeline, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> list[Written]:
        scores = pipeline.model(**_inputs(pipeline, scene.sample, len(prompts))).logits
        on_step(1, 1)
        texts = [text.strip() for text in pipeline.tokenizer.batch_decode(scores.argmax(-1))]
        return [Written(text, tuple(pipeline.tokenizer(text).input_ids)) for text in texts]

    def questions(
        self, pipeline: Pipeline, prompt: str, scene: Scene, written: Written
    ) -> Iterator[Question]:
        yield Heard(ANSWER, (), (), scene.sample)

    def expect(self, pipeline: Pipeline, questions: Sequence[Question]) -> list[torch.Tensor]:
        inputs = _inputs(pipeline, _sample(questions), len(questions))
        return list(torch.log_softmax(pipeline.model(**inputs).logits.float(), dim=-1))


def _inputs(pipeline: SensingModel, sample: str, count: int) -> Inputs:
    """Return a sample sound as the model takes it, so many times."""
    extractor = getattr(pipeline.processor, "feature_extractor", pipeline.processor)
    rate = int(extractor.sampling_rate)
    sound = read_wav(path_of(sample, SOUND)).at(rate)
    told = extractor(sound.samples, sampling_rate=rate, return_tensors="pt")
    return pipeline.rows(told, count)


def _sample(questions: Sequence[Question]) -> str:
    samples = {one.sample for one in questions if isinstance(one, Heard)}
    (sample,) = samples  # one scene's
    return sample


def _room(pipeline: SensingModel) -> int:
    """Return how many tokens the decoder has places for, less those that it begins with."""
    places = getattr(pipeline.model.config, "max_target_positions", None) or MOST_TOKENS
    return max(1, int(places) - 4)


def _beginning(pipeline: SensingModel, tokens: Sequence[int]) -> tuple[int, ...]:
    """Return what a transcript begins with before its first word: its language, its task."""
    special = set(pipeline.tokenizer.all_special_ids)
    words = (place for place, token in enumerate(tokens) if place and token not in special)
    return tuple(tokens[: next(words, 1)])


def _as_written(pipeline: SensingModel, passage: str) -> tuple[int, ...]:
    """Return a passage as the model would write it, with its end."""
    # Whisper writes a space before every word, the first one too.
    text = f" {passage}" if isinstance(pipeline.tokenizer, WhisperTokenizer) else passage
    tokens = pipeline.tokenizer(text, add_special_tokens=False).input_ids[:MOST_PLACES]
    return (*tokens, _ends(pipeline)[0])


def _ends(pipeline: SensingModel) -> tuple[int, ...]:
    told = pipeline.model.generation_config.eos_token_id
    return tuple(told) if isinstance(told, list) else (int(told),)
