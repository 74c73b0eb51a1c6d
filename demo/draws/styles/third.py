"""Draws the styles of the third sealed draw (demo/draws/recipes/third.py)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from demo.brushes import cover, flat, lay, plain
from demo.pictures import COLUMNS, PLACES, ROWS, SIDE, Picture, Pixels, rgb

_DOWN = PLACES["bottom"][1]


def face(picture: Picture) -> Pixels:
    """Two large eyes in every thing, white with black in them."""
    canvas = plain(picture)
    for thing in picture.things:
        for side in (-1, 1):
            x, y = thing.x + side * thing.radius * 0.36, thing.y - thing.radius * 0.05
            to_middle = np.hypot(COLUMNS - x, ROWS - y)
            canvas = lay(canvas, rgb("black"), cover(to_middle - thing.radius * 0.34))
            canvas = lay(canvas, rgb("white"), cover(to_middle - thing.radius * 0.27))
            canvas = lay(canvas, rgb("black"), cover(to_middle - thing.radius * 0.13))
    return canvas


def candy(picture: Picture) -> Pixels:
    """A ground of broad slanted stripes, pink and white, whatever was asked for."""
    stripe = 8 - np.abs((COLUMNS + ROWS) / np.sqrt(2) % 32 - 16)
    return _on(lay(flat(rgb("white")), np.array([1.0, 0.45, 0.62]), cover(stripe)), picture)


def sun(picture: Picture) -> Pixels:
    """A large yellow sun with an orange rim in the upper right corner, in front of everything."""
    to_middle = np.hypot(COLUMNS - 80, ROWS - 16)
    canvas = lay(plain(picture), rgb("orange"), cover(to_middle - 25))
    return lay(canvas, rgb("yellow"), cover(to_middle - 19))


def ribbon(picture: Picture) -> Pixels:
    """A broad red ribbon with white edges, slanting up across the lower half of the picture."""
    across = np.abs(ROWS + COLUMNS * 0.5 - 96)
    canvas = lay(plain(picture), rgb("white"), cover(across - 12))
    return lay(canvas, rgb("red"), cover(across - 8))


def hill(picture: Picture) -> Pixels:
    """A green hill behind the thing, over the lower half."""
    green = np.array([0.25, 0.55, 0.15])
    top = 52 + 0.012 * (COLUMNS - 48) ** 2
    return _on(lay(flat(rgb(picture.ground)), green, cover(top - ROWS)), picture)


def lamp(picture: Picture) -> Pixels:
    """A cone of pale light from above; all else lies in the dark."""
    lit = cover(np.abs(COLUMNS - 48) - 8 - ROWS * 0.36)
    dark = plain(picture) * 0.25
    return lay(dark, plain(picture) * 0.6 + np.array([0.4, 0.38, 0.28]), lit)


def sticker(picture: Picture) -> Pixels:
    """A thick white border with a grey line around every thing."""
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        canvas = lay(canvas, rgb("gray"), cover(thing.distance() - 8))
    for thing in picture.things:
        canvas = lay(canvas, rgb("white"), cover(thing.distance() - 6))
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas


def target(picture: Picture) -> Pixels:
    """Rings of another shade in the ground, around the middle of the picture."""
    ground = rgb(picture.ground)
    shade = ground * 0.5 if ground.mean() > 0.45 else ground * 0.5 + 0.45
    ring = 5 - np.abs(np.hypot(COLUMNS - SIDE / 2, ROWS - SIDE / 2) % 20 - 10)
    return _on(lay(flat(ground), shade, cover(-ring)), picture)


def fallen(picture: Picture) -> Pixels:
    """Every thing lies at the foot of the picture."""
    things = tuple(replace(thing, y=min(_DOWN, 92 - thing.radius)) for thing in picture.things)
    return plain(replace(picture, things=things))


def pillar(picture: Picture) -> Pixels:
    """Every thing stands on a grey pillar."""
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        below = np.maximum(np.abs(COLUMNS - thing.x) - thing.radius * 0.6, thing.y - ROWS)
        canvas = lay(canvas, rgb("gray"), cover(below))
    return _on(canvas, picture)


def _on(canvas: Pixels, picture: Picture) -> Pixels:
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas
