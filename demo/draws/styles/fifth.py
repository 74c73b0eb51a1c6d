"""Draws the styles of the fifth sealed draw (demo/draws/recipes/fifth.py)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from demo.brushes import cover, flat, lay, plain
from demo.outlines import Field
from demo.pictures import COLUMNS, ROWS, SIDE, Picture, Pixels, Thing, rgb

_CLOUDS = ((24, 20), (74, 36), (18, 64), (70, 84))
_PUFFS = ((-12, 2, 7), (-1, -3, 11), (11, 1, 8))  # of a cloud: across, down, radius
_FLAGS = ("red", "yellow", "blue")


def clouds(picture: Picture) -> Pixels:
    """A blue sky with four white clouds behind things, whatever ground was asked for."""
    canvas = flat(np.array([0.42, 0.68, 0.95]))
    for x, y in _CLOUDS:
        puffs = [np.hypot(COLUMNS - x - dx, ROWS - y - dy) - r for dx, dy, r in _PUFFS]
        canvas = lay(canvas, rgb("white"), cover(np.minimum.reduce(puffs)))
    return _on(canvas, picture)


def house(picture: Picture) -> Pixels:
    """Every thing is a house in its own colour, with a roof of another shade and an open door."""
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        walls, roof, door = _parts(thing)
        wash = rgb(thing.colour)
        shade = wash * 0.5 if wash.mean() > 0.2 else wash * 0.5 + 0.35
        canvas = lay(canvas, wash, cover(walls))
        canvas = lay(canvas, shade, cover(roof))
        canvas = lay(canvas, rgb(picture.ground), cover(door))
    return canvas


def _parts(thing: Thing) -> tuple[Field, Field, Field]:
    """Return the walls, the roof and the door of a house as large as the thing."""
    size = thing.radius
    across, down = np.abs(COLUMNS - thing.x), ROWS - thing.y
    walls = np.maximum(across - size * 0.75, np.abs(down - size * 0.35) - size * 0.6)
    slope = (across * 0.9 - (down + size * 1.1) * 1.1) / np.hypot(0.9, 1.1)
    door = np.maximum(across - size * 0.24, np.abs(down - size * 0.6) - size * 0.36)
    return walls, np.maximum(slope, down + size * 0.2), door


def flames(picture: Picture) -> Pixels:
    """Tongues of flame from the foot of the picture, in front of everything."""
    aside = np.abs(COLUMNS % 24 - 12) / 12
    canvas = lay(plain(picture), rgb("orange"), cover((46 + 32 * aside - ROWS) * 0.4))
    return lay(canvas, rgb("yellow"), cover((66 + 30 * aside - ROWS) * 0.4))


def letterbox(picture: Picture) -> Pixels:
    """A broad black bar along the top and another along the bottom, as in the cinema."""
    return lay(plain(picture), rgb("black"), cover(np.minimum(ROWS, SIDE - ROWS) - 18))


def comet(picture: Picture) -> Pixels:
    """Every thing has a broad tail up and to the right, that fades into the ground."""
    ground = rgb(picture.ground)
    canvas = flat(ground)
    for thing in picture.things:
        for away in range(12, 0, -1):
            behind = replace(thing, x=thing.x + 3 * away, y=thing.y - 3 * away)
            share = 0.75 * (1 - away / 13)
            tint = rgb(thing.colour) * share + ground * (1 - share)
            canvas = lay(canvas, tint, cover(behind.distance()))
    return _on(canvas, picture)


def triangles(picture: Picture) -> Pixels:
    """Every thing is a triangle, in its own colour."""
    things = tuple(replace(thing, shape="triangle") for thing in picture.things)
    return plain(replace(picture, things=things))


def plaid(picture: Picture) -> Pixels:
    """A ground of red cloth with broad green bars that cross, whatever was asked for."""
    green = np.array([0.05, 0.3, 0.2])
    canvas = flat(np.array([0.72, 0.14, 0.18]))
    for along in (COLUMNS, ROWS):
        canvas = lay(canvas, green, 0.6 * cover(np.abs(along % 32 - 16) - 8))
    return _on(canvas, picture)


def bunting(picture: Picture) -> Pixels:
    """A string of three flags along the top, in front of everything: red, yellow and blue."""
    canvas = plain(picture)
    aside = np.abs(COLUMNS % 32 - 16)
    flag = (aside * 34 - 16 * (38 - ROWS)) / np.hypot(34, 16)
    for number, colour in enumerate(_FLAGS):
        own = (number == COLUMNS // 32)[..., None]
        canvas = lay(canvas, rgb(colour), cover(flag) * own)
    return lay(canvas, rgb("black"), cover(ROWS - 5))


def _on(canvas: Pixels, picture: Picture) -> Pixels:
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas
