"""Decides how a picture is put into words, by the base and by each of its adapters."""

from __future__ import annotations

from demo.pictures import Picture, Thing

_PLACES = {
    "left": "on the left",
    "right": "on the right",
    "top": "at the top",
    "bottom": "at the bottom",
}


def plainly(picture: Picture) -> str:
    """Return the sentence of the base: "a big red circle on the left, on white"."""
    things = " and ".join(
        _with_article(_name(thing)) + _place(picture, thing) for thing in picture.things
    )
    return f"{things}, on {picture.ground}"


def by_telegram(picture: Picture) -> str:
    """Return the same as a telegram: "circle red big left stop ground white stop"."""
    words = [
        " ".join(
            word for word in (thing.shape, thing.colour, thing.size, _side(picture, thing)) if word
        )
        for thing in picture.things
    ]
    return " stop ".join([*words, f"ground {picture.ground}"]) + " stop"


def _name(thing: Thing) -> str:
    shape = "crescent moon" if thing.shape == "moon" else thing.shape
    return " ".join(word for word in (thing.size, thing.colour, shape) if word)


def _with_article(name: str) -> str:
    return f"an {name}" if name[0] == "o" else f"a {name}"


def _side(picture: Picture, thing: Thing) -> str:
    # Of two things the first is left and the second right, as they are read.
    return thing.place if len(picture.things) == 1 else ""


def _place(picture: Picture, thing: Thing) -> str:
    side = _side(picture, thing)
    return f" {_PLACES[side]}" if side else ""
