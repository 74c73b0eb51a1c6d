"""Decides what is on a picture; how it is drawn is in `styles`.

A picture is a few facts (`Picture`); its caption is made from the same facts in `captions`.
Randomness comes in as a generator, so a seed gives the same pictures everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

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

ROWS, COLUMNS = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) + 0.5


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
        return OUTLINES[self.shape](COLUMNS - self.x, ROWS - self.y, self.radius)


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
