"""
Rendering the proof of what does an adapter's work: each part of the base alone, and each word.

Most cells that it takes are in the grid already. The others are asked of the engine as rows of two,
weight 0 and the weight that the adapter is at its best at, and kept as nothing but a number.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace

from registry.checks.facts import Effect
from registry.models import AdapterVersion, PreviewGrid
from registry.services import curves, effects
from registry.services.planning import Plan
from registry.sweeps.plan import write_prompt
from registry.sweeps.rows import Row
from workers import rows
from workers.engine_link import EngineRefused
from workers.rows import Call, Subject

logger = logging.getLogger(__name__)


def prove(
    version: AdapterVersion, grid: PreviewGrid, plan: Plan, subject: Subject, *, call: Call
) -> Effect:
    """
    Return what each part and each word does by itself, on the first scene that counts.

    :raises EngineError: if the engine cannot
    """
    bench = _Bench(subject, plan.counting[0], grid, call)
    whole = bench.effect()
    words = effects.words_of(version)
    return Effect(
        weight=bench.standing.weight,
        whole=whole,
        most=bench.standing.most,
        highest=bench.standing.highest,
        visible=bench.standing.visible,
        without_words=bench.effect_of_words() if version.trigger_words else None,
        parts=_parts(bench, effects.components_of(version), whole),
        words={word: bench.effect_of_words(word) for word in words},
        declared=tuple(version.trigger_words),
    )


def _parts(bench: _Bench, components: list[str], whole: float) -> dict[str, float]:
    if len(components) == 1:
        return {components[0]: whole}
    try:
        return {
            component: bench.effect(parts=dict.fromkeys(set(components) - {component}, 0.0))
            for component in components
        }
    except EngineRefused as refusal:
        if refusal.code != "bad_fields":
            raise
        # The engine knows the base by other components: that is no fault of the adapter's.
        logger.warning("parts are not compared: %s", refusal)
        return {}


class _Bench:
    """One scene, on which the adapter is tried at one weight."""

    def __init__(self, subject: Subject, row: Row, grid: PreviewGrid, call: Call) -> None:
        self.subject, self.row, self.grid, self.call = subject, row, grid, call
        self.standing = effects.standing(grid)

    def effect_of_words(self, *words: str) -> float:
        """Return what changes with these trigger words in the prompt, and no others."""
        return self.effect(prompt=write_prompt(self.row.scene.prompt, words))

    def effect(self, *, prompt: str = "", parts: Mapping[str, float] | None = None) -> float:
        """Return how far the adapter takes the scene from what it is without it."""
        row = replace(self.row, prompt=prompt or self.row.prompt)
        subject = replace(self.subject, parts=parts or {})
        weight = self.standing.weight
        cells = row.cells([0.0, weight])
        kept = self.grid.cells.filter(content_key=rows.keys_of(subject, cells)[weight]).first()
        if kept is not None and kept.from_zero is not None:
            return kept.from_zero
        rendered = rows.render(subject, cells, call=self.call)
        at_weight = next(one for one in rendered.pictures if one.weight == weight)
        return curves.distance(at_weight.from_zero) or 0.0
