"""
A model of transformers that reads or writes text: itself, its tokenizer, and what it expected.

What it did by itself is kept with it for as long as it is loaded, so that whatever adapter comes
next is measured against the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
import transformers

from workers.engine.models_alone import ModelAlone, model_class

MOST_KEPT = 64  # prompts whose answer is kept
MOST_PROMPT = 1024  # tokens; a longer prompt loses its beginning


class TextModel(ModelAlone):
    """A model with its tokenizer. `kept` is what its family notes of it, by prompt and scene."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        super().__init__(model)
        self.tokenizer = tokenizer
        self.kept: OrderedDict[Any, Any] = OrderedDict()

    @property
    def device(self) -> torch.device:
        place: torch.device = self.model.device
        return place

    def keep(self, key: Any, value: Any) -> None:
        self.kept[key] = value
        while len(self.kept) > MOST_KEPT:
            self.kept.popitem(last=False)

    def tokens(self, text: str, *, most: int = MOST_PROMPT) -> tuple[int, ...]:
        """Return a text as the model reads it, with what it puts before and after."""
        return tuple(self.tokenizer(text).input_ids[:most])

    def prompted(self, prompt: str) -> tuple[int, ...]:
        """Return a prompt as tokens: in a base that chats, as what its user says."""
        if not self.tokenizer.chat_template:
            return self.tokens(prompt)[-MOST_PROMPT:]
        told = self.tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True
        )
        return tuple(self.tokenizer(told, add_special_tokens=False).input_ids[-MOST_PROMPT:])

    def text(self, tokens: Iterator[int] | list[int] | tuple[int, ...]) -> str:
        decoded: str = self.tokenizer.decode(list(tokens), skip_special_tokens=True)
        return decoded.strip()


def load(folder: Path, *, pipeline: str, dtype: torch.dtype) -> TextModel:
    """
    Return the model whose class is called `pipeline`, with its tokenizer.

    :raises NoModel: if transformers has no such class
    """
    model = load_model(folder, pipeline=pipeline, dtype=dtype)
    tokenizer = transformers.AutoTokenizer.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False
    )
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
    return TextModel(model, tokenizer)


def load_model(folder: Path, *, pipeline: str, dtype: torch.dtype) -> Any:
    """
    Return the model whose class is called `pipeline`, from safetensors files alone.

    :raises NoModel: if transformers has no such class
    """
    kind = model_class(pipeline)
    config = kind.config_class.from_pretrained(folder, local_files_only=True)
    model: Any = kind.from_pretrained(
        folder,
        config=config,
        dtype=_dtype(config, dtype),
        local_files_only=True,
        use_safetensors=True,
    )
    return model.eval().requires_grad_(False)  # noqa: FBT003


def _dtype(config: Any, dtype: torch.dtype) -> torch.dtype:
    """Return the half precision that a base was made for: most overflow in float16."""
    if dtype == torch.float16 and config.dtype not in {torch.float16, "float16"}:
        return torch.bfloat16
    return dtype
