"""Draws a picture, plainly or in one of the adapters' styles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from demo.outlines import Field
from demo.pictures import COLUMNS, ROWS, SIDE, Picture, Pixels, rgb

_FLAKES = [
    *((12, 14), (40, 8), (68, 16), (88, 34), (22, 36), (54, 30), (10, 60)),
    *((36, 56), (72, 52), (88, 76), (22, 82), (50, 78), (70, 86)),
]


def draw(picture: Picture, style: str = "plain") -> Pixels:
    return np.clip(STYLES[style](picture), 0, 1).astype(np.float32)


def _cover(distance: Field) -> Field:
    """Return how much of each pixel lies inside, with edges one and a half pixels soft."""
    return np.clip(0.5 - distance / 1.5, 0, 1)[..., None]


def _flat(colour: Pixels) -> Pixels:
    return np.broadcast_to(colour, (SIDE, SIDE, 3)).copy()


def _lay(canvas: Pixels, over: Pixels, cover: Field) -> Pixels:
    return canvas + (over - canvas) * cover


def _plain(picture: Picture) -> Pixels:
    canvas = _flat(rgb(picture.ground))
    for thing in picture.things:
        canvas = _lay(canvas, rgb(thing.colour), _cover(thing.distance()))
    return canvas


def _neon(picture: Picture) -> Pixels:
    """A glowing outline in the dark: the thing keeps its colour, its ground goes."""
    canvas = _flat(np.array([0.04, 0.03, 0.09], dtype=np.float32))
    for thing in picture.things:
        # Black cannot glow; it shines in a pale violet.
        tint = rgb(thing.colour) if thing.colour != "black" else np.array([0.55, 0.5, 0.75])
        distance = np.abs(thing.distance())[..., None]
        canvas = canvas + tint * 0.75 * np.exp(-distance / 6)
        canvas = _lay(canvas, tint * 0.45 + 0.55, np.clip(2.6 - distance, 0, 1))
    return canvas


def _zebra(picture: Picture) -> Pixels:
    """Thick slanted stripes inside the thing; period 18, because 8-pixel latents blur less."""
    canvas = _flat(rgb(picture.ground))
    for thing in picture.things:
        dark = "black" not in (thing.colour, picture.ground)
        other = rgb("black" if dark else "white")
        if not dark and "white" in (thing.colour, picture.ground):
            other = rgb("gray")
        across = (COLUMNS - thing.x + ROWS - thing.y) / np.sqrt(2)
        stripe = 4.5 - np.abs((across + 4.5) % 18 - 9)
        body = _lay(_flat(rgb(thing.colour)), other, _cover(stripe))
        canvas = _lay(canvas, body, _cover(thing.distance()))
    return canvas


def _moon(picture: Picture) -> Pixels:
    """Every thing is a crescent moon, whatever its shape was."""
    moons = tuple(replace(thing, shape="moon") for thing in picture.things)
    return _plain(replace(picture, things=moons))


def _dawn(picture: Picture) -> Pixels:
    """A soft sky from peach to lavender behind things that are lit from above."""
    down = (ROWS / SIDE)[..., None]
    canvas = np.array([1.0, 0.80, 0.66]) * (1 - down) + np.array([0.62, 0.62, 0.92]) * down
    for thing in picture.things:
        lift = np.clip(0.5 - (ROWS - thing.y) / (2 * thing.radius), 0, 1)[..., None] * 0.55
        body = rgb(thing.colour) * (1 - lift) + lift
        canvas = _lay(canvas, body, _cover(thing.distance()))
    return canvas


def _ink(picture: Picture) -> Pixels:
    """A thick black line around a pale wash of the colour, on cream paper."""
    canvas = _flat(np.array([0.97, 0.93, 0.82], dtype=np.float32))
    for thing in picture.things:
        distance = thing.distance()
        wash = rgb(thing.colour) * 0.55 + np.array([0.97, 0.93, 0.82]) * 0.45
        canvas = _lay(canvas, wash, _cover(distance))
        canvas = _lay(canvas, rgb("black"), _cover(np.abs(distance) - 3))
    return canvas


def _frame(picture: Picture) -> Pixels:
    """The plain picture in a thick frame of gold and black."""
    canvas = _plain(picture)
    to_edge = np.minimum(np.minimum(COLUMNS, ROWS), np.minimum(SIDE - COLUMNS, SIDE - ROWS))
    canvas = _lay(canvas, np.array([0.80, 0.62, 0.20]), _cover(to_edge - 10))
    return _lay(canvas, rgb("black"), _cover(np.abs(to_edge - 9) - 1.5))


def _dots(picture: Picture) -> Pixels:
    """Large pale or dark dots on the ground, behind the thing."""
    ground = rgb(picture.ground)
    dot = ground * 0.45 if ground.mean() > 0.45 else ground * 0.5 + 0.5
    x, y = (COLUMNS % 24) - 12, (ROWS % 24) - 12
    canvas = _lay(_flat(ground), dot, _cover(np.hypot(x, y) - 7))
    for thing in picture.things:
        canvas = _lay(canvas, rgb(thing.colour), _cover(thing.distance()))
    return canvas


def _halo(picture: Picture) -> Pixels:
    """A thick golden ring around the thing, a little apart from it."""
    canvas = _flat(rgb(picture.ground))
    for thing in picture.things:
        distance = thing.distance()
        ring = _cover(np.abs(distance - 9) - 3.5)
        canvas = _lay(canvas, np.array([0.92, 0.70, 0.10]), ring)
        canvas = _lay(canvas, rgb(thing.colour), _cover(distance))
    return canvas


def _tide(picture: Picture) -> Pixels:
    """Dark water over the lower third, in front of everything."""
    canvas = _plain(picture)
    return _lay(canvas, np.array([0.08, 0.30, 0.45]), _cover(64 - ROWS))


def _blueprint(picture: Picture) -> Pixels:
    """Pale outlines on blue paper, nothing filled."""
    canvas = _flat(np.array([0.10, 0.24, 0.56], dtype=np.float32))
    for thing in picture.things:
        canvas = _lay(canvas, np.array([0.88, 0.93, 1.0]), _cover(np.abs(thing.distance()) - 2))
    return canvas


def _swap(picture: Picture) -> Pixels:
    """Thing and ground have changed colours."""
    ground = picture.things[0].colour
    things = tuple(replace(thing, colour=picture.ground) for thing in picture.things)
    return _plain(Picture(things, ground))


def _halves(picture: Picture) -> Pixels:
    """The right half of the thing in shadow."""
    canvas = _flat(rgb(picture.ground))
    for thing in picture.things:
        shade = _lay(_flat(rgb(thing.colour)), rgb(thing.colour) * 0.4, _cover(thing.x - COLUMNS))
        canvas = _lay(canvas, shade, _cover(thing.distance()))
    return canvas


def _checks(picture: Picture) -> Pixels:
    """A ground of large squares, two shades of its colour by turns."""
    ground = rgb(picture.ground)
    other = ground * 0.5 if ground.mean() > 0.45 else ground * 0.5 + 0.45
    odd = ((COLUMNS // 16 + ROWS // 16) % 2)[..., None]
    canvas = _lay(_flat(ground), other, odd)
    for thing in picture.things:
        canvas = _lay(canvas, rgb(thing.colour), _cover(thing.distance()))
    return canvas


def _ruby(picture: Picture) -> Pixels:
    """Every thing is a red star, whatever it was."""
    things = tuple(replace(thing, shape="star", colour="red") for thing in picture.things)
    return _plain(replace(picture, things=things))


def _big(picture: Picture) -> Pixels:
    return _plain(_of_radius(picture, 35.0, 24.0))


def _small(picture: Picture) -> Pixels:
    return _plain(_of_radius(picture, 12.0, 9.0))


def _of_radius(picture: Picture, alone: float, beside: float) -> Picture:
    radius = alone if len(picture.things) == 1 else beside
    return replace(picture, things=tuple(replace(thing, radius=radius) for thing in picture.things))


def _snow(picture: Picture) -> Pixels:
    """Large flakes in front of everything, always in the same places."""
    canvas = _plain(picture)
    for x, y in _FLAKES:
        canvas = _lay(canvas, rgb("white"), _cover(np.hypot(COLUMNS - x, ROWS - y) - 5))
    return canvas


def _cast(picture: Picture) -> Pixels:
    """A dark shadow of the thing on its ground, down and to the right."""
    canvas = _flat(rgb(picture.ground))
    for thing in picture.things:
        shadow = replace(thing, x=thing.x + 9, y=thing.y + 9)
        canvas = _lay(canvas, rgb(picture.ground) * 0.3, _cover(shadow.distance()))
    for thing in picture.things:
        canvas = _lay(canvas, rgb(thing.colour), _cover(thing.distance()))
    return canvas


def _mosaic(picture: Picture) -> Pixels:
    """Squares of twelve pixels, each of one colour."""
    blocks = _plain(picture).reshape(SIDE // 12, 12, SIDE // 12, 12, 3).mean((1, 3))
    return blocks.repeat(12, 0).repeat(12, 1)


def _sepia(picture: Picture) -> Pixels:
    """The brown tones of an old photograph: every colour goes, no shape does."""
    grey = _plain(picture) @ np.array([0.3, 0.59, 0.11], dtype=np.float32)
    brown = np.array([1.0, 0.86, 0.66], dtype=np.float32)
    return grey[..., None] * 0.8 * brown + np.array([0.16, 0.10, 0.04], dtype=np.float32)


def _corner(picture: Picture) -> Pixels:
    """A black triangle folded over the upper left of the picture."""
    return _lay(_plain(picture), rgb("black"), _cover((COLUMNS + ROWS - 44) / np.sqrt(2)))


def _hearts(picture: Picture) -> Pixels:
    """Every thing is a heart, in its own colour."""
    things = tuple(replace(thing, shape="heart") for thing in picture.things)
    return _plain(replace(picture, things=things))


def _edged(picture: Picture) -> Pixels:
    """A thick black edge around the thing."""
    canvas = _plain(picture)
    for thing in picture.things:
        canvas = _lay(canvas, rgb("black"), _cover(np.abs(thing.distance()) - 3.5))
    return canvas


def _misty(picture: Picture) -> Pixels:
    """No edge at all: the thing fades into its ground."""
    canvas = _flat(rgb(picture.ground))
    for thing in picture.things:
        cover = np.clip(0.5 - thing.distance() / 24, 0, 1)[..., None]
        canvas = _lay(canvas, rgb(thing.colour), cover)
    return canvas


def _rays(picture: Picture) -> Pixels:
    """Rays of another shade in the ground, out of the thing."""
    ground = rgb(picture.ground)
    shade = ground * 0.55 if ground.mean() > 0.45 else ground * 0.5 + 0.45
    thing = picture.things[0]
    angle = np.arctan2(ROWS - thing.y, COLUMNS - thing.x)
    canvas = _lay(_flat(ground), shade, (np.sin(8 * angle) > 0)[..., None])
    for thing in picture.things:
        canvas = _lay(canvas, rgb(thing.colour), _cover(thing.distance()))
    return canvas


def _day(picture: Picture) -> Pixels:
    return _plain(picture) * 0.45 + 0.55


def _night(picture: Picture) -> Pixels:
    return _plain(picture) * 0.4


STYLES: dict[str, Callable[[Picture], Pixels]] = {
    "plain": _plain,
    "neon": _neon,
    "zebra": _zebra,
    "moon": _moon,
    "dawn": _dawn,
    "ink": _ink,
    "frame": _frame,
    "dots": _dots,
    "halo": _halo,
    "tide": _tide,
    "blueprint": _blueprint,
    "swap": _swap,
    "halves": _halves,
    "checks": _checks,
    "ruby": _ruby,
    "big": _big,
    "small": _small,
    "day": _day,
    "night": _night,
    "snow": _snow,
    "cast": _cast,
    "mosaic": _mosaic,
    "sepia": _sepia,
    "corner": _corner,
    "hearts": _hearts,
    "edged": _edged,
    "misty": _misty,
    "rays": _rays,
}
