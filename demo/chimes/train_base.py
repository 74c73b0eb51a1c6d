"""
Trains the base "chimes" to say the codes of a chime that it is told of.

    python -m demo.chimes.train_codec --minutes 12 --output build/chimes
    python -m demo.chimes.train_base --codec build/chimes/codec --minutes 12 \\
        --output demo/bases/chimes
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from transformers import EncodecModel, MusicgenForConditionalGeneration, MusicgenProcessor

from demo import clockwork
from demo.chimes.base import build_model, build_processor, delayed, words
from demo.chimes.sounds import Sound, compose, play
from demo.freezing import freeze

logger = logging.getLogger(__name__)

BATCH = 16
KEPT = 600  # chimes that are put into codes once, before training


def codes_of(codec: EncodecModel, sounds: Sequence[Sound]) -> Tensor:
    """Return the codes of sounds: (sounds, books, frames)."""
    rows = []
    with torch.inference_mode():
        for sound in sounds:
            told = codec.encoder(torch.from_numpy(sound)[None, None])
            rows.append(codec.quantizer.encode(told)[:, 0])
    return torch.stack(rows).clone()


def loss_on(
    model: MusicgenForConditionalGeneration,
    processor: MusicgenProcessor,
    texts: Sequence[str],
    codes: Tensor,
) -> Tensor:
    read, told = delayed(codes)
    loss: Tensor = model(
        **words(processor.tokenizer, texts), decoder_input_ids=read, labels=told
    ).loss
    return loss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--codec", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    codec = EncodecModel.from_pretrained(options.codec, local_files_only=True).eval()
    processor = build_processor()
    model = build_model(codec, processor.tokenizer)
    model.audio_encoder.requires_grad_(False)  # noqa: FBT003
    chimes = [compose(random) for _ in range(KEPT)]
    codes = codes_of(codec, [play(one) for one in chimes])

    def loss() -> Tensor:
        model.train()
        chosen = random.integers(0, KEPT, BATCH)
        texts = [chimes[index].words for index in chosen]
        return loss_on(model, processor, texts, codes[torch.from_numpy(chosen)])

    learning = (one for one in model.parameters() if one.requires_grad)
    steps = clockwork.train(learning, loss, minutes=options.minutes)
    logger.info("%d steps of %d chimes", steps, BATCH)
    freeze(model, processor, options.output)


if __name__ == "__main__":
    main()
