"""
Why the curve says what it says: a code and numbers, and the sentence that they make in English.

A code, once released, is never reused for another sentence: stored curves refer to it. Pages look
the sentence up in the reader's language and fill in the same numbers (hub/pages/curve_words.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """
    One reason. `about` is what it is the reason of: a field of the curve, or `certainty`.

    :raises KeyError: on building, if there is no sentence of that code
    """

    about: str
    code: str
    numbers: Mapping[str, float | int | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        SENTENCES[self.code]

    @property
    def sentence(self) -> str:
        return sentence(self.code, self.numbers)

    def as_stored(self) -> dict[str, Any]:
        return {"about": self.about, "code": self.code, **shortened(self.numbers)}


def shortened(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers as they are kept: three digits are more than anyone looks at."""
    return {
        name: round(value, 3) if isinstance(value, float) else value
        for name, value in numbers.items()
    }


def sentence(code: str, numbers: Mapping[str, Any]) -> str:
    """Return the English sentence of a stored reason; a code from a newer release says itself."""
    template = SENTENCES.get(code)
    return template.format(**filled(numbers)) if template else code


def filled(numbers: Mapping[str, Any]) -> dict[str, str]:
    """Return the numbers as a sentence has them."""
    return {
        name: f"{value:.3g}" if isinstance(value, float) else str(value)
        for name, value in numbers.items()
    }


SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        # onset
        "shows": (
            "It begins to show at {weight}: it differs from weight 0 by {distance}, where {needed} "
            "is enough to tell that it is there."
        ),
        "never-shows": (
            "It shows at no weight: the furthest it moves is {most}, and below {needed} nobody "
            "sees a difference."
        ),
        # low, best and high
        "settled": (
            "{weight} is best: what it does is there to {share} %, and the steps beside it change "
            "little ({change})."
        ),
        "within": (
            "{weight} is best: what it does is there to {share} %, and it lies {way} % of the way "
            "from where it shows to where it breaks or was not looked at any more."
        ),
        "frays": (
            "No weight beyond {high} is suggested: at {weight} {frayed} of {rows} scenes have lost "
            "most of what they show."
        ),
        "all-bad": "There is no range: where it shows, it is broken already.",
        # first_bad
        "leaves": (
            "From {weight} on it is bad: the step there changes {distance}, away from what it "
            "plainly showed before."
        ),
        "nothing-left": (
            "From {weight} on it is bad: at a distance of {distance} hardly anything of the scene "
            "is left."
        ),
        "lost-singly": (
            "From {weight} on it is bad: one scene after the other has lost what it shows, and "
            "half of them have by then."
        ),
        "lost": (
            "At {weight} little is left of what tells the scenes apart: {value}, where 1 is all."
        ),
        "collapse": (
            "At {weight} different scenes come out alike: {value} of their difference is left, "
            "where 1 is all."
        ),
        "seeds-alike": (
            "At {weight} different seeds come out alike: {value} of their difference is left, "
            "where 1 is all."
        ),
        "clipping": (
            "At {weight} {value} of all values are burnt out or black, {at_zero} without it."
        ),
        "saturation": (
            "At {weight} its colours are at {value} of the most there is, {at_zero} without it."
        ),
        "noise": ("At {weight} it has {times} times the fine detail of the picture without it."),
        "blur": "At {weight} {times} of the fine detail of the picture without it is left.",
        "fog": (
            "At {weight} things fade into their ground: {times} of the fine detail of the picture "
            "without it is left."
        ),
        "swollen": "At {weight} its latents are {times} times as large as without it.",
        "shrunken": "At {weight} its latents are only {times} times as large as without it.",
        "unfaithful": (
            "At {weight} the pictures fit their prompts to {value}, where they do to {at_zero} "
            "without it."
        ),
        "perplexity": (
            "At {weight} it is {times} times as perplexed by a plain passage as without it."
        ),
        "repetition": "At {weight} {value} of what it says repeats itself, {at_zero} without it.",
        "no-number": "From {weight} on it is bad: its values are no numbers any more.",
        "bad-in-part": (
            "From {weight} on {bad} of {rows} scenes are bad; the others hold as far as it was "
            "looked at."
        ),
        "never-bad": "No weight up to {weight} is bad.",
        # jumps
        "jump": (
            "It jumps between {before} and {weight}: that step changes {times} times as much as "
            "its others."
        ),
        # certainty
        "few-rows": "Only {rows} of {needed} scenes were looked at.",
        "few-weights": "Only {weights} weights were looked at.",
        "onset-apart": (
            "The scenes disagree on where it shows: {shown} of {rows} do, the first at {low} and "
            "the last at {high}."
        ),
        "bad-apart": "The scenes disagree on where it breaks: {bad} of {rows} do by {weight}.",
        "seen-once": (
            "Only {bad} of {rows} scenes break, and no lower than at {weight}, the last weight "
            "looked at."
        ),
        "rows-apart": (
            "The scenes disagree at {weight}: they moved by {distance}, give or take {spread}."
        ),
        "not-reached": "No bad weight was found up to {weight}, so the range may go on.",
        "faint": (
            "The most that it does, {most}, is little more than what two pictures of the base "
            "differ by."
        ),
        "weaker-wide": (
            "In another shape it shows far less at {weight}: it moves by {distance}, where its "
            "scenes move by {usual}."
        ),
        "weaker-unusual": (
            "On an unusual prompt it shows far less at {weight}: it moves by {distance}, where "
            "its scenes move by {usual}."
        ),
        "breaks-wide": (
            "In another shape it breaks at {weight} already, within the range up to {high}."
        ),
        "breaks-unusual": (
            "An unusual prompt breaks at {weight} already, within the range up to {high}."
        ),
        "weaker-seed": (
            "By another seed it shows far less at {weight}: it moves by {distance}, where the "
            "scenes' own seeds move by {usual}."
        ),
        "breaks-seed": (
            "By another seed it breaks at {weight} already, within the range from {low} to {high}."
        ),
        "alike-within": (
            "At {weight} different seeds come out alike already, within the range from {low} to "
            "{high}."
        ),
        "at-the-end": "It is still growing at {weight}, the highest weight looked at.",
    }
)
