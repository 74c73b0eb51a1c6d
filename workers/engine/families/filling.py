"""Encoders that fill what is left out of a text: BERT, RoBERTa and their like."""

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
from workers.engine.text_models import TextModel

HOLE = "{mask}"  # in a prompt, where something is to be filled in; at its end, if nowhere
SHOWN = 5  # fillings
EVERY = 7  # of a passage's tokens, the one that is left out


class Filling(TextFamily):
    """The answer is what is likeliest in the hole; the passage has holes at regular places."""

    pipelines: tuple[str, ...] = tuple(
        dict.fromkeys(
            (
                *modeling_auto.MODEL_FOR_MASKED_LM_MAPPING_NAMES.values(),
                "BertForPreTraining",
            )
        )
    )

    def write(
        self, pipeline: TextModel, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> list[Written]:
        questions = [_holed(pipeline, prompt) for prompt in prompts]
        expected = self.expect(pipeline, questions)
        on_step(1, 1)
        return [_filled(pipeline, one) for one in expected]

    def questions(
        self, pipeline: TextModel, prompt: str, scene: Scene, written: Written
    ) -> Iterator[Question]:
        passage = pipeline.tokens(scene.passage, most=MOST_PLACES) if scene.passage else ()
        places = range(EVERY, len(passage) - 1, EVERY)
        if places:
            hole = pipeline.tokenizer.mask_token_id
            given = [hole if place in places else one for place, one in enumerate(passage)]
            yield Question(PASSAGE, tuple(given), tuple(passage[place] for place in places))
        yield _holed(pipeline, prompt)

    def expect(self, pipeline: TextModel, questions: Sequence[Question]) -> list[torch.Tensor]:
        rows, seen = padded([one.given for one in questions], pipeline)
        answer = pipeline.model(input_ids=rows, attention_mask=seen)
        scores = getattr(answer, "logits", None)
        if scores is None:
            scores = answer.prediction_logits  # of a model that still has all that it learned by
        holes = rows == pipeline.tokenizer.mask_token_id
        return [
            torch.log_softmax(row[hole].float(), dim=-1)
            for row, hole in zip(scores, holes, strict=True)
        ]


def _holed(pipeline: TextModel, prompt: str) -> Question:
    mask = pipeline.tokenizer.mask_token
    text = prompt.replace(HOLE, mask)
    tokens = pipeline.tokens(text if mask in text else f"{text} {mask}")
    return Question(ANSWER, tokens, ())


def _filled(pipeline: TextModel, expected: torch.Tensor) -> Written:
    """Return the likeliest fillings of each hole, a line each, with how likely they are."""
    likeliest = expected.topk(min(SHOWN, expected.shape[-1]), dim=-1)
    lines = [
        ", ".join(
            f"{pipeline.text([token])} {chance:.2f}"
            for token, chance in zip(tokens, chances, strict=True)
        )
        for tokens, chances in zip(
            likeliest.indices.tolist(), likeliest.values.exp().tolist(), strict=True
        )
    ]
    return Written("\n".join(lines), tuple(likeliest.indices[:, 0].tolist()))
