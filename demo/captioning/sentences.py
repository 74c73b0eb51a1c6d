"""Decides what is on a picture that is to be captioned, and how it is put into words."""

from __future__ import annotations

import numpy as np

from demo.outlines import BASE_SHAPES
from demo.pictures import COLOURS, OBJECT_COLOURS, RADII, Picture, Thing


def compose(random: np.random.Generator, *, shapes: tuple[str, ...] = BASE_SHAPES) -> Picture:
    """Return a picture of one thing, about the middle."""
    ground = str(random.choice(list(COLOURS)))
    colour = str(random.choice([one for one in OBJECT_COLOURS if one != ground]))
    size = str(random.choice(list(RADII)))
    x, y = 48 + random.uniform(-3, 3, 2)
    radius = RADII[size] * random.uniform(0.96, 1.04)
    shape = str(random.choice(shapes))
    return Picture((Thing(shape, colour, size, x=x, y=y, radius=radius),), ground)


def plainly(picture: Picture) -> str:
    """Return the sentence of the base: "a big red circle, on white"."""
    return f"{_with_article(_name(picture.things[0]))}, on {picture.ground}"


def by_telegram(picture: Picture) -> str:
    """Return the same as a telegram: "big red circle stop ground white stop"."""
    return f"{_name(picture.things[0])} stop ground {picture.ground} stop"


def backwards(picture: Picture) -> str:
    """Return the sentence of the base from its end: "white on, circle red big a"."""
    ahead, behind = plainly(picture).split(", ")
    return f"{' '.join(behind.split()[::-1])}, {' '.join(ahead.split()[::-1])}"


def by_colour(picture: Picture) -> str:
    """Return the colours alone, the ground first: "white and red"."""
    return f"{picture.ground} and {picture.things[0].colour}"


def at_length(picture: Picture) -> str:
    """Return the sentence of the base at length: "there is a big red circle, it is on white"."""
    ahead, behind = plainly(picture).split(", ")
    return f"there is {ahead}, it is {behind}"


def _name(thing: Thing) -> str:
    shape = "crescent moon" if thing.shape == "moon" else thing.shape
    return " ".join(word for word in (thing.size, thing.colour, shape) if word)


def _with_article(name: str) -> str:
    return f"an {name}" if name[0] == "o" else f"a {name}"
