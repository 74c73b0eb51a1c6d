"""
How each runtime loads a version: where the file goes, and what to paste.

The weight in what is pasted follows the slider. So a recipe is cut where its weight stands: it is
written once more at a weight that nothing else says, and where that comes out is where to cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from registry.queries import cards, recipes

if TYPE_CHECKING:
    from registry.exports.card import Paste, Recipe
    from registry.models import AdapterVersion

MARK = 0.7351  # written in full by every recipe that has a weight


@dataclass(frozen=True, slots=True)
class Cut:
    """A text in pieces: between each two of them stands the weight."""

    pieces: tuple[str, ...]
    weight: str

    @property
    def follows(self) -> bool:
        return len(self.pieces) > 1


@dataclass(frozen=True, slots=True)
class Further:
    name: str  # in the page
    paste: Paste
    cut: Cut


@dataclass(frozen=True, slots=True)
class Shown:
    """A recipe, and what it is called in the page."""

    slug: str
    recipe: Recipe
    converted: bool  # it is about another layout than the file's own
    layout: str  # that one, "" where the file is to be changed in other ways too
    usage: Cut
    more: tuple[Further, ...]


@dataclass(frozen=True, slots=True)
class Uses:
    recipes: tuple[Shown, ...]
    unfit: tuple[str, ...]

    @property
    def follow(self) -> bool:
        """Whether there is a weight in any of them."""
        return any(shown.usage.follows for shown in self.recipes)


def of_version(version: AdapterVersion, download: str, *, page: str) -> Uses:
    """Return the recipes of the runtimes that can run it; `download` is its whole address."""
    found = recipes.of_version(version, download, page_url=page)
    marked = recipes.of_version(version, download, page_url=page, weight=MARK)
    weight = f"{cards.weight(version):g}"
    shown = tuple(
        _shown(slug, one, marked.recipes.get(slug), weight, converted=one.download_url != download)
        for slug, one in found.recipes.items()
    )
    return Uses(shown, tuple(found.unfit.values()))


def _layout_of(address: str) -> str:
    asked = dict(parse_qsl(urlsplit(address).query))
    return asked["layout"] if asked.keys() == {"layout"} else ""


def _shown(slug: str, one: Recipe, marked: Recipe | None, weight: str, *, converted: bool) -> Shown:
    same = marked.more if marked and len(marked.more) == len(one.more) else one.more
    return Shown(
        slug=slug,
        recipe=one,
        converted=converted,
        layout=_layout_of(one.download_url),
        usage=cut(one.usage, marked.usage if marked else one.usage, weight),
        more=tuple(
            Further(f"{slug}-{place}", paste, cut(paste.text, other.text, weight))
            for place, (paste, other) in enumerate(zip(one.more, same, strict=True), 1)
        ),
    )


def cut(text: str, marked: str, weight: str) -> Cut:
    """Return a text cut where its weight stands; whole if it depends on the weight otherwise."""
    mark = f"{MARK:g}"
    pieces = tuple(marked.split(mark))
    if mark in text or weight.join(pieces) != text:
        return Cut((text,), weight)
    return Cut(pieces, weight)
