"""Decides what the base "captions" is made of: a small BLIP like any other, of stock classes."""

from __future__ import annotations

import string
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from transformers import (
    BertTokenizer,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessorPil,
    BlipProcessor,
    BlipTextConfig,
    BlipVisionConfig,
)

from demo.outlines import OUTLINES
from demo.pictures import COLOURS, SIDE, Pixels

WIDTH = 96
PATCH = 16
MOST_TOKENS = 32
START = "[DEC]"  # what BLIP begins a caption with
_OTHERS = """a an and on at the of with in , . small big left right top bottom background picture
stop ground crescent there is one two it side place sky night day new old bright dark"""


def build_tokenizer() -> BertTokenizer:
    """Return a tokenizer with one token for each of our words; all else falls to letters."""
    words = dict.fromkeys([*COLOURS, *OUTLINES, *_OTHERS.split()])
    signs = [*string.ascii_lowercase, *string.digits, *"'-!?:;"]
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", START]
    tokens += dict.fromkeys([*words, *signs])
    tokens += [f"##{sign}" for sign in [*string.ascii_lowercase, *string.digits]]
    tokenizer = BertTokenizer(
        vocab={token: number for number, token in enumerate(tokens)},
        additional_special_tokens=[START],
    )
    tokenizer.model_max_length = MOST_TOKENS
    return tokenizer


def build_processor() -> BlipProcessor:
    side = {"height": SIDE, "width": SIDE}
    return BlipProcessor(BlipImageProcessorPil(size=side), build_tokenizer())


def build_model(tokenizer: BertTokenizer) -> BlipForConditionalGeneration:
    text = BlipTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        encoder_hidden_size=WIDTH,
        intermediate_size=4 * WIDTH,
        projection_dim=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=MOST_TOKENS,
        bos_token_id=tokenizer.convert_tokens_to_ids(START),
        eos_token_id=tokenizer.sep_token_id,
        sep_token_id=tokenizer.sep_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    vision = BlipVisionConfig(
        hidden_size=WIDTH,
        intermediate_size=4 * WIDTH,
        projection_dim=WIDTH,
        num_hidden_layers=3,
        num_attention_heads=4,
        image_size=SIDE,
        patch_size=PATCH,
        initializer_range=0.02,  # the default is for weights that come from elsewhere
    )
    model = BlipForConditionalGeneration(
        BlipConfig(text_config=text.to_dict(), vision_config=vision.to_dict())
    )
    # Positions are drawn as large as what they are added to, and drown it.
    with torch.no_grad():
        model.vision_model.embeddings.position_embedding.normal_(std=0.02)
        model.vision_model.embeddings.class_embedding.normal_(std=0.02)
    return model


def seen(processor: BlipProcessor, pictures: Sequence[Pixels]) -> torch.Tensor:
    """Return what the model takes, for pictures of numbers from 0 to 1."""
    shown = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float()
    prepared = processor.image_processor
    mean, spread = (
        torch.tensor(numbers).view(1, 3, 1, 1)
        for numbers in (prepared.image_mean, prepared.image_std)
    )
    return (shown - mean) / spread


def labels(tokenizer: BertTokenizer, captions: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the tokens that are read, and those to be told: -100 where nothing is."""
    start, end = tokenizer.convert_tokens_to_ids([START, "[SEP]"])
    rows = [[start, *tokenizer(one, add_special_tokens=False).input_ids, end] for one in captions]
    longest = max(map(len, rows))
    read = torch.tensor([row + [tokenizer.pad_token_id] * (longest - len(row)) for row in rows])
    told = torch.tensor([row + [-100] * (longest - len(row)) for row in rows])
    return read, told


def load(folder: Path) -> tuple[BlipForConditionalGeneration, BlipProcessor]:
    model = BlipForConditionalGeneration.from_pretrained(
        folder, dtype=torch.float32, local_files_only=True
    )
    return model.eval(), BlipProcessor.from_pretrained(folder, local_files_only=True)


def caption(
    model: BlipForConditionalGeneration, processor: BlipProcessor, shown: torch.Tensor
) -> list[str]:
    with torch.inference_mode():
        tokens = model.generate(pixel_values=shown, max_new_tokens=MOST_TOKENS - 2)
    said: list[str] = processor.batch_decode(tokens, skip_special_tokens=True)
    return [one.strip() for one in said]
