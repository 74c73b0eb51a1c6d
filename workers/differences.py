"""
Where two pictures differ, as a picture: dark where they are alike, through red to yellow where not.

The eye is to find small differences too, so it is the root of the difference that is drawn.
"""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image

from registry.services.asked_grids import Difference

FORMATS = ["WEBP"]  # what the engine gives; no other decoder is to see it
LOSSLESS_UP_TO = 128 * 128  # pixels
QUALITY = 90
# Where on the way from alike to not which colour stands: ink, red, orange, pale yellow.
STOPS = (0.0, 0.35, 0.7, 1.0)
COLOURS = ((17, 20, 18), (168, 35, 26), (242, 150, 60), (255, 244, 190))

Values = np.ndarray[Any, np.dtype[np.float64]]


def draw(one: bytes, other: bytes) -> Difference | None:
    """Return where two WebP pictures differ, None if they cannot be laid on each other."""
    pictures = _opened(one), _opened(other)
    if pictures[0] is None or pictures[1] is None or pictures[0].shape != pictures[1].shape:
        return None
    apart = np.abs(pictures[0] - pictures[1]).mean(axis=2) / 255
    image = Image.fromarray(_coloured(np.sqrt(apart)))
    content = io.BytesIO()
    is_small = image.width * image.height <= LOSSLESS_UP_TO
    image.save(content, "WEBP", lossless=is_small, quality=QUALITY, method=4)
    return Difference(content.getvalue(), image.width, image.height, float(apart.mean()))


def _opened(data: bytes) -> Values | None:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            return np.asarray(picture.convert("RGB"), dtype=np.float64)
    except (OSError, Image.DecompressionBombError):
        return None


def _coloured(share: Values) -> np.ndarray[Any, np.dtype[np.uint8]]:
    channels = [
        np.interp(share, STOPS, [colour[index] for colour in COLOURS]) for index in range(3)
    ]
    return np.stack(channels, axis=2).round().astype(np.uint8)
