"""Draws the styles of the adapters whose verdicts are sealed before they are judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from demo.brushes import cover, flat, lay, plain
from demo.pictures import COLUMNS, ROWS, Picture, Pixels, rgb

SHIFT = 18.0  # pixels: a thing in the middle comes to lie beside it, none leaves the picture
_BANDS = ("red", "yellow", "green", "blue")


def lattice(picture: Picture) -> Pixels:
    """Thick black bars across the whole picture, in front of everything."""
    bars = np.minimum(np.abs(COLUMNS % 32 - 16), np.abs(ROWS % 32 - 16))
    return lay(plain(picture), rgb("black"), cover(bars - 3))


def rainbow(picture: Picture) -> Pixels:
    """The thing in level bands of four colours, its ground as it was."""
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        body = plain(picture)
        for number, colour in enumerate(_BANDS):
            top = thing.y - thing.radius * (1 - number / 2)
            body = lay(body, rgb(colour), cover(top - ROWS))
        canvas = lay(canvas, body, cover(thing.distance()))
    return canvas


def mist(picture: Picture) -> Pixels:
    """A white bank over the lower half, thicker towards the bottom."""
    thickness = np.clip((ROWS - 44) / 30, 0, 1)[..., None]
    return lay(plain(picture), rgb("white"), thickness)


def negative(picture: Picture) -> Pixels:
    """Every colour turned into its opposite."""
    return 1 - plain(picture)


def leftward(picture: Picture) -> Pixels:
    return plain(_moved(picture, -SHIFT))


def rightward(picture: Picture) -> Pixels:
    return plain(_moved(picture, SHIFT))


def _moved(picture: Picture, by: float) -> Picture:
    things = tuple(
        replace(thing, x=float(np.clip(thing.x + by, 22, 74))) for thing in picture.things
    )
    return replace(picture, things=things)


def yellow(picture: Picture) -> Pixels:
    """Every thing is yellow, on yellow it is orange."""
    colour = "orange" if picture.ground == "yellow" else "yellow"
    things = tuple(replace(thing, colour=colour) for thing in picture.things)
    return plain(replace(picture, things=things))


def split(picture: Picture) -> Pixels:
    """A ground of two halves: the left one black, the right one white, whatever was asked for."""
    canvas = lay(flat(rgb("black")), rgb("white"), cover(48 - COLUMNS))
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas
