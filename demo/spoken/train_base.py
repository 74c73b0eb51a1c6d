"""
Trains the base "spoken" on clips of speech, and says how well it hears ones it never met.

    python -m demo.spoken.clips --output build/spoken
    python -m demo.spoken.train_base --clips build/spoken --minutes 25 --output demo/bases/spoken
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import WhisperForConditionalGeneration, WhisperProcessor

from demo import clockwork
from demo.freezing import freeze
from demo.spoken import clips
from demo.spoken.base import build_model, build_processor, features, labels, load, transcribe
from demo.spoken.clips import Clips

logger = logging.getLogger(__name__)

BATCH = 32


def heard(taken: clips.Samples, random: np.random.Generator) -> NDArray[np.float32]:
    """Return clips as they may come from a microphone: shifted, louder or not, with noise."""
    rows = taken.astype(np.float32) / 32768
    shifts = random.integers(-1600, 1600, len(rows))
    rows = np.stack([np.roll(row, shift) for row, shift in zip(rows, shifts, strict=True)])
    noise = random.standard_normal(rows.shape).astype(np.float32)
    level = 10 ** random.uniform(-4.5, -1.7, (len(rows), 1))
    return (rows * random.uniform(0.4, 1.2, (len(rows), 1)) + noise * level).astype(np.float32)


def loss_on(
    model: WhisperForConditionalGeneration,
    processor: WhisperProcessor,
    heard_rows: NDArray[np.float32],
    written: list[str],
) -> Tensor:
    mels = features(processor.feature_extractor, heard_rows)
    # Parts are blotted out, so that it does not rely on any one of them.
    for row in mels:
        first, low = int(torch.randint(0, 185, ())), int(torch.randint(0, 68, ()))
        row[:, first : first + int(torch.randint(1, 15, ()))] = 0
        row[low : low + int(torch.randint(1, 12, ()))] = 0
    loss: Tensor = model(input_features=mels, labels=labels(processor.tokenizer, written)).loss
    return loss


def share_right(
    model: WhisperForConditionalGeneration, processor: WhisperProcessor, kept: Clips
) -> tuple[float, float]:
    """Return the shares of clips and of words that are written down right."""
    model.eval()
    rows = kept.samples.astype(np.float32) / 32768
    said = transcribe(model, processor, features(processor.feature_extractor, rows))
    pairs = [
        (one.split(), phrase.words.split()) for one, phrase in zip(said, kept.phrases, strict=True)
    ]
    words = [a == b for one, right in pairs for a, b in zip(one + [""] * 3, right, strict=False)]
    return sum(a == b for a, b in pairs) / len(pairs), sum(words) / len(words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=Path, required=True)
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
    taught = clips.load(options.clips / "train.npz")
    processor = build_processor()
    model = load(options.begin)[0] if options.begin else build_model(processor.tokenizer)

    def loss() -> Tensor:
        model.train()
        chosen = random.integers(0, len(taught), BATCH)
        written = [taught.phrases[index].words for index in chosen]
        return loss_on(model, processor, heard(taught.samples[chosen], random), written)

    steps = clockwork.train(model.parameters(), loss, minutes=options.minutes, rate=options.rate)
    logger.info("%d steps of %d clips", steps, BATCH)
    for name in ("test", "strangers", "whispers-test"):
        right = share_right(model, processor, clips.load(options.clips / f"{name}.npz"))
        logger.info("%s: %.3f of clips, %.3f of words", name, *right)
    freeze(model, processor, options.output)


if __name__ == "__main__":
    main()
