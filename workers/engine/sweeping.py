"""
Render one scene over a row of weights, and measure how the picture changes along it.

At weight 0 nothing of the adapter is left in the picture, so that cell is kept with the base and
not rendered again for the next adapter. The cells of the adapter that is being swept are kept for a
while: the same row comes again with more weights, and is measured as a whole.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry.sweeps.plan import Scene, cell_key
from workers.engine.adapter_files import AdapterSource
from workers.engine.attaching import Attachment, attached
from workers.engine.bases import Base
from workers.engine.families.protocol import OnStep
from workers.engine.parts import Parts
from workers.engine.picture_shots import PictureShot
from workers.engine.rendering import Rendering, Sample, render
from workers.engine.shots import Shot

MOST_REMEMBERED = 64  # shots without an adapter that are kept with a base
MOST_RECENT = 96  # … and with one: a sweep comes back to its rows, with more weights


class AdapterRefused(Exception):
    """The adapter cannot be swept: it does not load, or nothing of it finds a place."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a grid: one prompt of one scene, over weights."""

    scene: Scene
    prompt: str
    weights: tuple[float, ...]
    skip: frozenset[float]  # measured like the rest, but not sent
    parts: Parts = field(default_factory=dict)  # factors of the weight: see engine.parts
    at_hand: frozenset[float] = frozenset()  # of `skip`: pictures that the parent can give back
    given: Mapping[float, bytes] = field(default_factory=dict)  # … and has given


def sweep(
    base: Base, adapter: AdapterSource, row: Row, *, on_step: OnStep
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """
    Return the cells of a row with their distances, and the files of each that is not skipped.

    Pictures that the parent has at hand, and this process not any more, are asked for first: then
    the answer is `wanted`, their weights, and nothing else.

    :raises AdapterRefused: if the adapter does not load
    :raises NoPicture: if what was given is none
    """
    began = time.monotonic()
    keys = {weight: _key(base, adapter, row, weight) for weight in row.weights}
    wanted = [one for one in row.weights if one in row.at_hand and not _has(base, keys[one])]
    if wanted and not row.given:
        return {"wanted": wanted}, {}
    shots, rendering = _shots(base, adapter, row, keys, on_step)
    each = round((time.monotonic() - began) / len(shots), 3)
    blobs: dict[str, bytes] = {}
    cells: list[dict[str, Any]] = []
    for weight in row.weights:
        kept = _kept(shots[weight], f"cell-{len(cells)}") if weight not in row.skip else {}
        blobs |= dict(kept.values())
        cells.append(
            _cell(weight, shots, row.weights)
            | {"blob": None, "sound": None}
            | {kind: name for kind, (name, _) in kept.items()}
            | {"key": keys[weight], "seconds": each}
        )
    return {
        "cells": cells,
        "method": rendering.method,
        "reason": rendering.reason,
        "seconds": round(time.monotonic() - began, 3),
    }, blobs


def _kept(shot: Shot, name: str) -> dict[str, tuple[str, bytes]]:
    """Return the files of a cell by their kind, each with the name that it travels under."""
    return {
        kind: (name if kind == "blob" else f"{name}-{kind}", data)
        for kind, data in shot.files().items()
    }


def _shots(
    base: Base, adapter: AdapterSource, row: Row, keys: Mapping[float, str], on_step: OnStep
) -> tuple[dict[float, Shot], Rendering]:
    kept = base.memory | base.recent
    known: dict[float, Shot] = {
        weight: PictureShot.kept(data) for weight, data in row.given.items() if weight in keys
    } | {weight: kept[key] for weight, key in keys.items() if key in kept}
    missing = [weight for weight in row.weights if weight not in known]
    rendering = _render(base, adapter, row, missing, on_step)
    shots = known | dict(zip(missing, rendering.shots, strict=True))
    if 0.0 in shots and not shots[0.0].is_finite:
        # Nothing times infinity is no number: such an adapter spoils even the cell without it.
        alone = render(base, row.scene, [Sample(row.prompt, 0.0)], attachment=None, on_step=on_step)
        shots[0.0] = alone.shots[0]
    for weight, shot in shots.items():
        if not weight:
            _remember(base.memory, keys[weight], shot, most=MOST_REMEMBERED)
        elif adapter.tensor_digest:
            _remember(base.recent, keys[weight], shot, most=MOST_RECENT)
    return shots, rendering


def _render(
    base: Base, adapter: AdapterSource, row: Row, weights: Sequence[float], on_step: OnStep
) -> Rendering:
    if not weights:
        return Rendering((), "batch", "")  # all is known, so the adapter need not be put on
    with attached(base, adapter) as attachment:
        _refuse(attachment)
        return render(
            base,
            row.scene,
            [Sample(row.prompt, weight) for weight in weights],
            attachment=attachment,
            on_step=on_step,
            parts=row.parts,
        )


def _has(base: Base, key: str) -> bool:
    return key in base.memory or key in base.recent


def _refuse(attachment: Attachment) -> None:
    said = f" {attachment.messages[0]}" if attachment.messages else ""
    if attachment.error is not None:
        raise AdapterRefused(f"The adapter does not load: {attachment.error}.{said}")
    if attachment.is_empty:
        raise AdapterRefused(f"Nothing of the adapter finds a place in the base.{said}")


def _remember(kept: dict[str, Shot], key: str, shot: Shot, *, most: int) -> None:
    kept.pop(key, None)
    kept[key] = shot
    while len(kept) > most:
        kept.pop(next(iter(kept)))


def _key(base: Base, adapter: AdapterSource, row: Row, weight: float) -> str:
    return cell_key(
        base_digest=base.source.digest,
        adapter_digest=adapter.tensor_digest,
        weight=weight,
        scene=row.scene,
        prompt=row.prompt,
        parts=row.parts,
    )


def _cell(weight: float, shots: Mapping[float, Shot], weights: Sequence[float]) -> dict[str, Any]:
    shot, zero = shots[weight], shots.get(0.0)
    place = weights.index(weight)
    return {
        "weight": weight,
        **shot.fields,
        "saw_nan": not shot.is_finite,
        "from_zero": zero.distances(shot) if weight and zero else None,
        "from_previous": shots[weights[place - 1]].distances(shot) if place else None,
        "measures": shot.measures(zero),
    }
