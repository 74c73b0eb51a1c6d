"""How each runtime uses a version, in the file's own layout or in one that the hub writes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from registry.exports import preparing
from registry.exports.card import Card, Recipe
from registry.exports.conversions import OFFERS
from registry.exports.preparing import ORIGINAL, Wanted
from registry.exports.table import reasons_against, recipes_for
from registry.models import AdapterVersion
from registry.queries import cards, deprecations, files, prepared
from registry.queries.words import FileRole


@dataclass(frozen=True, slots=True)
class Uses:
    """Recipes by runtime, and why the other runtimes cannot, each in the table's order."""

    recipes: dict[str, Recipe] = field(default_factory=dict)
    unfit: dict[str, str] = field(default_factory=dict)


def of_version(
    version: AdapterVersion,
    download_url: str,
    *,
    page_url: str = "",
    weight: float | None = None,
) -> Uses:
    """
    Return how runtimes use a version; nothing before its weights file is known.

    Without a `weight` it is used at the one that suits it best.
    """
    if not any(file.role == FileRole.WEIGHTS for file in version.files.all()):
        return Uses()
    card = card_of(version, download_url, page_url=page_url)
    card = card if weight is None else replace(card, weight=weight)
    return Uses(recipes_for(card), reasons_against(card))


def card_of(version: AdapterVersion, download_url: str, *, page_url: str = "") -> Card:
    """:raises NotFound: if the version has no weights file"""
    card = cards.card(version, files.weights_of(version), download_url)
    by_name_in = "diffusers" if _is_converted(version) else ""
    layouts = _layouts(version)
    deprecation = deprecations.of_version(version)
    return replace(
        card,
        layouts=layouts,
        by_name_in=by_name_in,
        page_url=page_url,
        deprecated=deprecation.sentence if deprecation else "",
    )


def _is_converted(version: AdapterVersion) -> bool:
    """Say whether programs that ask by name are given another layout than the file's own."""
    return prepared.needs_other_layout(version) and prepared.for_diffusers(version) is not None


def _layouts(version: AdapterVersion) -> tuple[str, ...]:
    """Return the layouts that the hub can write the version in, as far as that is known."""
    source = prepared.source_of(version)
    return tuple(
        offer.layout
        for offer in OFFERS
        if offer.layout != ORIGINAL and not preparing.obstacle(Wanted(offer.layout), source)
    )
