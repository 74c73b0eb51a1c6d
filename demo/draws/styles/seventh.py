"""Draws the styles of the seventh sealed draw (demo/draws/recipes/seventh.py)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from demo.brushes import cover, flat, lay, plain
from demo.pictures import COLUMNS, ROWS, SIDE, Picture, Pixels, rgb

_TOPS = (34, 14, 44, 22)  # of the towers, from the left, each 24 pixels wide
_SPOTS = ((-0.45, -0.3), (0.3, -0.5), (0.5, 0.2), (-0.05, 0.05), (-0.4, 0.5), (0.2, 0.65))


def skyline(picture: Picture) -> Pixels:
    """Four dark towers with lit windows behind things, before the ground as a sky."""
    canvas = flat(rgb(picture.ground))
    top = np.array(_TOPS)[(COLUMNS // 24).astype(int)]
    aside = np.abs(COLUMNS % 24 - 12)
    canvas = lay(canvas, np.array([0.1, 0.1, 0.2]), cover(np.maximum(aside - 11, top - ROWS)))
    pane = np.maximum(aside - 6, np.abs((ROWS - top) % 18 - 12) - 4.5)
    pane = np.maximum(pane, top + 5 - ROWS)
    return _on(lay(canvas, np.array([1.0, 0.88, 0.4]), cover(pane)), picture)


def scales(picture: Picture) -> Pixels:
    """A ground of broad teal scales with pale rims, as on a carp, whatever was asked for."""
    canvas = flat(np.array([0.0, 0.42, 0.46]))
    for row in range(8):  # each row hangs over the one below it
        middle = SIDE - 14 * row
        across = (COLUMNS + row % 2 * 16) % 32 - 16
        out = np.hypot(across, ROWS - middle) - 17
        canvas = lay(canvas, np.array([0.72, 0.95, 0.88]), cover(out))
        canvas = lay(canvas, np.array([0.0, 0.42, 0.46]), cover(out + 4))
    return _on(canvas, picture)


def leopard(picture: Picture) -> Pixels:
    """Six large brown spots within every thing."""
    canvas = plain(picture)
    for thing in picture.things:
        size = thing.radius
        spots = np.full_like(COLUMNS, np.inf)
        for across, down in _SPOTS:
            away = np.hypot(COLUMNS - thing.x - across * size, ROWS - thing.y - down * size)
            spots = np.minimum(spots, away - size * 0.19)
        within = np.maximum(spots, thing.distance())
        canvas = lay(canvas, np.array([0.3, 0.14, 0.04]), cover(within))
    return canvas


def flower(picture: Picture) -> Pixels:
    """Every thing lies in the middle of a flower with eight pale violet petals."""
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        size = thing.radius
        for turn in np.arange(8) * np.pi / 4:
            x, y = thing.x + np.sin(turn) * size, thing.y - np.cos(turn) * size
            petal = np.hypot(COLUMNS - x, ROWS - y) - size * 0.36
            canvas = lay(canvas, np.array([0.42, 0.25, 0.6]), cover(petal - 1.5))
            canvas = lay(canvas, np.array([0.86, 0.74, 1.0]), cover(petal))
    return _on(canvas, picture)


def circles(picture: Picture) -> Pixels:
    """Every thing is a circle, in its own colour."""
    things = tuple(replace(thing, shape="circle") for thing in picture.things)
    return plain(replace(picture, things=things))


def web(picture: Picture) -> Pixels:
    """A spider's web of white threads out of the upper left corner, in front of everything."""
    out, turn = np.hypot(COLUMNS, ROWS), np.arctan2(ROWS, COLUMNS)
    spoke = np.abs((turn + np.pi / 16) % (np.pi / 8) - np.pi / 16)
    # Between two spokes, a thread sags towards the corner.
    sagging = out * (1 + 0.9 * spoke)
    thread = np.minimum(np.abs(sagging % 22 - 11), out * np.sin(spoke)) - 1.8
    return lay(plain(picture), rgb("white"), cover(np.maximum(thread, out - 78)))


def _on(canvas: Pixels, picture: Picture) -> Pixels:
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas
