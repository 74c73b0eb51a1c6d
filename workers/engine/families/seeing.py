"""
Models that see: a sample picture goes in, and words about it come out.

BLIP says what is on it; LLaVA, Qwen-VL and their like are asked by the scene's prompt. What should
be said is the scene's passage, if it has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch.nn import functional
from transformers.models.auto import modeling_auto

from registry.bases.samples import PICTURE, path_of
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
)
from workers.engine.families.protocol import OnStep, Pipeline
from workers.engine.families.saying import Counting, shared, surprise, until_its_end, with_errors
from workers.engine.sensing import Inputs, SensingModel
from workers.engine.texts import TextShot

USUAL_QUESTION = "Describe this picture."  # to what chats, where a scene has no prompt


@dataclass(frozen=True, slots=True)
class Seen(Question):
    """A question about a picture, and the prompt beside it."""

    sample: str = ""
    prompt: str = ""


class Seeing(TextFamily):
    """Models that answer a prompt about a picture."""

    pipelines: tuple[str, ...] = tuple(
        dict.fromkeys(modeling_auto.MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES.values())
    )

    def load(self, folder: Path, *, pipeline: str, dtype: torch.dtype) -> SensingModel:
        return sensing.load(folder, pipeline=pipeline, dtype=dtype)

    def answer(
        self, pipeline: Pipeline, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> list[TextShot]:
        return with_errors(super().answer(pipeline, prompts, scene, on_step), scene.passage)

    def told(self, logarithms: torch.Tensor, question: Question) -> dict[str, float]:
        return surprise(super().told(logarithms, question))

    def write(
        self, pipeline: Pipeline, prompts: Sequence[str], scene: Scene, on_step: OnStep
    ) -> list[Written]:
        inputs = self.inputs(pipeline, scene.sample, shared(prompts), len(prompts))
        given = self.given(pipeline, inputs)
        most = min(scene.most_tokens or USUAL_TOKENS, MOST_TOKENS, _room(pipeline, given))
        said = pipeline.model.generate(
            **inputs,
            max_new_tokens=most,
            do_sample=False,
            num_beams=1,
            stopping_criteria=[Counting(on_step, most)],
        )
        ends = self.ends(pipeline)
        rows = [until_its_end(_after(given, row), ends) for row in said.tolist()]
        return [Written(pipeline.text(row), row) for row in rows]

    def questions(
        self, pipeline: Pipeline, prompt: str, scene: Scene, written: Written
    ) -> Iterator[Question]:
        given = self.given(pipeline, self.inputs(pipeline, scene.sample, prompt, 1))
        if scene.passage:
            tokens = pipeline.tokenizer(scene.passage, add_special_tokens=False).input_ids
            passage = (*tokens[:MOST_PLACES], self.ends(pipeline)[0])
            yield Seen(PASSAGE, given, passage, scene.sample, prompt)
        if written.tokens:
            yield Seen(ANSWER, given, written.tokens, scene.sample, prompt)

    def expect(self, pipeline: Pipeline, questions: Sequence[Question]) -> list[torch.Tensor]:
        one, *others = questions
        if not isinstance(one, Seen) or any(other != one for other in others):
            raise ValueError("A model that sees is asked one question at a time, of one picture.")
        inputs = self.inputs(pipeline, one.sample, one.prompt, len(questions))
        tokens = torch.tensor([*one.given, *one.target[:-1]], device=pipeline.device)
        rows = tokens.expand(len(questions), -1)
        scores = pipeline.model(**self.following(pipeline, inputs, rows)).logits
        start = len(one.given) - 1
        return [
            torch.log_softmax(row[start : start + len(one.target)].float(), dim=-1)
            for row in scores
        ]

    # --- where these models differ ---------------------------------------------------------------

    def inputs(self, pipeline: SensingModel, sample: str, prompt: str, count: int) -> Inputs:
        """Return the picture and the prompt as the model takes them, so many times."""
        with Image.open(path_of(sample, PICTURE)) as picture:
            told = pipeline.processor(
                images=[picture.convert("RGB")],
                text=[self.asked(pipeline, prompt)],
                return_tensors="pt",
            )
        return pipeline.rows(told, count)

    def asked(self, pipeline: SensingModel, prompt: str) -> str:
        """Return the prompt with the picture's place in it, as what a user says in a chat."""
        processor = pipeline.processor
        if getattr(processor, "chat_template", None):
            question = {"type": "text", "text": prompt or USUAL_QUESTION}
            turn = {"role": "user", "content": [{"type": "image"}, question]}
            asked: str = processor.apply_chat_template([turn], add_generation_prompt=True)
            return asked
        mark = getattr(processor, "image_token", "")
        return prompt if not mark or mark in prompt else f"{mark}\n{prompt}"

    def given(self, pipeline: SensingModel, inputs: Inputs) -> tuple[int, ...]:
        """Return the tokens that the answer comes after."""
        if pipeline.model.config.is_encoder_decoder:
            told = pipeline.model.generation_config.decoder_start_token_id
            return (int(told if told is not None else pipeline.tokenizer.pad_token_id),)
        return tuple(inputs["input_ids"][0].tolist())

    def ends(self, pipeline: SensingModel) -> tuple[int, ...]:
        """Return the tokens that end an answer."""
        told = pipeline.model.generation_config.eos_token_id
        told = pipeline.tokenizer.eos_token_id if told is None else told
        return tuple(told) if isinstance(told, list) else (int(told),)

    def following(self, pipeline: SensingModel, inputs: Inputs, rows: torch.Tensor) -> Inputs:
        """Return what the model is given to say what it expects at each place of `rows`."""
        if pipeline.model.config.is_encoder_decoder:
            return {**inputs, "decoder_input_ids": rows}
        shape, more = inputs["input_ids"].shape, rows.shape[1] - inputs["input_ids"].shape[1]
        longer = {
            # Marks of each token (seen, of which kind) go on; what follows the prompt is plain.
            name: functional.pad(one, (0, more), value=int(name == "attention_mask"))
            for name, one in inputs.items()
            if one.shape == shape
        }
        return {**inputs, **longer, "input_ids": rows}


