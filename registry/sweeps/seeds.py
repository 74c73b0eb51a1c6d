"""
Which scenes are drawn by further seeds, and at which weights: a few, where it matters.

Scenes differ by what they show, seeds by chance alone. A second seed at every weight would double a
sweep, and most of it would say nothing: so it is drawn only where the curve says something (where
it shows, is best, ends and breaks), and at weight 0, which all adapters share.

The rows of a scene stand together: its own seed first, whose cells the sweep has already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from registry.sweeps.measure import Curve
from registry.sweeps.rows import Row

MOST = 4  # further seeds of a scene
APART = 1000  # from a scene's seed to the next that is drawn where it names none
WORTH = 3  # cells of the sweep that are rendered for each cell of further seeds, at least
LEAST = 2  # weights beside 0: one says nothing of where it holds


@dataclass(frozen=True, slots=True)
class Seeded:
    """Rows by seed, scene after scene, and the weights that they are all rendered at."""

    rows: tuple[Row, ...]
    weights: tuple[float, ...]

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seed of each row."""
        return tuple(row.scene.seed for row in self.rows)


def plan(
    counting: Sequence[Row],
    curve: Curve,
    *,
    named: Mapping[str, Sequence[int]],
    usual: int,
    cells: int,
) -> Seeded | None:
    """
    Return what to draw of a sweep of so many `cells`; None where no scene has a second seed.

    `named` are the further seeds that scenes ask for, by slug: these are drawn at every telling
    weight. The others are drawn by `usual` seeds more, at as many of these as come to a third of
    the sweep.
    """
    rows = [own for row in counting for own in _of_scene(row, named, usual)]
    further = len(rows) - len({row.scene.slug for row in rows})
    if not further or not curve.points:
        return None
    weights = telling(curve)
    if not any(named.get(row.scene.slug) for row in rows):
        weights = weights[: max(cells // WORTH // further - 1, LEAST)]
    numbered = tuple(replace(row, number=number) for number, row in enumerate(rows))
    return Seeded(numbered, tuple(sorted({0.0, *weights})))


def telling(curve: Curve) -> tuple[float, ...]:
    """Return the weights beside 0 that a curve says something of, the most important first."""
    ends = (curve.points[-1].weight, curve.points[0].weight)
    breaks = (
        ends[0] if curve.first_bad is None else curve.first_bad,
        ends[1] if curve.first_bad_below is None else curve.first_bad_below,
    )
    said = (curve.best, *breaks, curve.onset, curve.high, curve.onset_below, curve.low)
    return tuple(dict.fromkeys(weight for weight in said if weight))


def _of_scene(row: Row, named: Mapping[str, Sequence[int]], usual: int) -> list[Row]:
    """Return a scene's row by its own seed and by each further one; none if there is none."""
    own = row.scene.seed
    asked = named.get(row.scene.slug) or [own + APART * (one + 1) for one in range(usual)]
    further = [seed for seed in dict.fromkeys(asked) if seed != own][:MOST]
    seeds = [own, *further] if further else []
    return [replace(row, scene=replace(row.scene, seed=seed)) for seed in seeds]
