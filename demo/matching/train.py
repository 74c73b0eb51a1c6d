"""
Trains a small CLIP on pictures drawn as it goes, and says how often it finds the right caption.

    python -m demo.matching.train --minutes 20 --output demo/matching/clip

It is of stock classes (CLIPModel, CLIPTokenizer, CLIPImageProcessor), so that the worker scores the
demo base's pictures as it would score those of a full-size base.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPProcessor, CLIPTokenizer

from demo import clockwork
from demo.captions import add_nonsense, describe
from demo.freezing import freeze
from demo.pictures import SIDE, Picture, Pixels, compose
from demo.styles import draw

logger = logging.getLogger(__name__)

TOKENIZER = Path(__file__).parent.parent / "base" / "tokenizer"
MOST_TOKENS = 40
WIDTH = 96
PATCH = 12
BATCH = 64
TRIED = 256  # pictures, each held against the captions of all others


def build_processor() -> CLIPProcessor:
    side = {"height": SIDE, "width": SIDE}
    images = CLIPImageProcessorPil(size={"shortest_edge": SIDE}, crop_size=side)
    return CLIPProcessor(images, CLIPTokenizer.from_pretrained(TOKENIZER, local_files_only=True))


def build_model(tokenizer: CLIPTokenizer) -> CLIPModel:
    tower = {"hidden_size": WIDTH, "intermediate_size": 4 * WIDTH, "num_attention_heads": 4}
    words = {
        "vocab_size": len(tokenizer),
        "max_position_embeddings": MOST_TOKENS,
        "num_hidden_layers": 2,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    seen = {"image_size": SIDE, "patch_size": PATCH, "num_hidden_layers": 3}
    return CLIPModel(
        CLIPConfig(text_config=tower | words, vision_config=tower | seen, projection_dim=WIDTH)
    )


def seen(processor: CLIPProcessor, pictures: list[Pixels]) -> Tensor:
    """Return what the model takes, for pictures of numbers from 0 to 1."""
    shown = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float()
    prepared = processor.image_processor
    mean, spread = (
        torch.tensor(numbers).view(1, 3, 1, 1)
        for numbers in (prepared.image_mean, prepared.image_std)
    )
    return (shown - mean) / spread


def read(processor: CLIPProcessor, captions: list[str]) -> dict[str, Tensor]:
    told = processor.tokenizer(
        captions, padding=True, truncation=True, max_length=MOST_TOKENS, return_tensors="pt"
    )
    return {"input_ids": told["input_ids"], "attention_mask": told["attention_mask"]}


def captioned(pictures: list[Picture], random: np.random.Generator) -> list[str]:
    return [add_nonsense(describe(one, random), random) for one in pictures]


def share_found(model: CLIPModel, processor: CLIPProcessor, random: np.random.Generator) -> float:
    """Return the share of pictures that are nearer to their own caption than to any other."""
    model.eval()
    pictures = [compose(random) for _ in range(TRIED)]
    captions = [describe(one, random) for one in pictures]
    with torch.inference_mode():
        found = model(
            pixel_values=seen(processor, [draw(one) for one in pictures]),
            **read(processor, captions),
        ).logits_per_image
    return float((found.argmax(dim=1) == torch.arange(TRIED)).float().mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    processor = build_processor()
    model = build_model(processor.tokenizer)

    def loss() -> Tensor:
        model.train()
        pictures = [compose(random) for _ in range(BATCH)]
        told: Tensor = model(
            pixel_values=seen(processor, [draw(one) for one in pictures]),
            **read(processor, captioned(pictures, random)),
            return_loss=True,
        ).loss
        return told

    steps = clockwork.train(model.parameters(), loss, minutes=options.minutes, rate=options.rate)
    found = share_found(model, processor, np.random.default_rng((options.seed, 1)))
    logger.info(
        "%d steps of %d pictures; %.3f find their own of %d captions", steps, BATCH, found, TRIED
    )
    freeze(model, processor, options.output)


if __name__ == "__main__":
    main()
