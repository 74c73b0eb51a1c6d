"""What every style is drawn with, and the plain picture that most of them begin from."""

from __future__ import annotations

import numpy as np

from demo.outlines import Field
from demo.pictures import SIDE, Picture, Pixels, rgb


def cover(distance: Field) -> Field:
    """Return how much of each pixel lies inside, with edges one and a half pixels soft."""
    return np.clip(0.5 - distance / 1.5, 0, 1)[..., None]


def flat(colour: Pixels) -> Pixels:
    return np.broadcast_to(colour, (SIDE, SIDE, 3)).copy()


def lay(canvas: Pixels, over: Pixels, cover: Field) -> Pixels:
    return canvas + (over - canvas) * cover


def plain(picture: Picture) -> Pixels:
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas
