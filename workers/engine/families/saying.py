"""
What families that hear, see and sound have in common: how an answer is counted, cut and judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from transformers import StoppingCriteria

from workers.engine.families.protocol import NotByRow, OnStep
from workers.engine.texts import TextShot


def shared(prompts: Sequence[str]) -> str:
    """
    Return the prompt of all samples of a batch.

    :raises NotByRow: if there are several, whose inputs differ in length
    """
    if len(set(prompts)) != 1:
        raise NotByRow("Its prompts differ, and their inputs do not make one batch.")
    return prompts[0]


class Counting(StoppingCriteria):
    """Says how far an answer is, and never stops it."""

    def __init__(self, on_step: OnStep, most: int) -> None:
        self._on_step = on_step
        self._most = most
        self._done = 0

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> Any:
        self._done += 1
        self._on_step(min(self._done, self._most), self._most)
        return torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)


def until_its_end(tokens: Sequence[int], ends: Sequence[int], *, after: int = 0) -> tuple[int, ...]:
    """Return tokens up to the first, from place `after` on, that ends an answer."""
    places = (at for at in range(after, len(tokens)) if tokens[at] in ends)
    return tuple(tokens[: next(places, len(tokens)) + 1])


def with_errors(shots: Sequence[TextShot], meant: str) -> list[TextShot]:
    """Return the shots, each telling its `error`, words wrong a word, if `meant` is known."""
    if not meant:
        return list(shots)
    return [
        replace(shot, told={**shot.told, "error": word_errors(shot.text, meant)}) for shot in shots
    ]


def surprise(told: Mapping[str, float]) -> dict[str, float]:
    """
    Return the perplexity of a passage under another name.

    Of what writes freely it is a sign of damage. Here the passage is what is right to say, and an
    adapter may well be there to have it said otherwise.
    """
    return {"surprise": told["perplexity"]}


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text as they are compared: in lower case, without signs around them."""
    for word in text.lower().split():
        bare = word.strip(".,;:!?\"'()[]")
        if bare:
            yield bare


def word_errors(said: str, meant: str) -> float:
    """Return how many words must be put in, left out or changed, a word that was meant."""
    one, other = list(words_of(said)), list(words_of(meant))
    before = list(range(len(other) + 1))
    for row, word in enumerate(one, start=1):
        now = [row]
        for column, right in enumerate(other, start=1):
            changed = before[column - 1] + (word != right)
            now.append(min(changed, before[column] + 1, now[-1] + 1))
        before = now
    return before[-1] / max(1, len(other))
