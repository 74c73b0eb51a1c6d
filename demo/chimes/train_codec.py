"""
Trains the codec of the base "chimes": sound to four books of codes, fifty times a second, and back.

First without the books; then the books are laid where the numbers lie (k-means, each book on what
the one before it left over); then the decoder learns to live with them.

    python -m demo.chimes.train_codec --minutes 12 --output build/chimes
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from transformers import EncodecModel

from demo import clockwork
from demo.chimes.base import BOOK_SIZE, build_codec
from demo.chimes.sounds import RATE, compose, play, tremble

logger = logging.getLogger(__name__)

BATCH = 12
WINDOWS = (128, 512, 2048)
PLACED = 20_000  # vectors that the books are laid by


def sounds(random: np.random.Generator, count: int) -> Tensor:
    """Return a second from each of so many chimes, a third of them trembling: (count, 1, RATE)."""
    rows = []
    for _ in range(count):
        sound = play(compose(random))
        sound = tremble(sound) if random.random() < 0.33 else sound
        start = int(random.integers(0, len(sound) - RATE))
        rows.append(sound[start : start + RATE])
    return torch.from_numpy(np.stack(rows))[:, None]


def apart(heard: Tensor, meant: Tensor) -> Tensor:
    """Return how far two sounds are apart: by spectra coarse and fine, and a little by form."""
    total = 0.1 * (heard - meant).abs().mean() / meant.abs().mean()
    for size in WINDOWS:
        one, other = _spectrum(heard, size), _spectrum(meant, size)
        total = total + (one - other).norm() / other.norm()
        total = total + (one.clamp(min=1e-3).log() - other.clamp(min=1e-3).log()).abs().mean()
    return total


def _spectrum(sound: Tensor, size: int) -> Tensor:
    window = torch.hann_window(size)
    told = torch.stft(sound[:, 0], size, size // 4, window=window, return_complex=True)
    return (told.real**2 + told.imag**2 + 1e-9).sqrt()


def lay_books(codec: EncodecModel, random: np.random.Generator) -> None:
    with torch.inference_mode():
        told = codec.encoder(sounds(random, 400))
    left = told.transpose(1, 2).reshape(-1, told.shape[1])
    left = left[torch.randperm(len(left))[:PLACED]]
    for layer in codec.quantizer.layers:
        centres = _centres(left)
        layer.codebook.embed.copy_(centres)
        layer.codebook.embed_avg.copy_(centres)
        left = left - centres[torch.cdist(left, centres).argmin(1)]
        logger.info("a book is laid; what is left over: %.4f", left.pow(2).mean())


def _centres(points: Tensor, rounds: int = 25) -> Tensor:
    centres = points[torch.randperm(len(points))[:BOOK_SIZE]].clone()
    for _ in range(rounds):
        nearest = torch.cdist(points, centres).argmin(1)
        for number in range(BOOK_SIZE):
            mine = points[nearest == number]
            # A place that nobody is near to is moved to where somebody is.
            centres[number] = mine.mean(0) if len(mine) else points[torch.randint(len(points), ())]
    return centres


def through_books(codec: EncodecModel, told: Tensor) -> Tensor:
    codes = codec.quantizer.encode(told)
    quantized: Tensor = codec.quantizer.decode(codes)
    return quantized


def train(codec: EncodecModel, random: np.random.Generator, *, minutes: float) -> None:
    freely = _loss(codec, random, lambda told: told + 0.05 * torch.randn_like(told))
    clockwork.train(codec.parameters(), freely, minutes=minutes * 0.6, rate=3e-3)
    lay_books(codec, random)
    codec.encoder.requires_grad_(False)  # noqa: FBT003
    by_books = _loss(codec, random, lambda told: through_books(codec, told.detach()))
    clockwork.train(codec.decoder.parameters(), by_books, minutes=minutes * 0.4, rate=2e-3)


def _loss(
    codec: EncodecModel, random: np.random.Generator, between: Callable[[Tensor], Tensor]
) -> Callable[[], Tensor]:
    def loss() -> Tensor:
        meant = sounds(random, BATCH)
        heard = codec.decoder(between(codec.encoder(meant)))
        return apart(heard[..., :RATE], meant)

    return loss


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    codec = build_codec()
    train(codec, np.random.default_rng(options.seed), minutes=options.minutes)
    codec.eval().save_pretrained(options.output / "codec")


if __name__ == "__main__":
    main()
