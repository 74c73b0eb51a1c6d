"""
A model of transformers that hears, sees or sounds: itself, and what makes its inputs.

What makes them is the base's own processor, loaded from where the base lies and from nowhere else;
code that lies with a base is not run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import transformers

from workers.engine import text_models
from workers.engine.text_models import TextModel

Inputs = dict[str, torch.Tensor]


class SensingModel(TextModel):
    """A model with its processor, whose tokenizer is the model's."""

    def __init__(self, model: Any, processor: Any) -> None:
        super().__init__(model, getattr(processor, "tokenizer", processor))
        self.processor = processor

    def rows(self, told: Any, count: int) -> Inputs:
        """
        Return the inputs of one sample so many times, on the model's device.

        Whatever a processor makes for one sample is made for the next one behind it, be it a row or
        many.
        """
        inputs = {}
        for name, tensor in dict(told).items():
            one = torch.as_tensor(tensor).to(self.device)
            one = one.to(self.model.dtype) if one.is_floating_point() else one
            inputs[name] = one.repeat(count, *[1] * (one.ndim - 1))
        return inputs


def load(folder: Path, *, pipeline: str, dtype: torch.dtype) -> SensingModel:
    """
    Return the model whose class is called `pipeline`, from safetensors files alone.

    :raises NoModel: if transformers has no such class
    """
    model = text_models.load_model(folder, pipeline=pipeline, dtype=dtype)
    processor: Any = transformers.AutoProcessor.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False
    )
    return SensingModel(model, processor)