class Captioning(Seeing):
    """BLIP, which says what is on a picture; a prompt is the beginning of what it says."""

    pipelines: tuple[str, ...] = ("BlipForConditionalGeneration",)

    def inputs(self, pipeline: SensingModel, sample: str, prompt: str, count: int) -> Inputs:
        told: dict[str, Any] = {"text": [prompt]} if prompt else {}
        with Image.open(path_of(sample, PICTURE)) as picture:
            shown = [picture.convert("RGB")]
            made = pipeline.processor(images=shown, return_tensors="pt", **told)
        return pipeline.rows(made, count)

    def given(self, pipeline: SensingModel, inputs: Inputs) -> tuple[int, ...]:
        start = int(pipeline.model.config.text_config.bos_token_id)
        # In the place of the first token; and what ends a text is left out.
        prompt = inputs["input_ids"][0].tolist()[1:-1] if "input_ids" in inputs else []
        return (start, *prompt)

    def ends(self, pipeline: SensingModel) -> tuple[int, ...]:
        return (int(pipeline.model.config.text_config.sep_token_id),)

    def following(self, pipeline: SensingModel, inputs: Inputs, rows: torch.Tensor) -> Inputs:
        seen = torch.ones_like(rows)
        return {**inputs, "input_ids": rows, "attention_mask": seen}


def _after(given: Sequence[int], row: list[int]) -> list[int]:
    """Return what was said; most models say again what they were given."""
    return row[len(given) :] if tuple(row[: len(given)]) == tuple(given) else row


def _room(pipeline: SensingModel, given: Sequence[int]) -> int:
    """Return how many tokens there are places for after those that were given."""
    config = pipeline.model.config.get_text_config(decoder=True)
    places = getattr(config, "max_position_embeddings", None) or MOST_TOKENS
    return max(1, int(places) - len(given) - 1)
