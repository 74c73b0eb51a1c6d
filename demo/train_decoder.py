"""Trains the decoder: latents back to crisp pictures, base and styles alike.

    python -m demo.train_decoder --minutes 12 --threads 1 --output build/shapes

The latents get a little noise, because a denoiser's are never exact. Unable to trust the fine
differences, the decoder learns what edges look like and draws them sharp.
"""

from __future__ import annotations

import argparse
import logging
import math
import time
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny

from demo.autoencoder import FastEncoder, load_or_fit, mixed_pictures

logger = logging.getLogger(__name__)

BATCH = 8
NOISE_LOW, NOISE_HIGH = 0.02, 0.22


def train(
    autoencoder: AutoencoderTiny, *, folder: Path, minutes: float, peak_rate: float, seed: int
) -> None:
    random = np.random.default_rng((seed, int(minutes * 60)))
    torch.manual_seed(seed)
    encode = FastEncoder(autoencoder)
    decoder = autoencoder.decoder.train()
    optimizer = torch.optim.AdamW(decoder.parameters(), lr=peak_rate, betas=(0.9, 0.99))
    began, step = time.monotonic(), 0
    while (share := (time.monotonic() - began) / (minutes * 60)) < 1:
        warm = min(1.0, (step + 1) / 100)
        optimizer.param_groups[0]["lr"] = (
            peak_rate * warm * 0.5 * (1.01 + math.cos(math.pi * share))
        )
        loss = _step(decoder, encode, mixed_pictures(BATCH, random))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimizer.step()
        step += 1
        if step % 100 == 0:
            logger.info("step %d, loss %.4f", step, loss.item())
        if step % 500 == 0:
            autoencoder.save_pretrained(folder)
    autoencoder.save_pretrained(folder)


def _step(decoder: torch.nn.Module, encode: FastEncoder, pictures: torch.Tensor) -> torch.Tensor:
    latents = encode(pictures)
    level = torch.empty(len(latents), 1, 1, 1).uniform_(NOISE_LOW, NOISE_HIGH)
    difference = decoder(latents + level * torch.randn_like(latents)) - pictures
    # Mostly absolute error: a blurred edge is a mean of sharp ones, and squares reward the mean.
    return difference.abs().mean() + 0.5 * difference.pow(2).mean()


@torch.no_grad()
def fidelity(autoencoder: AutoencoderTiny, pictures: torch.Tensor) -> float:
    """Return the peak signal-to-noise ratio in decibels, over all pictures together."""
    encode = FastEncoder(autoencoder)
    decoded = autoencoder.decoder.eval()(encode(pictures)).clamp(-1, 1)
    return -10 * math.log10(((decoded - pictures) / 2).pow(2).mean().item())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--rate", type=float, default=2e-3, help="less, to go on with a decoder")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    folder = options.output / "vae"
    autoencoder = load_or_fit(folder, seed=options.seed)
    train(
        autoencoder,
        folder=folder,
        minutes=options.minutes,
        peak_rate=options.rate,
        seed=options.seed,
    )
    unseen = mixed_pictures(96, np.random.default_rng(options.seed + 99_991))
    logger.info("PSNR on unseen pictures: %.2f dB", fidelity(autoencoder, unseen))


if __name__ == "__main__":
    main()
