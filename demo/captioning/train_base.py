"""
Trains the base "captions" on pictures drawn as it goes, and says how often it is right.

    python -m demo.captioning.train_base --minutes 25 --output demo/bases/captions
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from transformers import BlipForConditionalGeneration, BlipProcessor

from demo import clockwork
from demo.captioning.base import build_model, build_processor, caption, labels, load, seen
from demo.captioning.sentences import compose, plainly
from demo.freezing import freeze
from demo.pictures import Picture, Pixels
from demo.styles import draw

logger = logging.getLogger(__name__)

BATCH = 48
TRIED = 400


def loss_on(
    model: BlipForConditionalGeneration,
    processor: BlipProcessor,
    shown: list[Pixels],
    captions: list[str],
) -> Tensor:
    read, told = labels(processor.tokenizer, captions)
    loss: Tensor = model(
        pixel_values=seen(processor, shown),
        input_ids=read,
        attention_mask=(told != -100).long(),
        labels=told,
    ).loss
    return loss


def share_right(
    model: BlipForConditionalGeneration, processor: BlipProcessor, pictures: list[Picture]
) -> float:
    """Return the share of pictures whose caption is right to the word."""
    model.eval()
    said = caption(model, processor, seen(processor, [draw(one) for one in pictures]))
    expected = [plainly(one).replace(",", " ,") for one in pictures]
    return float(
        np.mean(
            [a.replace(",", " ,").split() == b.split() for a, b in zip(said, expected, strict=True)]
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--begin", type=Path, help="go on from a base that was trained before")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    processor = build_processor()
    model = load(options.begin)[0] if options.begin else build_model(processor.tokenizer)

    def loss() -> Tensor:
        model.train()
        pictures = [compose(random) for _ in range(BATCH)]
        return loss_on(model, processor, [draw(one) for one in pictures], [*map(plainly, pictures)])

    steps = clockwork.train(model.parameters(), loss, minutes=options.minutes, rate=options.rate)
    fresh = np.random.default_rng((options.seed, 1))
    right = share_right(model, processor, [compose(fresh) for _ in range(TRIED)])
    logger.info("%d steps of %d pictures; %.3f of fresh ones right", steps, BATCH, right)
    freeze(model, processor, options.output)


if __name__ == "__main__":
    main()
