"""Facets as a page shows them: groups of choices with counts, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from hub.pages.modalities import MODALITIES
from registry.queries.words import Kind, Proof, State

if TYPE_CHECKING:
    from hub.pages.question import Question
    from registry.queries.facets.counting import Choice, Counted

FIRST = 8  # choices that are shown before “more”
LEVELS = {
    "general": _("General"),
    "suggestive": _("Suggestive"),
    "mature": _("Mature"),
    "explicit": _("Explicit"),
}
PERMITS = {
    "no-credit": _("Use without credit"),
    "commercial-images": _("Sell pictures"),
    "commercial-services": _("Offer as a service"),
    "selling": _("Sell the adapter"),
    "derivatives": _("Share what is made of it"),
    "other-licence": _("… under another licence"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a facet is shown; `several`: more than one choice can be made."""

    name: str
    title: Any
    labels: Mapping[str, Any]
    several: bool = True


LOOKS = (
    Look("base", _("Base model"), {}),
    Look("kind", _("Kind"), dict(Kind.choices)),
    Look("tags", _("Tags"), {}),
    Look("content", _("Content level"), LEVELS),
    Look("team", _("Team"), {}),
    Look("creator", _("Made by"), {}),
    Look("permits", _("Its licence lets you"), PERMITS),
    Look("algorithm", _("Algorithm"), {}),
    Look("proof", _("Proved at least"), dict(Proof.choices), several=False),
    Look("modality", _("For"), MODALITIES, several=False),
    Look("state", _("Not published yet"), dict(State.choices), several=False),
)
LABELS = {look.name: look.labels for look in LOOKS} | {"content_max": LEVELS}


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    count: int
    chosen: bool
    depth: int = 0
    against: str = ""  # the address that leaves out whatever has it


@dataclass(frozen=True, slots=True)
class Group:
    """One facet. `field` is the filter that its choices go into."""

    name: str
    field: str
    title: str
    several: bool
    options: Sequence[Option]
    more: Sequence[Option]
    chosen: int
    switch: str = ""  # of tags: the address with the other way of taking several


def groups(question: Question, counted: Counted) -> list[Group]:
    """Return the facets that have something to choose."""
    shown = (_group(look, question, counted.facets.get(look.name, ())) for look in LOOKS)
    return [
        group
        for group in shown
        if group.chosen or len(group.options) > 1 or (group.name == "base" and question.usual)
    ]


def _group(look: Look, question: Question, choices: Sequence[Choice]) -> Group:
    field = look.name
    if look.name == "tags" and "tags_any" in question.said:
        field = "tags_any"
    chosen = set(question.said.get(field, ()))
    if look.name == "base":
        choices = _opened(choices, chosen)
    options = [_option(look, question, choice, chosen) for choice in choices]
    first = [option for at, option in enumerate(options) if at < FIRST or option.chosen]
    more = [option for at, option in enumerate(options) if at >= FIRST and not option.chosen]
    return Group(
        name=look.name,
        field=field,
        title=str(look.title),
        several=look.several,
        options=first,
        more=more,
        chosen=len(chosen),
        switch=_switch(question, field) if look.name == "tags" and len(chosen) > 1 else "",
    )


def _option(look: Look, question: Question, choice: Choice, chosen: set[str]) -> Option:
    return Option(
        value=choice.value,
        label=str(look.labels.get(choice.value) or choice.title or choice.value),
        count=choice.count,
        chosen=choice.value in chosen,
        depth=choice.depth,
        against=question.adding("tags_not", choice.value) if look.name == "tags" else "",
    )


def _switch(question: Question, field: str) -> str:
    """Return the address at which any of the chosen tags will do, or all are needed."""
    other = "tags" if field == "tags_any" else "tags_any"
    return question.moving(field, other)


def _opened(choices: Sequence[Choice], chosen: set[str]) -> Sequence[Choice]:
    """Return the families, largest first, each with what stands beneath it if it is looked into."""
    under = {choice.value: choice.under for choice in choices}
    families = sorted(
        (choice for choice in choices if not choice.depth),
        key=lambda choice: (-choice.count, choice.value),
    )
    into = {_root(value, under) for value in chosen if value in under}
    into |= {family.value for family in families if len(families) == 1}
    return [
        choice
        for family in families
        for choice in choices
        if choice is family
        or (family.value in into and choice.depth and _root(choice.value, under) == family.value)
    ]


def _root(value: str, under: Mapping[str, str]) -> str:
    while under.get(value):
        value = under[value]
    return value


def label_of(name: str, value: str, counted: Counted) -> str:
    """Return a value of a filter as people say it."""
    known = LABELS.get(name, {})
    if value in known:
        return str(known[value])
    titles = {choice.value: choice.title for choice in counted.facets.get(name, ())}
    return titles.get(value) or value
