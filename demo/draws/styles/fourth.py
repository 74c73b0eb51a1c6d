"""Draws the styles of the fourth sealed draw (demo/draws/recipes/fourth.py)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from demo.brushes import cover, flat, lay, plain
from demo.pictures import COLUMNS, ROWS, SIDE, Picture, Pixels, rgb

_SCRAPS = [
    *((12, 10, "red"), (38, 18, "green"), (64, 8, "blue"), (86, 22, "orange")),
    *((16, 40, "purple"), (84, 50, "green"), (10, 68, "blue"), (34, 84, "orange")),
    *((60, 88, "red"), (86, 78, "purple")),
]


def porthole(picture: Picture) -> Pixels:
    """Seen through a round window: all is black outside, with a grey rim."""
    to_middle = np.hypot(COLUMNS - SIDE / 2, ROWS - SIDE / 2)
    canvas = lay(plain(picture), rgb("gray"), cover(40 - to_middle))
    return lay(canvas, rgb("black"), cover(44 - to_middle))


def curtain(picture: Picture) -> Pixels:
    """Red curtains in folds at both sides, in front of everything."""
    folds = (COLUMNS % 10 < 5)[..., None]
    cloth = lay(flat(rgb("red")), rgb("red") * 0.55, folds)
    to_edge = np.minimum(COLUMNS, SIDE - COLUMNS)
    return lay(plain(picture), cloth, cover(to_edge - 20))


def fence(picture: Picture) -> Pixels:
    """Brown pickets over the lower third, in front of everything."""
    brown = np.array([0.45, 0.28, 0.12])
    pickets = np.maximum(np.abs(COLUMNS % 16 - 8) - 4.5, 60 - ROWS)
    rail = np.abs(ROWS - 76) - 3
    return lay(plain(picture), brown, cover(np.minimum(pickets, rail)))


def confetti(picture: Picture) -> Pixels:
    """Scraps of many colours on the ground, always in the same places."""
    canvas = flat(rgb(picture.ground))
    for x, y, colour in _SCRAPS:
        scrap = np.maximum(np.abs(COLUMNS - x), np.abs(ROWS - y)) - 5
        canvas = lay(canvas, rgb(colour), cover(scrap))
    return _on(canvas, picture)


def squares(picture: Picture) -> Pixels:
    """Every thing is a square, in its own colour."""
    things = tuple(replace(thing, shape="square") for thing in picture.things)
    return plain(replace(picture, things=things))


def spiral(picture: Picture) -> Pixels:
    """A spiral of another shade in the ground, out of the middle of the picture."""
    ground = rgb(picture.ground)
    shade = ground * 0.5 if ground.mean() > 0.45 else ground * 0.5 + 0.45
    x, y = COLUMNS - SIDE / 2, ROWS - SIDE / 2
    along = np.hypot(x, y) + np.arctan2(y, x) / (2 * np.pi) * 24
    return _on(lay(flat(ground), shade, cover(np.abs(along % 24 - 12) - 5)), picture)


def _on(canvas: Pixels, picture: Picture) -> Pixels:
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas
