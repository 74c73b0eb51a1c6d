"""
How far what was rendered again is from what was kept: pictures, texts and sounds.

All measures are 0 for the same: of pictures `pixel` and `ssim` as the curve measures them, of texts
the share of characters that differ, of sounds the mean difference of a sample of full swing.
"""

from __future__ import annotations

import difflib
import io
import wave
from typing import Any

import numpy as np
from PIL import Image

from workers.engine.pictures import Picture, pixel_distance, ssim_distance

NOTHING_ALIKE = 1.0


def of_pictures(kept: bytes, again: bytes) -> dict[str, float]:
    """Return the distances of two pictures; of another size they have nothing in common."""
    one, other = _picture(kept), _picture(again)
    if one.shape != other.shape:
        return {"pixel": NOTHING_ALIKE, "ssim": NOTHING_ALIKE}
    return {"pixel": pixel_distance(one, other), "ssim": ssim_distance(one, other)}


def of_texts(kept: str, again: str) -> dict[str, float]:
    matcher = difflib.SequenceMatcher(None, kept, again, autojunk=False)
    return {"text": 0.0 if kept == again else 1.0 - matcher.ratio()}


def of_sounds(kept: bytes, again: bytes) -> dict[str, float]:
    """Return the distance of two sounds; of another length they have nothing in common."""
    one, other = _samples(kept), _samples(again)
    if one.shape != other.shape:
        return {"sound": NOTHING_ALIKE}
    return {"sound": float(np.abs(one - other).mean()) if one.size else 0.0}


def _picture(content: bytes) -> Picture:
    with Image.open(io.BytesIO(content), formats=["WEBP"]) as image:
        return np.asarray(image.convert("RGB"))


def _samples(content: bytes) -> np.ndarray[Any, np.dtype[np.floating[Any]]]:
    """Return a sound of 16 bits a sample, which is how the engine writes them, as -1 to 1."""
    with wave.open(io.BytesIO(content)) as file:
        frames = file.readframes(file.getnframes())
    return np.frombuffer(frames, dtype="<i2").astype(np.float32) / 32768
