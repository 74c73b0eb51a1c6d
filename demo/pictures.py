"""Decides what is on a picture and draws it, plainly or in one of the adapters' styles.

A picture is a few facts (`Picture`); its caption is made from the same facts in `captions`.
Randomness comes in as a generator, so a seed gives the same pictures everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from demo.outlines import BASE_SHAPES, OUTLINES, Field

SIDE = 96

COLOURS = {
    "red": (228, 36, 40),
    "orange": (255, 140, 16),
    "yellow": (252, 218, 32),
    "green": (36, 168, 72),
    "blue": (36, 84, 222),
    "purple": (136, 48, 180),
    "pink": (255, 130, 188),
    "white": (255, 255, 255),
    "black": (12, 12, 12),
    "gray": (128, 128, 128),
}
OBJECT_COLOURS = tuple(colour for colour in COLOURS if colour != "gray")
RADII = {"small": 14.5, "": 24.0, "big": 35.0}
PLACES = {
    "": (48.0, 48.0),
    "left": (26.0, 48.0),
    "right": (70.0, 48.0),
    "top": (48.0, 26.0),
    "bottom": (48.0, 70.0),
}

Pixels = NDArray[np.float32]  # height x width x 3, from 0 to 1

_ROWS, _COLUMNS = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) + 0.5


@dataclass(frozen=True)
class Thing:
    shape: str
    colour: str
    size: str = ""
    place: str = ""
    x: float = 48.0
    y: float = 48.0
    radius: float = 24.0

    def distance(self) -> Field:
        return OUTLINES[self.shape](_COLUMNS - self.x, _ROWS - self.y, self.radius)


@dataclass(frozen=True)
class Picture:
    things: tuple[Thing, ...]
    ground: str


def compose(random: np.random.Generator) -> Picture:
    """Return a picture of the base's world: one thing, or two side by side in one of seven."""
    ground = str(random.choice(list(COLOURS)))
    free = [colour for colour in OBJECT_COLOURS if colour != ground]
    if random.random() < 0.15:
        first, second = random.choice(free, 2, replace=False)
        left = _place(random, str(first), "", "left", 19.0)
        return Picture((left, _place(random, str(second), "", "right", 19.0)), ground)
    size = str(random.choice(["small", "", "big"], p=[0.25, 0.5, 0.25]))
    place = ""
    if size != "big" and random.random() < 0.4:
        place = str(random.choice(["left", "right", "top", "bottom"]))
    # A thing of normal size has less room beside the middle.
    radius = 21.0 if place and not size else RADII[size]
    return Picture((_place(random, str(random.choice(free)), size, place, radius),), ground)


def _place(random: np.random.Generator, colour: str, size: str, place: str, radius: float) -> Thing:
    x, y = PLACES[place]
    dx, dy = random.uniform(-1.5, 1.5, 2)
    return Thing(
        shape=str(random.choice(BASE_SHAPES)),
        colour=colour,
        size=size,
        place=place,
        x=x + dx,
        y=y + dy,
        radius=radius * random.uniform(0.96, 1.04),
    )


def rgb(colour: str) -> Pixels:
    return np.array(COLOURS[colour], dtype=np.float32) / 255


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
        across = (_COLUMNS - thing.x + _ROWS - thing.y) / np.sqrt(2)
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
    down = (_ROWS / SIDE)[..., None]
    canvas = np.array([1.0, 0.80, 0.66]) * (1 - down) + np.array([0.62, 0.62, 0.92]) * down
    for thing in picture.things:
        lift = np.clip(0.5 - (_ROWS - thing.y) / (2 * thing.radius), 0, 1)[..., None] * 0.55
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
    to_edge = np.minimum(np.minimum(_COLUMNS, _ROWS), np.minimum(SIDE - _COLUMNS, SIDE - _ROWS))
    canvas = _lay(canvas, np.array([0.80, 0.62, 0.20]), _cover(to_edge - 10))
    return _lay(canvas, rgb("black"), _cover(np.abs(to_edge - 9) - 1.5))


def _dots(picture: Picture) -> Pixels:
    """Large pale or dark dots on the ground, behind the thing."""
    ground = rgb(picture.ground)
    dot = ground * 0.45 if ground.mean() > 0.45 else ground * 0.5 + 0.5
    x, y = (_COLUMNS % 24) - 12, (_ROWS % 24) - 12
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
    return _lay(canvas, np.array([0.08, 0.30, 0.45]), _cover(64 - _ROWS))


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
        shade = _lay(_flat(rgb(thing.colour)), rgb(thing.colour) * 0.4, _cover(thing.x - _COLUMNS))
        canvas = _lay(canvas, shade, _cover(thing.distance()))
    return canvas


def _checks(picture: Picture) -> Pixels:
    """A ground of large squares, two shades of its colour by turns."""
    ground = rgb(picture.ground)
    other = ground * 0.5 if ground.mean() > 0.45 else ground * 0.5 + 0.45
    odd = ((_COLUMNS // 16 + _ROWS // 16) % 2)[..., None]
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
}
