"""How each runtime loads a version: where the file goes, and what to paste."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.queries import recipes

if TYPE_CHECKING:
    from registry.exports.card import Recipe
    from registry.models import AdapterVersion


@dataclass(frozen=True, slots=True)
class Shown:
    """A recipe, and what it is called in the page."""

    slug: str
    recipe: Recipe
    converted: bool  # it is about another layout than the file's own


@dataclass(frozen=True, slots=True)
class Uses:
    recipes: tuple[Shown, ...]
    unfit: tuple[str, ...]


def of_version(version: AdapterVersion, download: str, *, page: str) -> Uses:
    """Return the recipes of the runtimes that can run it; `download` is its whole address."""
    found = recipes.of_version(version, download, page_url=page)
    shown = tuple(
        Shown(slug=slug, recipe=one, converted=one.download_url != download)
        for slug, one in found.recipes.items()
    )
    return Uses(shown, tuple(found.unfit.values()))
