"""Encoders with a decoder that turn one text into another: T5 and its like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from transformers.models.auto import modeling_auto

from registry.sweeps.plan import Scene
from workers.engine.families.answering import (
    ANSWER,
    MOST_PLACES,
    PASSAGE,
    Question,
    TextFamily,
    Written,
    padded,
)
from workers.engine.families.protocol import OnStep
from workers.engine.families.writing import ended, generate, something
from workers.engine.text_models import TextModel


class Rewriting(TextFamily):
    """The prompt is read whole, and the answer begins anew; the passage is an answer to it."""

    pipelines: tuple[str, ...] = tuple(
        modeling_auto.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES.values()
    )

    def write(
        self, pipeline: TextModel, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> list[Written]:
        rows, seen = padded([pipeline.tokens(one) for one in prompts], pipeline)
        answers = generate(pipeline, scene, on_step, input_ids=rows, attention_mask=seen)
        # The first token only starts the decoder.
        kept = [ended(pipeline, row[1:]) for row in answers.tolist()]
        return [Written(pipeline.text(one), one) for one in kept]

    def questions(
        self, pipeline: TextModel, prompt: str, scene: Scene, written: Written
    ) -> Iterator[Question]:
        given = pipeline.tokens(prompt)
        if scene.passage:
            yield Question(PASSAGE, given, pipeline.tokens(scene.passage, most=MOST_PLACES))
        yield Question(ANSWER, given, something(pipeline, written))

    def expect(self, pipeline: TextModel, questions: Sequence[Question]) -> list[torch.Tensor]:
        rows, seen = padded([one.given for one in questions], pipeline)
        start = _start(pipeline)
        before, _ = padded([(start, *one.target[:-1]) for one in questions], pipeline)
        scores = pipeline.model(
            input_ids=rows, attention_mask=seen, decoder_input_ids=before, use_cache=False
        ).logits
        return [
            torch.log_softmax(row[: len(one.target)].float(), dim=-1)
            for row, one in zip(scores, questions, strict=True)
        ]


def _start(pipeline: TextModel) -> int:
    told = pipeline.model.generation_config.decoder_start_token_id
    if told is None:
        told = pipeline.model.config.decoder_start_token_id
    return int(told if told is not None else pipeline.tokenizer.pad_token_id)
