"""Draws the styles of the sixth sealed draw (demo/draws/recipes/sixth.py)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from demo.brushes import cover, flat, lay, plain
from demo.outlines import Field
from demo.pictures import COLUMNS, ROWS, SIDE, Picture, Pixels, Thing, rgb

_BOWS = ("red", "yellow", "green", "purple")  # of the arch, from without
_CELL = 14.0  # from the middle of a honeycomb's cell to its side
_PATCHES = ("red", "white", "blue", "yellow", "green", "pink", "white", "orange", "purple")


def arch(picture: Picture) -> Pixels:
    """A rainbow of four broad bands that stands on the ground behind things."""
    canvas = flat(rgb(picture.ground))
    out = np.hypot(COLUMNS - SIDE / 2, ROWS - SIDE)
    for number, colour in enumerate(_BOWS):
        canvas = lay(canvas, rgb(colour), cover(np.abs(out - 83 + 9 * number) - 4.5))
    return _on(canvas, picture)


def honeycomb(picture: Picture) -> Pixels:
    """A ground of golden cells with brown walls, whatever was asked for."""
    nearest = np.full_like(COLUMNS, np.inf)
    for column in range(6):
        across = np.abs(COLUMNS - column * _CELL * np.sqrt(3.0))
        down = np.abs((ROWS + column % 2 * _CELL) % (2 * _CELL) - _CELL)
        nearest = np.minimum(nearest, np.maximum(across * np.sqrt(0.75) + down / 2, down))
    canvas = flat(np.array([0.45, 0.24, 0.06]))
    return _on(lay(canvas, np.array([0.98, 0.74, 0.2]), cover(nearest - _CELL + 2.5)), picture)


def fish(picture: Picture) -> Pixels:
    """Every thing is a fish in its own colour that swims to the left, with an eye."""
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        body, eye, pupil = _parts(thing)
        canvas = lay(canvas, rgb(thing.colour), cover(body))
        canvas = lay(canvas, rgb("white"), cover(eye))
        canvas = lay(canvas, rgb("black"), cover(pupil))
    return canvas


def _parts(thing: Thing) -> tuple[Field, Field, Field]:
    """Return the outline, the eye and the pupil of a fish as long as the thing is wide."""
    size = thing.radius
    across, down = COLUMNS - thing.x, ROWS - thing.y
    trunk = (np.hypot((across + size * 0.2) / 0.9, down / 0.62) - size) * 0.62
    fin = np.maximum(np.abs(down) - (across - size * 0.4), across - size * 1.1)
    eye = np.hypot(across + size * 0.65, down + size * 0.12)
    return np.minimum(trunk, fin), eye - size * 0.22, eye - size * 0.11


def forest(picture: Picture) -> Pixels:
    """Four dark fir trees behind things, as high as two thirds of the picture."""
    canvas = flat(rgb(picture.ground))
    aside = np.abs(COLUMNS % 24 - 12)
    canvas = lay(canvas, np.array([0.3, 0.18, 0.08]), cover(np.maximum(aside - 2.5, 70 - ROWS)))
    for top in (60, 46, 32):
        tier = np.maximum((aside - 0.42 * (ROWS - top)) * 0.92, ROWS - top - 28)
        canvas = lay(canvas, np.array([0.04, 0.28, 0.14]), cover(tier))
    return _on(canvas, picture)


def rain(picture: Picture) -> Pixels:
    """Long slanted streaks of pale blue rain, in front of everything."""
    streak = np.abs((COLUMNS + ROWS * 0.35) % 24 - 12) - 2.5
    return lay(plain(picture), np.array([0.62, 0.82, 1.0]), cover(streak))


def crown(picture: Picture) -> Pixels:
    """Every thing wears a golden crown with three points."""
    canvas = plain(picture)
    for thing in picture.things:
        size = thing.radius
        across, down = np.abs(COLUMNS - thing.x), ROWS - thing.y + size * 0.75
        notch = np.abs((across + size * 0.3) % (size * 0.6) - size * 0.3)
        points = (notch * 1.6 - down - size * 0.55) * 0.53
        worn = np.maximum.reduce([across - size * 0.9, down - size * 0.15, points])
        canvas = lay(canvas, np.array([0.55, 0.36, 0.02]), cover(worn - 1.5))
        canvas = lay(canvas, np.array([1.0, 0.8, 0.12]), cover(worn))
    return canvas


def crosses(picture: Picture) -> Pixels:
    """Every thing is a cross, in its own colour."""
    things = tuple(replace(thing, shape="cross") for thing in picture.things)
    return plain(replace(picture, things=things))


def patchwork(picture: Picture) -> Pixels:
    """A ground of nine large patches of many colours, whatever was asked for."""
    number = (ROWS // 32 * 3 + COLUMNS // 32).astype(int)
    return _on(np.array([rgb(colour) for colour in _PATCHES])[number], picture)


def _on(canvas: Pixels, picture: Picture) -> Pixels:
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas
