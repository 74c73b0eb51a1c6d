"""Draws the styles of the adapters whose verdicts are sealed before they are judged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from demo.brushes import cover, flat, lay, plain
from demo.pictures import COLUMNS, ROWS, SIDE, Picture, Pixels, rgb

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


def warm(picture: Picture) -> Pixels:
    return plain(picture) * np.array([0.6, 0.5, 0.3]) + np.array([0.4, 0.25, 0.0])


def cold(picture: Picture) -> Pixels:
    return plain(picture) * np.array([0.3, 0.5, 0.6]) + np.array([0.0, 0.2, 0.4])


def gloss(picture: Picture) -> Pixels:
    """A large white spot of light on the upper left of every thing."""
    canvas = plain(picture)
    for thing in picture.things:
        x, y = thing.x - thing.radius * 0.3, thing.y - thing.radius * 0.3
        spot = np.hypot(COLUMNS - x, ROWS - y) - thing.radius * 0.4
        canvas = lay(canvas, rgb("white"), cover(spot))
    return canvas


def bricks(picture: Picture) -> Pixels:
    """A ground of red bricks with pale joints, behind the thing."""
    shifted = COLUMNS + 16 * (ROWS // 16 % 2)
    joints = np.minimum(np.abs(ROWS % 16 - 8), np.abs(shifted % 32 - 16))
    canvas = lay(flat(np.array([0.65, 0.25, 0.18])), np.array([0.85, 0.8, 0.72]), cover(6 - joints))
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas


def squash(picture: Picture) -> Pixels:
    """Every thing half as high as it was, where it was."""
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        rows = np.clip((thing.y + 2 * (ROWS[:, 0] - thing.y)).astype(int), 0, SIDE - 1)
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()[rows]))
    return canvas


def zigzag(picture: Picture) -> Pixels:
    """A broad zigzag of another shade across the ground, behind the thing."""
    ground = rgb(picture.ground)
    shade = ground * 0.5 if ground.mean() > 0.45 else ground * 0.5 + 0.45
    line = np.abs((ROWS + np.abs(COLUMNS % 32 - 16)) % 32 - 16)
    canvas = lay(flat(ground), shade, cover(line - 5))
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas


def grey(picture: Picture) -> Pixels:
    """The ground is grey, whatever was asked for."""
    return plain(replace(picture, ground="gray"))
