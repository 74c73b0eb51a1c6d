"""
Pictures as files, and how far apart two pictures are.

Three distances, each 0 for the same picture: `pixel`, the mean difference of a pixel (0 to 1);
`ssim`, 1 less the structural similarity of Wang et al. on grey (0 to about 1), which sees shapes
and not flat changes of tone; `latent`, the root mean square between latents, which the decoder's
texture does not disturb. None needs weights of its own.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image

Picture = np.ndarray[Any, np.dtype[np.uint8]]  # (height, width, 3)
Latent = np.ndarray[Any, np.dtype[np.float32]]

LOSSLESS_UP_TO = 128 * 128  # pixels; small pictures show every fault of compression
QUALITY = 90
WINDOW = 7
STABLE = (0.01**2, 0.03**2)  # keep flat windows from dividing by nothing; as in the paper
GREY = (0.299, 0.587, 0.114)


def to_picture(values: np.ndarray[Any, Any]) -> Picture:
    """Return 0 to 1 as bytes. What is no number is black."""
    return (np.nan_to_num(values, nan=0.0) * 255).round().clip(0, 255).astype(np.uint8)


def to_webp(picture: Picture) -> bytes:
    """Return a picture as WebP: without loss if it is small."""
    is_small = picture.shape[0] * picture.shape[1] <= LOSSLESS_UP_TO
    content = io.BytesIO()
    Image.fromarray(picture).save(
        content, "WEBP", lossless=is_small, quality=QUALITY, method=4, exact=False
    )
    return content.getvalue()


class NoPicture(ValueError):
    """Bytes that were given as a picture are none."""


def from_webp(content: bytes) -> Picture:
    """
    Return the picture in a file that `to_webp` made.

    :raises NoPicture: if it is no such file
    """
    try:
        with Image.open(io.BytesIO(content), formats=["WEBP"]) as opened:
            return np.asarray(opened.convert("RGB"))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise NoPicture(f"A cell that was given is no picture: {error}.") from error


def pixel_distance(one: Picture, other: Picture) -> float:
    return float(np.abs(one.astype(np.float32) - other.astype(np.float32)).mean() / 255)


def ssim_distance(one: Picture, other: Picture) -> float:
    first, second = grey(one), grey(other)
    means = _blur(first), _blur(second)
    spreads = _blur(first * first) - means[0] ** 2, _blur(second * second) - means[1] ** 2
    together = _blur(first * second) - means[0] * means[1]
    likeness = (
        (2 * means[0] * means[1] + STABLE[0])
        * (2 * together + STABLE[1])
        / ((means[0] ** 2 + means[1] ** 2 + STABLE[0]) * (spreads[0] + spreads[1] + STABLE[1]))
    )
    return float(np.clip(1 - likeness.mean(), 0, 2))


def grey(picture: Picture) -> np.ndarray[Any, np.dtype[np.float64]]:
    return picture.astype(np.float64) @ np.array(GREY) / 255


def latent_distance(one: Latent, other: Latent) -> float:
    return float(np.sqrt(np.mean((one - other) ** 2)))


def _blur(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the mean of every whole window, by running sums."""
    size = min(WINDOW, *values.shape)
    for axis in (0, 1):
        sums = np.cumsum(values, axis=axis)
        ends = np.take(sums, range(size - 1, values.shape[axis]), axis=axis)
        starts = np.take(sums, range(values.shape[axis] - size), axis=axis)
        head = np.zeros_like(np.take(sums, [0], axis=axis))
        values = (ends - np.concatenate([head, starts], axis=axis)) / size
    return values
