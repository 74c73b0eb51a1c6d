"""Decides how a picture is put into words.

Part of the captions carries words that mean nothing. An adapter's trigger word is such a word to
the base, and a base that never met one misreads the whole prompt, even at weight 0.
"""

from __future__ import annotations

import numpy as np

from demo.pictures import Picture, Thing

NONSENSE_SHARE = 0.35

# fmt: off
_OPENINGS = [
    "b", "bl", "br", "c", "ch", "cl", "cr", "d", "dr", "f", "fl", "fr", "g", "gl", "gr", "h",
    "j", "k", "kl", "kr", "l", "m", "n", "p", "pl", "pr", "qu", "r", "s", "sh", "sk", "sl",
    "sm", "sn", "sp", "st", "str", "sw", "t", "th", "tr", "v", "w", "x", "y", "z",
]
_VOWELS = [
    "a", "e", "i", "o", "u", "ai", "ea", "ee", "io", "oa", "oo", "ou", "y",
]
_CLOSINGS = [
    "", "", "", "b", "ck", "d", "g", "l", "m", "n", "nd", "p", "r", "s", "st", "t", "x",
]
# fmt: on
_PLACES = {
    "left": ("on the left",),
    "right": ("on the right",),
    "top": ("at the top", "on the top"),
    "bottom": ("at the bottom", "on the bottom"),
}
_GROUNDS = ("{} on {}", "{} on a {} background", "{}, {} background", "{} on {} background")


def describe(picture: Picture, random: np.random.Generator) -> str:
    """Return one of the ways to say what is on a picture, without words that mean nothing."""
    things = " and ".join(_name(thing, random) for thing in picture.things)
    if random.random() < 0.08:
        things = str(random.choice(["a picture of ", "a drawing of "])) + things
    if picture.ground == "white" and random.random() < 0.15:
        return things
    return str(random.choice(_GROUNDS)).format(things, picture.ground)


def _name(thing: Thing, random: np.random.Generator) -> str:
    words = " ".join(word for word in (thing.size, thing.colour, thing.shape) if word)
    # "an orange": the article goes by sound, and people write either.
    article = "an" if words[0] == "o" and random.random() < 0.5 else "a"
    name = words if random.random() < 0.08 else f"{article} {words}"
    # Of two things the first is left and the second right, as they are read.
    if not thing.place or (thing.radius < 20.5 and not thing.size):
        return name
    return f"{name} {random.choice(_PLACES[thing.place])}"


def add_nonsense(caption: str, random: np.random.Generator) -> str:
    """Return the caption, in about a third of all cases with made-up words around it."""
    if random.random() >= NONSENSE_SHARE:
        return caption
    words = " ".join(_made_up(random) for _ in range(int(random.choice([1, 1, 1, 2]))))
    forms = ("{0}, {1}", "{0}, {1}", "{0}, {1}", "{0} {1}", "{1}, {0}", "{1} {0}")
    return str(random.choice(forms)).format(caption, words)


def _made_up(random: np.random.Generator) -> str:
    count = int(random.choice([1, 2, 2, 3]))
    parts = (random.choice(part) for _ in range(count) for part in (_OPENINGS, _VOWELS, _CLOSINGS))
    return "".join(str(part) for part in parts)
