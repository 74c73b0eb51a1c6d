"""Models that say what a text is: sentiment, topic, yes or no."""

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

SHOWN = 8  # labels
EACH_BY_ITSELF = "multi_label_classification"


class Sorting(TextFamily):
    """The answer is the labels with how likely they are; a passage is another text to be sorted."""

    pipelines: tuple[str, ...] = tuple(
        modeling_auto.MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES.values()
    )

    def write(
        self, pipeline: TextModel, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> list[Written]:
        questions = [Question(ANSWER, pipeline.tokens(prompt), ()) for prompt in prompts]
        expected = self.expect(pipeline, questions)
        on_step(1, 1)
        return [Written(_labelled(pipeline, one)) for one in expected]

    def questions(
        self, pipeline: TextModel, prompt: str, scene: Scene, written: Written
    ) -> Iterator[Question]:
        yield Question(ANSWER, pipeline.tokens(prompt), ())
        if scene.passage:
            yield Question(PASSAGE, pipeline.tokens(scene.passage, most=MOST_PLACES), ())

    def told(self, logarithms: torch.Tensor, question: Question) -> dict[str, float]:
        # A passage is not written by a model that sorts, so nothing of it is more or less likely.
        return {}

    def expect(self, pipeline: TextModel, questions: Sequence[Question]) -> list[torch.Tensor]:
        rows, seen = padded([one.given for one in questions], pipeline)
        scores = pipeline.model(input_ids=rows, attention_mask=seen).logits.float()
        if _is_one_of(pipeline):
            return list(torch.log_softmax(scores, dim=-1)[:, None])
        # Each label is true or not: a place each, with two choices.
        yes, no = torch.nn.functional.logsigmoid(scores), torch.nn.functional.logsigmoid(-scores)
        return list(torch.stack([yes, no], dim=-1))


def _is_one_of(pipeline: TextModel) -> bool:
    config = pipeline.model.config
    return config.num_labels > 1 and config.problem_type != EACH_BY_ITSELF


def _labelled(pipeline: TextModel, expected: torch.Tensor) -> str:
    chances = (expected[0] if _is_one_of(pipeline) else expected[:, 0]).exp()
    likeliest = chances.topk(min(SHOWN, len(chances)))
    names = pipeline.model.config.id2label
    return "\n".join(
        f"{names.get(label, label)} {chance:.2f}"
        for chance, label in zip(likeliest.values.tolist(), likeliest.indices.tolist(), strict=True)
    )
