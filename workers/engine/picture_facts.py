"""
What one picture says of itself: whether it is driven too far, and what it is a picture of.

Each number means little alone, since a base has flat pictures and a style may want bold ones: what
counts is how far it has come from the same scene at weight 0 (registry/sweeps/signs.py judges).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from workers.engine.pictures import Latent, Picture, grey

CLIPPED = (1, 254)  # at or beyond these, a channel has nowhere left to go
EDGE_BLOCKS = 12  # a side: fine enough for where things are, too coarse for texture


def facts_of(picture: Picture, latent: Latent | None) -> dict[str, Any]:
    """
    Return the facts of one picture; none of its latent, if that is not there any more.

    `clipping`: the share of its values at either end (0 to 1). `saturation`: how far its channels
    are apart, on the average (0 to 1). `detail`: the mean size of its Laplacian (0 to about 4), of
    which blur has little and noise much. `latent`: the root mean square of its latent. `edges`:
    where it has edges, 12 by 12 bytes as hexadecimal, 255 the most.
    """
    found: dict[str, Any] = {
        "clipping": float(((picture <= CLIPPED[0]) | (picture >= CLIPPED[1])).mean()),
        "saturation": float(np.ptp(picture, axis=2).mean() / 255),
        "detail": detail(picture),
        "edges": edges(picture),
    }
    if latent is not None:
        found["latent"] = float(np.sqrt(np.mean(np.nan_to_num(latent) ** 2)))
    return found


def detail(picture: Picture) -> float:
    values = grey(picture)
    if min(values.shape) < 3:
        return 0.0
    middle = values[1:-1, 1:-1]
    around = values[:-2, 1:-1] + values[2:, 1:-1] + values[1:-1, :-2] + values[1:-1, 2:]
    return float(np.abs(around - 4 * middle).mean())


def edges(picture: Picture) -> str:
    """Return how steep the picture is in each block, by its steepest channel, as hexadecimal."""
    values = picture.astype(np.float32)
    across = np.abs(np.diff(values, axis=1))[:-1].max(axis=2)
    down = np.abs(np.diff(values, axis=0))[:, :-1].max(axis=2)
    steepness = np.hypot(across, down)
    if not steepness.size:
        return ""  # a picture of one pixel has none
    for axis in (0, 1):
        blocks = np.array_split(steepness, EDGE_BLOCKS, axis=axis)
        steepness = np.stack([block.mean(axis=axis) for block in blocks if block.size], axis=axis)
    most = float(steepness.max(initial=0))
    return (steepness * (255 / most if most else 0)).round().astype(np.uint8).tobytes().hex()
