"""How each runtime loads a version: where the file goes, and what to paste."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.queries import cards

if TYPE_CHECKING:
    from registry.models import AdapterVersion


@dataclass(frozen=True, slots=True)
class Recipe:
    slug: str
    title: str
    path: str
    usage: str


def of_version(version: AdapterVersion, download: str) -> list[Recipe]:
    """Return the recipes of the runtimes that can run it; `download` is its whole address."""
    return [
        Recipe(slug=slug, title=one.title, path=one.path, usage=one.usage)
        for slug, one in cards.recipes(version, download).items()
    ]


def unfit(version: AdapterVersion) -> list[str]:
    """Return why the other runtimes cannot run it, a sentence each."""
    return list(cards.unfit_runtimes(version).values())
