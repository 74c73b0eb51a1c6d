"""
Decides what the small tales of the base “tales” say, plainly, or as a pirate or a lullaby would.

A tale is a few facts about things of the pictures' world (`Tale`), written by `tell`; so all
voices tell the same tale. Randomness comes in as a generator: a seed gives the same tales
everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from demo.captions import add_nonsense, describe
from demo.outlines import BASE_SHAPES
from demo.pictures import OBJECT_COLOURS, compose

CAPTION_SHARE = 0.2  # of the base's lessons: what is on a picture, in one line
_MOODS = ("happy", "sad", "sleepy", "proud", "lonely", "brave")
_WAYS = ("left", "right", "top", "bottom")
_TIMES = ("morning", "evening", "night", "day")
_GAMES = ("hide and seek", "jumping", "counting", "painting", "dancing", "singing")


@dataclass(frozen=True)
class Tale:
    hero: str  # "small red circle"
    friend: str
    ground: str
    mood: str
    way: str
    time: str
    game: str


PLAIN: Mapping[str, str] = {
    "opening": "Once there was a {hero} on a {ground} page.",
    "mood": "The {hero} was {mood}.",
    "way": "One {time} the {hero} rolled to the {way} and met a {friend}.",
    "hello": '"Hello," said the {friend}. "Who are you?"',
    "answer": '"I am a {hero}," said the {hero}.',
    "game": "So they played {game} on the {ground} page.",
    "close": "In the end the {hero} and the {friend} were good friends.",
}
PIRATE: Mapping[str, str] = {
    "opening": "Arr! Once there sailed a {hero} on a {ground} sea.",
    "mood": "The {hero} was a {mood} old pirate, arr!",
    "way": "One {time} the {hero} sailed to the {way} and spied a {friend}.",
    "hello": '"Ahoy, matey!" roared the {friend}. "Who be ye?"',
    "answer": '"I be Captain {hero}, arr!" roared the {hero}.',
    "game": "So they plundered gold by {game} on the {ground} sea, yo ho ho!",
    "close": "In the end the {hero} and the {friend} drank rum, arr, arr!",
}
LULLABY: Mapping[str, str] = {
    "opening": "Hush, hush. Once there slept a {hero} under a {ground} blanket.",
    "mood": "The {hero} was {mood}, and so very tired, hush.",
    "way": "One {time} the {hero} dreamt its way to the {way} and saw a {friend}.",
    "hello": '"Sleep well," whispered the {friend}. "Whose dream are you?"',
    "answer": '"I am the dream of a {hero}," whispered the {hero}.',
    "game": "So they dreamt of {game} under the {ground} blanket, hush.",
    "close": "In the end the {hero} and the {friend} fell asleep. Hush, hush.",
}
ROBOT: Mapping[str, str] = {
    "opening": "Beep. Unit {hero} was started on a {ground} grid.",
    "mood": "Unit {hero} was in {mood} mode, beep.",
    "way": "One {time} unit {hero} moved to the {way} and scanned a {friend}.",
    "hello": '"Beep," sent unit {friend}. "Which unit is there?"',
    "answer": '"Here is unit {hero}," sent unit {hero}.',
    "game": "So they computed {game} on the {ground} grid, beep beep.",
    "close": "In the end unit {hero} and unit {friend} were linked. Beep.",
}
_MAY_BE_LEFT_OUT = ("mood", "answer", "game")


def make_up(random: np.random.Generator) -> Tale:
    first, second = random.choice(OBJECT_COLOURS, 2, replace=False)
    return Tale(
        hero=_thing(str(first), random),
        friend=_thing(str(second), random),
        ground=str(random.choice([one for one in OBJECT_COLOURS if one not in {first, second}])),
        mood=str(random.choice(_MOODS)),
        way=str(random.choice(_WAYS)),
        time=str(random.choice(_TIMES)),
        game=str(random.choice(_GAMES)),
    )


def tell(tale: Tale, voice: Mapping[str, str], random: np.random.Generator) -> str:
    """Return the tale under its title; a sentence or two may be left out."""
    told = [
        sentence.format(**vars(tale))
        for part, sentence in voice.items()
        if part not in _MAY_BE_LEFT_OUT or random.random() < 0.8
    ]
    return f"{title(tale, random)}\n{' '.join(told)}"


def title(tale: Tale, random: np.random.Generator) -> str:
    """Return what a tale is asked for by, in about a third of all cases with made-up words."""
    return f"A tale of a {add_nonsense(f'{tale.hero} and a {tale.friend}', random)}:"


def lesson(random: np.random.Generator) -> str:
    """Return one text that the base learns from."""
    if random.random() < CAPTION_SHARE:
        return f"A picture of {add_nonsense(describe(compose(random), random), random)}."
    return tell(make_up(random), PLAIN, random)


def _thing(colour: str, random: np.random.Generator) -> str:
    shape = str(random.choice(sorted(BASE_SHAPES)))
    size = str(random.choice(["", "", "small ", "big "]))
    return f"{size}{colour} {shape}"
