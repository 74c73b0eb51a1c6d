"""
What a curve says, in the reader's language: the verdict, its reasons, the doubts, the claim.

The sentences are the registry's (registry/sweeps/reasons.py), which is plain Python and speaks
English. They are listed here for the translators; tests/hub/pages/test_curve_words.py holds the
list against the registry's table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from registry.sweeps.claims import Verdict, hold
from registry.sweeps.reasons import SENTENCES, filled

if TYPE_CHECKING:
    from registry.models import AdapterVersion, Curve

LISTED = (
    _(
        "It begins to show at {weight}: it differs from weight 0 by {distance}, where "
        "{needed} is enough to tell that it is there."
    ),
    _(
        "It shows at no weight: the furthest it moves is {most}, and below {needed} nobody "
        "sees a difference."
    ),
    _(
        "{weight} is best: what it does is there to {share} %, and the steps beside it change"
        " little ({change})."
    ),
    _(
        "{weight} is best: what it does is there to {share} %, and it lies {way} % of the way "
        "from where it shows to where it breaks or was not looked at any more."
    ),
    _(
        "No weight beyond {high} is suggested: at {weight} {frayed} of {rows} scenes have lost "
        "most of what they show."
    ),
    _("There is no range: where it shows, it is broken already."),
    _(
        "From {weight} on it is bad: the step there changes {distance}, away from what it "
        "plainly showed before."
    ),
    _(
        "From {weight} on it is bad: at a distance of {distance} hardly anything of the scene"
        " is left."
    ),
    _(
        "From {weight} on it is bad: one scene after the other has lost what it shows, and "
        "half of them have by then."
    ),
    _("At {weight} little is left of what tells the scenes apart: {value}, where 1 is all."),
    _(
        "At {weight} different scenes come out alike: {value} of their difference is left, "
        "where 1 is all."
    ),
    _(
        "At {weight} different seeds come out alike: {value} of their difference is left, where 1 "
        "is all."
    ),
    _("At {weight} {value} of all values are burnt out or black, {at_zero} without it."),
    _("At {weight} its colours are at {value} of the most there is, {at_zero} without it."),
    _("At {weight} it has {times} times the fine detail of the picture without it."),
    _("At {weight} {times} of the fine detail of the picture without it is left."),
    _(
        "At {weight} things fade into their ground: {times} of the fine detail of the picture "
        "without it is left."
    ),
    _("At {weight} its latents are {times} times as large as without it."),
    _("At {weight} its latents are only {times} times as large as without it."),
    _(
        "At {weight} the pictures fit their prompts to {value}, where they do to {at_zero} without "
        "it."
    ),
    _("At {weight} it is {times} times as perplexed by a plain passage as without it."),
    _("At {weight} {value} of what it says repeats itself, {at_zero} without it."),
    _("From {weight} on it is bad: its values are no numbers any more."),
    _(
        "From {weight} on {bad} of {rows} scenes are bad; the others hold as far as it was looked "
        "at."
    ),
    _("No weight up to {weight} is bad."),
    _(
        "It jumps between {before} and {weight}: that step changes {times} times as much as "
        "its others."
    ),
    _("Only {rows} of {needed} scenes were looked at."),
    _("Only {weights} weights were looked at."),
    _(
        "The scenes disagree on where it shows: {shown} of {rows} do, the first at {low} and "
        "the last at {high}."
    ),
    _("The scenes disagree on where it breaks: {bad} of {rows} do by {weight}."),
    _(
        "Only {bad} of {rows} scenes break, and no lower than at {weight}, the last weight "
        "looked at."
    ),
    _("The scenes disagree at {weight}: they moved by {distance}, give or take {spread}."),
    _("No bad weight was found up to {weight}, so the range may go on."),
    _(
        "The most that it does, {most}, is little more than what two pictures of the base "
        "differ by."
    ),
    _(
        "In another shape it shows far less at {weight}: it moves by {distance}, where its "
        "scenes move by {usual}."
    ),
    _(
        "On an unusual prompt it shows far less at {weight}: it moves by {distance}, where "
        "its scenes move by {usual}."
    ),
    _("In another shape it breaks at {weight} already, within the range up to {high}."),
    _("An unusual prompt breaks at {weight} already, within the range up to {high}."),
    _(
        "By another seed it shows far less at {weight}: it moves by {distance}, where the scenes' "
        "own seeds move by {usual}."
    ),
    _("By another seed it breaks at {weight} already, within the range from {low} to {high}."),
    _("At {weight} different seeds come out alike already, within the range from {low} to {high}."),
    _("It is still growing at {weight}, the highest weight looked at."),
)

CLAIMS: Mapping[Verdict, str] = {
    Verdict.AGREES: _("What was measured agrees."),
    Verdict.BREAKS: _("Measured, it breaks before that."),
    Verdict.UNSEEN: _("Measured, it does not show there yet."),
    Verdict.BEYOND: _("That is further than was looked at."),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A curve in words. `because` are the reasons of what it says, `doubts` those against it."""

    is_sure: bool
    because: tuple[str, ...]
    doubts: tuple[str, ...]
    signs: tuple[str, ...]
    claim: str  # what was measured says of it; empty if there is nothing to say


def of_curve(curve: Curve | None, version: AdapterVersion) -> Said | None:
    """Return the curve in words, None where there is none."""
    if curve is None:
        return None
    return Said(
        is_sure=curve.certainty == "sure",
        because=tuple(say(one) for one in curve.reasons if one["about"] != "certainty"),
        doubts=tuple(say(one) for one in curve.reasons if one["about"] == "certainty"),
        signs=tuple(say(one) for one in _first_of_each(curve.signs)),
        claim=_of_the_claim(version, curve),
    )


def say(stored: Mapping[str, Any]) -> str:
    """Return the sentence of a stored reason or sign; a code that nobody knows says itself."""
    template = SENTENCES.get(stored["code"])
    if template is None:
        return str(stored["code"])
    return gettext(template).format(**filled(stored))


def _first_of_each(signs: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the sign nearest to weight 0 of each kind; those that break are reasons already."""
    told = [sign for sign in signs if not sign.get("breaks")]
    nearest = sorted(told, key=lambda sign: abs(sign["weight"]))
    return list({sign["code"]: sign for sign in reversed(nearest)}.values())[::-1]


def _of_the_claim(version: AdapterVersion, curve: Curve) -> str:
    verdict = hold(version.weight_default, version.weight_high, curve)
    return gettext(CLAIMS[verdict]) if verdict in CLAIMS else ""
