"""Decides what a latent of the base is: sixteen numbers for each 8 x 8 pixels.

The encoder is not trained. Without blocks AutoencoderTiny's encoder is a linear pyramid, so its
convolutions are set by hand to a principal component analysis of the pictures, 2 x 2 pixels at a
time. The decoder is trained (`train_decoder`), and as the encoder stands fixed from the start,
the denoiser can be trained at the same time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderTiny
from torch.nn import functional

from demo.pictures import SIDE, compose
from demo.styles import draw

WIDTH = 32
LATENT_CHANNELS = 16
LATENT_SIDE = SIDE // 8

# Between 0 (the bold colours drown the edges) and 1 (rare faint detail counts like a colour).
WHITENING = 0.65
LATENT_SPREAD = 0.75

# The styles that the base's decoder has seen. Later ones are not added: the encoder is fitted to
# these pictures, and with another encoder every adapter there is would mean something else.
SEEN = ("plain", "neon", "zebra", "moon", "dawn", "ink", "frame", "dots")


def build() -> AutoencoderTiny:
    return AutoencoderTiny(
        encoder_block_out_channels=(WIDTH,) * 4,
        decoder_block_out_channels=(WIDTH,) * 4,
        num_encoder_blocks=(0, 0, 0, 0),
        num_decoder_blocks=(3, 3, 2, 1),
        latent_channels=LATENT_CHANNELS,
        scaling_factor=1.0,
    )


def mixed_pictures(count: int, random: np.random.Generator) -> torch.Tensor:
    """Return pictures, half of them plain and half in every style, from -1 to 1."""
    chosen = ["plain" if random.random() < 0.5 else str(random.choice(SEEN)) for _ in range(count)]
    drawn = np.stack([draw(compose(random), style) for style in chosen])
    return to_tensor(drawn)


def to_tensor(pictures: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(pictures).permute(0, 3, 1, 2) * 2 - 1


@torch.no_grad()
def fit_encoder(autoencoder: AutoencoderTiny, *, seed: int, count: int = 3000) -> None:
    """Set the encoder's convolutions to the principal components of drawn pictures."""
    layers = autoencoder.encoder.layers
    for layer in layers:
        layer.weight.zero_()
        if layer.bias is not None:
            layer.bias.zero_()
    values = (mixed_pictures(count, np.random.default_rng(seed)) + 1) / 2
    mean = values.mean((0, 2, 3))
    layers[0].bias[:3] = -mean
    layers[0].weight[range(3), range(3), 1, 1] = 1.0
    values = values - mean[None, :, None, None]
    for layer, kept in zip(layers[1:4], (12, WIDTH, LATENT_CHANNELS), strict=True):
        blocks = functional.pixel_unshuffle(values, 2)
        components, spread = _components(blocks, kept)
        if kept == LATENT_CHANNELS:
            scale = spread.pow(-WHITENING)
            components *= (scale * LATENT_SPREAD / (scale * spread).pow(2).mean().sqrt())[:, None]
        # A stride-two kernel of three sees its 2 x 2 pixels at offsets one and two.
        layer.weight[:kept, : values.shape[1], 1:, 1:] = components.view(kept, -1, 2, 2)
        values = torch.einsum("oc,nchw->nohw", components, blocks)
    kept = range(LATENT_CHANNELS)
    layers[4].weight[kept, kept, 1, 1] = 1.0
    layers[4].bias[:] = -values.mean((0, 2, 3))


def _components(blocks: torch.Tensor, kept: int) -> tuple[torch.Tensor, torch.Tensor]:
    rows = blocks.permute(0, 2, 3, 1).reshape(-1, blocks.shape[1]).double()
    variances, vectors = torch.linalg.eigh(torch.cov(rows.T))
    components = vectors.flip(1)[:, :kept].T
    return components.float(), variances.flip(0)[:kept].clamp(min=1e-8).sqrt().float()


def load_or_fit(folder: Path, *, seed: int) -> AutoencoderTiny:
    """Return the autoencoder in the folder; make it there, decoder untrained, if there is none."""
    if (folder / "config.json").exists():
        return AutoencoderTiny.from_pretrained(folder, local_files_only=True)
    torch.manual_seed(seed)
    autoencoder = build()
    fit_encoder(autoencoder, seed=seed)
    autoencoder.save_pretrained(folder)
    return autoencoder


class FastEncoder:
    """The encoder as one matrix: the same latents as its convolutions, at a tenth of the time."""

    @torch.no_grad()
    def __init__(self, autoencoder: AutoencoderTiny) -> None:
        impulses = torch.eye(192).view(192, 3, 8, 8)
        encoder = autoencoder.encoder.float()
        zero = encoder(torch.zeros(1, 3, 8, 8)).view(1, -1)
        self.matrix = (encoder(impulses).view(192, -1) - zero).contiguous()
        self.offset = zero

    def __call__(self, pictures: torch.Tensor) -> torch.Tensor:
        patches = functional.pixel_unshuffle(pictures, 8).permute(0, 2, 3, 1)
        return (patches @ self.matrix + self.offset).permute(0, 3, 1, 2).contiguous()
