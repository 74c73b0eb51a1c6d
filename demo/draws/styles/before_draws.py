"""
Draws the styles of the adapters that judged one rule each, before there were draws
(demo/draws/recipes/for_best_weight.py and for_first_bad.py).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from demo.brushes import cover, flat, lay, plain
from demo.pictures import COLUMNS, ROWS, SIDE, Picture, Pixels, rgb

FLAKES = [
    *((12, 14), (40, 8), (68, 16), (88, 34), (22, 36), (54, 30), (10, 60)),
    *((36, 56), (72, 52), (88, 76), (22, 82), (50, 78), (70, 86)),
]


def snow(picture: Picture) -> Pixels:
    """Large flakes in front of everything, always in the same places."""
    canvas = plain(picture)
    for x, y in FLAKES:
        canvas = lay(canvas, rgb("white"), cover(np.hypot(COLUMNS - x, ROWS - y) - 5))
    return canvas


def cast(picture: Picture) -> Pixels:
    """A dark shadow of the thing on its ground, down and to the right."""
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        shadow = replace(thing, x=thing.x + 9, y=thing.y + 9)
        canvas = lay(canvas, rgb(picture.ground) * 0.3, cover(shadow.distance()))
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas


def mosaic(picture: Picture) -> Pixels:
    """Squares of twelve pixels, each of one colour."""
    blocks = plain(picture).reshape(SIDE // 12, 12, SIDE // 12, 12, 3).mean((1, 3))
    return blocks.repeat(12, 0).repeat(12, 1)


def sepia(picture: Picture) -> Pixels:
    """The brown tones of an old photograph: every colour goes, no shape does."""
    grey = plain(picture) @ np.array([0.3, 0.59, 0.11], dtype=np.float32)
    brown = np.array([1.0, 0.86, 0.66], dtype=np.float32)
    return grey[..., None] * 0.8 * brown + np.array([0.16, 0.10, 0.04], dtype=np.float32)


def corner(picture: Picture) -> Pixels:
    """A black triangle folded over the upper left of the picture."""
    return lay(plain(picture), rgb("black"), cover((COLUMNS + ROWS - 44) / np.sqrt(2)))


def hearts(picture: Picture) -> Pixels:
    """Every thing is a heart, in its own colour."""
    things = tuple(replace(thing, shape="heart") for thing in picture.things)
    return plain(replace(picture, things=things))


def edged(picture: Picture) -> Pixels:
    """A thick black edge around the thing."""
    canvas = plain(picture)
    for thing in picture.things:
        canvas = lay(canvas, rgb("black"), cover(np.abs(thing.distance()) - 3.5))
    return canvas


def misty(picture: Picture) -> Pixels:
    """No edge at all: the thing fades into its ground."""
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        cover = np.clip(0.5 - thing.distance() / 24, 0, 1)[..., None]
        canvas = lay(canvas, rgb(thing.colour), cover)
    return canvas


def rays(picture: Picture) -> Pixels:
    """Rays of another shade in the ground, out of the thing."""
    ground = rgb(picture.ground)
    shade = ground * 0.55 if ground.mean() > 0.45 else ground * 0.5 + 0.45
    thing = picture.things[0]
    angle = np.arctan2(ROWS - thing.y, COLUMNS - thing.x)
    canvas = lay(flat(ground), shade, (np.sin(8 * angle) > 0)[..., None])
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas


def hollow(picture: Picture) -> Pixels:
    """The thing as an outline of its colour, its ground within."""
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(np.abs(thing.distance()) - 3.5))
    return canvas


def dusk(picture: Picture) -> Pixels:
    """Dark towards the edges of the picture."""
    away = np.hypot(COLUMNS - SIDE / 2, ROWS - SIDE / 2)[..., None]
    return plain(picture) * np.clip(1.35 - away / 44, 0.05, 1)


def bands(picture: Picture) -> Pixels:
    """Broad level bands in the ground, two shades of its colour by turns."""
    ground = rgb(picture.ground)
    shade = ground * 0.5 if ground.mean() > 0.45 else ground * 0.5 + 0.45
    canvas = lay(flat(ground), shade, (ROWS // 16 % 2)[..., None])
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas


def stars(picture: Picture) -> Pixels:
    """Every thing is a star, in its own colour."""
    things = tuple(replace(thing, shape="star") for thing in picture.things)
    return plain(replace(picture, things=things))
