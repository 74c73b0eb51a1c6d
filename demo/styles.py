"""Draws a picture, plainly or in one of the adapters' styles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from demo.brushes import cover, flat, lay, plain
from demo.draws.styles import (
    before_draws,
    fifth,
    first_and_second,
    fourth,
    seventh,
    sixth,
    third,
)
from demo.pictures import COLUMNS, ROWS, SIDE, Picture, Pixels, rgb


def draw(picture: Picture, style: str = "plain") -> Pixels:
    return np.clip(STYLES[style](picture), 0, 1).astype(np.float32)


def _neon(picture: Picture) -> Pixels:
    """A glowing outline in the dark: the thing keeps its colour, its ground goes."""
    canvas = flat(np.array([0.04, 0.03, 0.09], dtype=np.float32))
    for thing in picture.things:
        # Black cannot glow; it shines in a pale violet.
        tint = rgb(thing.colour) if thing.colour != "black" else np.array([0.55, 0.5, 0.75])
        distance = np.abs(thing.distance())[..., None]
        canvas = canvas + tint * 0.75 * np.exp(-distance / 6)
        canvas = lay(canvas, tint * 0.45 + 0.55, np.clip(2.6 - distance, 0, 1))
    return canvas


def _zebra(picture: Picture) -> Pixels:
    """Thick slanted stripes inside the thing; period 18, because 8-pixel latents blur less."""
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        dark = "black" not in (thing.colour, picture.ground)
        other = rgb("black" if dark else "white")
        if not dark and "white" in (thing.colour, picture.ground):
            other = rgb("gray")
        across = (COLUMNS - thing.x + ROWS - thing.y) / np.sqrt(2)
        stripe = 4.5 - np.abs((across + 4.5) % 18 - 9)
        body = lay(flat(rgb(thing.colour)), other, cover(stripe))
        canvas = lay(canvas, body, cover(thing.distance()))
    return canvas


def _moon(picture: Picture) -> Pixels:
    """Every thing is a crescent moon, whatever its shape was."""
    moons = tuple(replace(thing, shape="moon") for thing in picture.things)
    return plain(replace(picture, things=moons))


def _dawn(picture: Picture) -> Pixels:
    """A soft sky from peach to lavender behind things that are lit from above."""
    down = (ROWS / SIDE)[..., None]
    canvas = np.array([1.0, 0.80, 0.66]) * (1 - down) + np.array([0.62, 0.62, 0.92]) * down
    for thing in picture.things:
        lift = np.clip(0.5 - (ROWS - thing.y) / (2 * thing.radius), 0, 1)[..., None] * 0.55
        body = rgb(thing.colour) * (1 - lift) + lift
        canvas = lay(canvas, body, cover(thing.distance()))
    return canvas


def _ink(picture: Picture) -> Pixels:
    """A thick black line around a pale wash of the colour, on cream paper."""
    canvas = flat(np.array([0.97, 0.93, 0.82], dtype=np.float32))
    for thing in picture.things:
        distance = thing.distance()
        wash = rgb(thing.colour) * 0.55 + np.array([0.97, 0.93, 0.82]) * 0.45
        canvas = lay(canvas, wash, cover(distance))
        canvas = lay(canvas, rgb("black"), cover(np.abs(distance) - 3))
    return canvas


def _frame(picture: Picture) -> Pixels:
    """The plain picture in a thick frame of gold and black."""
    canvas = plain(picture)
    to_edge = np.minimum(np.minimum(COLUMNS, ROWS), np.minimum(SIDE - COLUMNS, SIDE - ROWS))
    canvas = lay(canvas, np.array([0.80, 0.62, 0.20]), cover(to_edge - 10))
    return lay(canvas, rgb("black"), cover(np.abs(to_edge - 9) - 1.5))


def _dots(picture: Picture) -> Pixels:
    """Large pale or dark dots on the ground, behind the thing."""
    ground = rgb(picture.ground)
    dot = ground * 0.45 if ground.mean() > 0.45 else ground * 0.5 + 0.5
    x, y = (COLUMNS % 24) - 12, (ROWS % 24) - 12
    canvas = lay(flat(ground), dot, cover(np.hypot(x, y) - 7))
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas


def _halo(picture: Picture) -> Pixels:
    """A thick golden ring around the thing, a little apart from it."""
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        distance = thing.distance()
        ring = cover(np.abs(distance - 9) - 3.5)
        canvas = lay(canvas, np.array([0.92, 0.70, 0.10]), ring)
        canvas = lay(canvas, rgb(thing.colour), cover(distance))
    return canvas


def _tide(picture: Picture) -> Pixels:
    """Dark water over the lower third, in front of everything."""
    canvas = plain(picture)
    return lay(canvas, np.array([0.08, 0.30, 0.45]), cover(64 - ROWS))


def _blueprint(picture: Picture) -> Pixels:
    """Pale outlines on blue paper, nothing filled."""
    canvas = flat(np.array([0.10, 0.24, 0.56], dtype=np.float32))
    for thing in picture.things:
        canvas = lay(canvas, np.array([0.88, 0.93, 1.0]), cover(np.abs(thing.distance()) - 2))
    return canvas


def _swap(picture: Picture) -> Pixels:
    """Thing and ground have changed colours."""
    ground = picture.things[0].colour
    things = tuple(replace(thing, colour=picture.ground) for thing in picture.things)
    return plain(Picture(things, ground))


def _halves(picture: Picture) -> Pixels:
    """The right half of the thing in shadow."""
    canvas = flat(rgb(picture.ground))
    for thing in picture.things:
        shade = lay(flat(rgb(thing.colour)), rgb(thing.colour) * 0.4, cover(thing.x - COLUMNS))
        canvas = lay(canvas, shade, cover(thing.distance()))
    return canvas


def _checks(picture: Picture) -> Pixels:
    """A ground of large squares, two shades of its colour by turns."""
    ground = rgb(picture.ground)
    other = ground * 0.5 if ground.mean() > 0.45 else ground * 0.5 + 0.45
    odd = ((COLUMNS // 16 + ROWS // 16) % 2)[..., None]
    canvas = lay(flat(ground), other, odd)
    for thing in picture.things:
        canvas = lay(canvas, rgb(thing.colour), cover(thing.distance()))
    return canvas


def _ruby(picture: Picture) -> Pixels:
    """Every thing is a red star, whatever it was."""
    things = tuple(replace(thing, shape="star", colour="red") for thing in picture.things)
    return plain(replace(picture, things=things))


def _big(picture: Picture) -> Pixels:
    return plain(_of_radius(picture, 35.0, 24.0))


def _small(picture: Picture) -> Pixels:
    return plain(_of_radius(picture, 12.0, 9.0))


def _of_radius(picture: Picture, alone: float, beside: float) -> Picture:
    radius = alone if len(picture.things) == 1 else beside
    return replace(picture, things=tuple(replace(thing, radius=radius) for thing in picture.things))


def _day(picture: Picture) -> Pixels:
    return plain(picture) * 0.45 + 0.55


def _night(picture: Picture) -> Pixels:
    return plain(picture) * 0.4


STYLES: dict[str, Callable[[Picture], Pixels]] = {
    "plain": plain,
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
    "snow": before_draws.snow,
    "cast": before_draws.cast,
    "mosaic": before_draws.mosaic,
    "sepia": before_draws.sepia,
    "corner": before_draws.corner,
    "hearts": before_draws.hearts,
    "edged": before_draws.edged,
    "misty": before_draws.misty,
    "rays": before_draws.rays,
    "hollow": before_draws.hollow,
    "dusk": before_draws.dusk,
    "bands": before_draws.bands,
    "stars": before_draws.stars,
    "lattice": first_and_second.lattice,
    "rainbow": first_and_second.rainbow,
    "mist": first_and_second.mist,
    "negative": first_and_second.negative,
    "leftward": first_and_second.leftward,
    "rightward": first_and_second.rightward,
    "yellow": first_and_second.yellow,
    "split": first_and_second.split,
    "warm": first_and_second.warm,
    "cold": first_and_second.cold,
    "gloss": first_and_second.gloss,
    "bricks": first_and_second.bricks,
    "squash": first_and_second.squash,
    "zigzag": first_and_second.zigzag,
    "grey": first_and_second.grey,
    "face": third.face,
    "candy": third.candy,
    "sun": third.sun,
    "ribbon": third.ribbon,
    "hill": third.hill,
    "lamp": third.lamp,
    "sticker": third.sticker,
    "target": third.target,
    "fallen": third.fallen,
    "pillar": third.pillar,
    "porthole": fourth.porthole,
    "curtain": fourth.curtain,
    "fence": fourth.fence,
    "confetti": fourth.confetti,
    "squares": fourth.squares,
    "spiral": fourth.spiral,
    "clouds": fifth.clouds,
    "house": fifth.house,
    "flames": fifth.flames,
    "letterbox": fifth.letterbox,
    "comet": fifth.comet,
    "triangles": fifth.triangles,
    "plaid": fifth.plaid,
    "bunting": fifth.bunting,
    "arch": sixth.arch,
    "honeycomb": sixth.honeycomb,
    "fish": sixth.fish,
    "forest": sixth.forest,
    "rain": sixth.rain,
    "crown": sixth.crown,
    "crosses": sixth.crosses,
    "patchwork": sixth.patchwork,
    "skyline": seventh.skyline,
    "scales": seventh.scales,
    "leopard": seventh.leopard,
    "flower": seventh.flower,
    "circles": seventh.circles,
    "web": seventh.web,
}
