"""
What we know and Civitai has no key for: weights claimed and measured, and what validation proved.

Typed clients pass over keys that they do not know; others keep them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from registry.queries import cards

if TYPE_CHECKING:
    from registry.models import AdapterVersion
    from registry.queries.civitai.versions import Shown


def settings_of(version: AdapterVersion) -> dict[str, Any]:
    """Return the weight to use and its range, as Civitai's own form calls them."""
    return {
        "strength": cards.weight(version),
        "minStrength": _first(version.measured_low, version.weight_low),
        "maxStrength": _first(version.measured_high, version.weight_high),
    }


def recommended(version: AdapterVersion) -> dict[str, Any]:
    """Return where the weights come from: said by the uploader, and measured."""
    claimed = {
        "low": version.weight_low,
        "high": version.weight_high,
        "best": version.weight_default,
    }
    measured = {
        "low": version.measured_low,
        "high": version.measured_high,
        "best": version.measured_best,
    }
    return {"claimed": claimed, "measured": measured}


def validation(shown: Shown) -> dict[str, Any]:
    """Return how far the load was proved, and from which weight on it breaks."""
    version, curve = shown.version, shown.curve
    return {
        "state": version.state,
        "level": version.proof,
        "familyDetected": version.family_detected,
        "firstBad": curve.first_bad if curve else None,
        "firstBadBelow": curve.first_bad_below if curve else None,
        "certainty": curve.certainty if curve else None,
    }


def of(shown: Shown) -> dict[str, Any]:
    """Return all of them, with the words beside the trigger words."""
    version = shown.version
    return {
        "settings": settings_of(version),
        "recommended": recommended(version),
        "validation": validation(shown),
        "optionalWords": version.optional_words,
        "negativeWords": version.negative_words,
        "number": version.number,
        "base": version.base.slug,
    }


def _first(*numbers: float | None) -> float | None:
    return next((number for number in numbers if number is not None), None)
