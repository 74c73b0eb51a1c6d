"""
Language models that go on from a prompt: Llama, Qwen, Mistral, GPT-2 and whatever writes so.

They write the likeliest token each time, so that nothing but the adapter makes a difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from transformers import GenerationConfig, StoppingCriteria
from transformers.models.auto import modeling_auto

from registry.sweeps.plan import Scene
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
from workers.engine.families.protocol import OnStep
from workers.engine.text_models import TextModel


class Writing(TextFamily):
    """A decoder: what it writes comes after what it is given."""

    pipelines: tuple[str, ...] = tuple(modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values())

    def write(
        self, pipeline: TextModel, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> list[Written]:
        rows, seen = padded([pipeline.prompted(one) for one in prompts], pipeline, on_the_left=True)
        written = generate(pipeline, scene, on_step, input_ids=rows, attention_mask=seen)
        return [_written(pipeline, row[rows.shape[1] :]) for row in written.tolist()]

    def questions(
        self, pipeline: TextModel, prompt: str, scene: Scene, written: Written
    ) -> Iterator[Question]:
        passage = pipeline.tokens(scene.passage, most=MOST_PLACES) if scene.passage else ()
        if len(passage) > 1:
            yield Question(PASSAGE, passage[:1], passage[1:])
        yield Question(ANSWER, pipeline.prompted(prompt), something(pipeline, written))

    def expect(self, pipeline: TextModel, questions: Sequence[Question]) -> list[torch.Tensor]:
        # Gaps are on the right, where no token before them sees them.
        rows, seen = padded([(*one.given, *one.target) for one in questions], pipeline)
        scores = pipeline.model(input_ids=rows, attention_mask=seen, use_cache=False).logits
        starts = [len(one.given) - 1 for one in questions]
        return [
            torch.log_softmax(row[start : start + len(one.target)].float(), dim=-1)
            for row, start, one in zip(scores, starts, questions, strict=True)
        ]


def generate(
    pipeline: TextModel, scene: Scene, on_step: OnStep, **inputs: torch.Tensor
) -> torch.Tensor:
    """Return what the model writes: the likeliest token each time, whatever else it is set to."""
    usual = pipeline.model.generation_config
    most = min(scene.most_tokens or USUAL_TOKENS, MOST_TOKENS)
    config = GenerationConfig(
        max_new_tokens=most,
        do_sample=False,
        num_beams=1,
        bos_token_id=usual.bos_token_id,
        eos_token_id=usual.eos_token_id,
        pad_token_id=pipeline.tokenizer.pad_token_id,
        decoder_start_token_id=getattr(usual, "decoder_start_token_id", None),
    )
    written: torch.Tensor = pipeline.model.generate(
        **inputs, generation_config=config, stopping_criteria=[_Counting(on_step, most)]
    )
    return written


def ended(pipeline: TextModel, tokens: Sequence[int]) -> tuple[int, ...]:
    """Return the tokens up to the first that ends an answer; what follows it is padding."""
    ends = pipeline.model.generation_config.eos_token_id
    stops = {pipeline.tokenizer.pad_token_id, *(ends if isinstance(ends, list) else [ends])}
    kept: list[int] = []
    for token in tokens:
        if token in stops:
            return (*kept, token) if token != pipeline.tokenizer.pad_token_id else tuple(kept)
        kept.append(token)
    return tuple(kept)


def something(pipeline: TextModel, written: Written) -> tuple[int, ...]:
    """Return what was written, or its end alone: every prompt has something to be expected."""
    return written.tokens or (pipeline.tokenizer.pad_token_id or 0,)


def _written(pipeline: TextModel, tokens: Sequence[int]) -> Written:
    answer = ended(pipeline, tokens)
    return Written(pipeline.text(answer), answer)


class _Counting(StoppingCriteria):
    """Says how far writing is, and never stops it."""

    def __init__(self, on_step: OnStep, most: int) -> None:
        self._on_step = on_step
        self._most = most
        self._done = 0

    def __call__(self, input_ids: torch.Tensor, scores: Any, **_: Any) -> Any:
        self._done += 1
        self._on_step(self._done, self._most)
        return torch.zeros(len(input_ids), dtype=torch.bool, device=input_ids.device)
