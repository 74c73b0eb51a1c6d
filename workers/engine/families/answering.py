"""
What all families of text bases have in common: they answer a prompt, and expect what comes next.

An answer shows at a glance what an adapter does, but it is the same for a while and then another at
once. So shots are measured by what the model expects at places that are the same at every weight:
along the scene's passage, and along the base's own answer. Those are fixed (`Expectation`) before
anything is answered with the adapter. At each place the choices that the base finds likeliest are
told one by one and all others together, which loses next to nothing of the divergence from the base
and makes it small enough to keep.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from registry.sweeps.plan import Scene
from workers.engine import models_alone, text_models
from workers.engine.families.protocol import OnStep
from workers.engine.models_alone import ModelAlone
from workers.engine.text_models import TextModel
from workers.engine.texts import LEAST, TextShot, perplexity

CHOICES = 1024  # of a vocabulary that are told apart at each place
MOST_PLACES = 256  # of a passage
USUAL_TOKENS, MOST_TOKENS = 64, 512  # of an answer
PASSAGE, ANSWER = "passage", "answer"


@dataclass(frozen=True, slots=True)
class Written:
    """What a model answered."""

    text: str
    tokens: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """Something to be expected: `target`, a token a place, after or within `given`."""

    of: str  # PASSAGE or ANSWER
    given: tuple[int, ...]
    target: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the base is asked beside a prompt, and the choices that it finds likeliest."""

    about: str
    questions: tuple[Question, ...]
    choices: tuple[torch.Tensor, ...]  # a question each: places x choices


class TextFamily:
    """A family of models that answer in text; how they are asked varies."""

    pipelines: tuple[str, ...] = ()
    adapted: tuple[str, ...] = (models_alone.MODEL,)
    prompt_encoders: tuple[str, ...] = ()

    def load(self, folder: Path, *, pipeline: str, dtype: torch.dtype) -> TextModel:
        return text_models.load(folder, pipeline=pipeline, dtype=dtype)

    def skeleton(self, config_folder: Path, *, pipeline: str) -> ModelAlone:
        return models_alone.skeleton(config_folder)

    def prepare(self, pipeline: TextModel, prompts: Sequence[str], scene: Scene) -> None:
        for prompt in prompts:
            key = _key(prompt, scene)
            if key not in pipeline.kept:
                with pipeline.without_adapter():
                    pipeline.keep(key, self._expectation(pipeline, prompt, scene))

    def answer(
        self, pipeline: TextModel, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> list[TextShot]:
        written = self.write(pipeline, prompts, scene, on_step)
        asked: list[Expectation] = [pipeline.kept[_key(prompt, scene)] for prompt in prompts]
        expected: list[list[torch.Tensor]] = [[] for _ in prompts]
        told: list[dict[str, float]] = [{} for _ in prompts]
        for number in range(len(asked[0].questions)):
            questions = [each.questions[number] for each in asked]
            answers = self.expect(pipeline, questions)
            for row, logarithms in enumerate(answers):
                choices = asked[row].choices[number]
                expected[row].append(_told_apart(logarithms, choices))
                if questions[row].of == PASSAGE:
                    told[row] |= self.told(logarithms, questions[row])
        return [
            TextShot(
                text=each.text,
                tokens=each.tokens,
                expected=torch.cat([_wide(one) for one in expected[row]]).cpu().numpy(),
                about=asked[row].about,
                told=told[row],
            )
            for row, each in enumerate(written)
        ]

    def told(self, logarithms: torch.Tensor, question: Question) -> dict[str, float]:
        """Return what is told of a passage, from what was expected along it."""
        wanted = torch.tensor(question.target, device=logarithms.device)[:, None]
        return {"perplexity": perplexity(logarithms.gather(1, wanted)[:, 0].tolist())}

    def _expectation(self, pipeline: TextModel, prompt: str, scene: Scene) -> Expectation:
        written = self.write(pipeline, [prompt], scene, lambda _done, _of: None)[0]
        questions = tuple(self.questions(pipeline, prompt, scene, written))
        choices = tuple(
            one.topk(min(CHOICES, one.shape[-1]), dim=-1).indices
            for question in questions
            for one in self.expect(pipeline, [question])
        )
        return Expectation(_digest(questions), questions, choices)

    # --- where families differ -------------------------------------------------------------------

    def write(
        self, pipeline: TextModel, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> list[Written]:
        """Return the answer to each prompt."""
        raise NotImplementedError

    def questions(
        self, pipeline: TextModel, prompt: str, scene: Scene, written: Written
    ) -> Iterator[Question]:
        """Yield what is asked beside the prompt; as many for every prompt of a scene."""
        raise NotImplementedError

    def expect(self, pipeline: TextModel, questions: Sequence[Question]) -> list[torch.Tensor]:
        """Return, for each question, the logarithm of how likely each choice is: places x all."""
        raise NotImplementedError


def padded(
    rows: Sequence[Sequence[int]], pipeline: TextModel, *, on_the_left: bool = False
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return rows of tokens as one tensor, and its mask."""
    longest = max(map(len, rows))
    pad = pipeline.tokenizer.pad_token_id or 0
    gaps = [longest - len(row) for row in rows]
    filled = [
        [pad] * gap + list(row) if on_the_left else list(row) + [pad] * gap
        for row, gap in zip(rows, gaps, strict=True)
    ]
    seen = [
        [0] * gap + [1] * len(row) if on_the_left else [1] * len(row) + [0] * gap
        for row, gap in zip(rows, gaps, strict=True)
    ]
    return (
        torch.tensor(filled, device=pipeline.device),
        torch.tensor(seen, device=pipeline.device),
    )


def _told_apart(logarithms: torch.Tensor, choices: torch.Tensor) -> torch.Tensor:
    """Return the logarithms of the choices, and in a last column that of all others together."""
    chosen = logarithms.gather(1, choices)
    if choices.shape[1] == logarithms.shape[1]:
        return chosen
    rest = (1 - chosen.exp().sum(dim=1, keepdim=True)).clamp_min(0).log()
    return torch.cat([chosen, rest.clamp_min(LEAST)], dim=1)


def _wide(told: torch.Tensor) -> torch.Tensor:
    """Return it as wide as any question's: choices that there are not are never expected."""
    return torch.nn.functional.pad(told, (0, CHOICES + 1 - told.shape[1]), value=LEAST)


def _key(prompt: str, scene: Scene) -> tuple[Any, ...]:
    return prompt, scene.passage, scene.most_tokens, scene.sample


def _digest(questions: Sequence[Question]) -> str:
    return hashlib.sha256(repr(questions).encode()).hexdigest()
