"""
The proof of what does an adapter's work: what there is to compare, and what became of it.

It is taken on one scene, at the weight where the adapter is at its best, from cells of which most
are in the grid already: each component by itself, and each word that may be a trigger by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from registry.checks.effect import ranked
from registry.checks.facts import Effect
from registry.models import AdapterVersion, PreviewGrid, ValidationRun
from registry.services import curves, runs, validation
from registry.sweeps.measure import measure
from registry.sweeps.thresholds import MEASURES

MOST_READ = 5  # words that only the file's captions name
USUAL = 1.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What the finished rows of a grid say of an adapter as a whole."""

    weight: float  # where it is at its best, or else the one nearest to 1
    most: float
    highest: float
    visible: float


def standing(grid: PreviewGrid) -> Standing:
    """Return how far the adapter gets, by the rows that its curve is drawn from."""
    rows, by = curves.rows_of(grid)
    curve = measure(rows, by=by)
    nearest = min(grid.weights, key=lambda weight: abs(weight - USUAL))
    return Standing(
        weight=curve.best or nearest,
        most=max((point.from_zero for point in curve.points), default=0.0),
        highest=max(grid.weights),
        visible=MEASURES[by].visible,
    )


def components_of(version: AdapterVersion) -> list[str]:
    """Return the components of the base in which the adapter has layers."""
    told = version.fit.get("components", [])
    return [one["component"] for one in told if one["applied"]]


def words_of(version: AdapterVersion) -> list[str]:
    """Return the words that may call it up: those declared, then the likeliest read in its file."""
    read: Sequence[str] = version.training.get("trigger_candidates") or ()
    known = {word.lower() for word in version.trigger_words}
    others = [word for word in read if word.lower() not in known]
    return [*version.trigger_words, *others[:MOST_READ]]


@transaction.atomic
def keep(run: ValidationRun, effect: Effect) -> None:
    """
    Judge the proof and keep it with the version. The same again replaces it.

    :raises LeaseLost: if another worker has taken the run over
    """
    held = runs.hold(run)
    validation.judge_effect(held, effect)
    told = asdict(effect)
    declared = set(effect.declared)
    told["words"] = [
        {"word": word, "effect": by, "declared": word in declared} for word, by in ranked(effect)
    ]
    told["parts"] = [{"component": name, "effect": by} for name, by in effect.parts.items()]
    held.version.effect = {name: told[name] for name in told if name != "declared"}
    held.version.save(update_fields=["effect"])
