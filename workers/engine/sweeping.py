"""
Render scenes over rows of weights, and measure how the picture changes along each.

At weight 0 nothing of the adapter is left in the picture, so that cell is kept with the base and
not rendered again for the next adapter. The cells of the adapter that is being swept are kept for a
while: the same row comes again with more weights, and is measured as a whole.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from registry.sweeps.plan import Scene, cell_key
from workers.engine.adapter_files import AdapterSource
from workers.engine.attaching import Attachment, attached
from workers.engine.bases import Base
from workers.engine.families.protocol import Answering, OnStep
from workers.engine.parts import Parts
from workers.engine.picture_shots import PictureShot
from workers.engine.rendering import Rendering, Sample, render
from workers.engine.shots import Shot
from workers.engine.telling import told

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


# What else is seen of a row: its content keys and shots by weight → facts of each cell.
See = Callable[[Row, Mapping[float, str], Mapping[float, Shot]], Mapping[float, Mapping[str, Any]]]


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
    [(answer, blobs)] = sweep_rows(base, adapter, [row], on_step=on_step)
    return answer, blobs


def sweep_rows(
    base: Base,
    adapter: AdapterSource,
    rows: Sequence[Row],
    *,
    on_step: OnStep,
    see: See | None = None,
) -> list[tuple[dict[str, Any], dict[str, bytes]]]:
    """
    Return of each row what `sweep` does. The adapter is put on once, and rows that are drawn alike,
    but for prompt and seed, share a batch. If any picture is wanted, no row is rendered.

    :raises AdapterRefused: if the adapter does not load
    :raises NoPicture: if what was given is none
    """
    began = time.monotonic()
    keyed = [
        Keyed(row, {weight: _key(base, adapter, row, weight) for weight in row.weights})
        for row in rows
    ]
    wanted = [one.wanted(base) for one in keyed]
    if any(wanted):
        return [({"wanted": weights}, {}) for weights in wanted]
    known = [one.known(base) for one in keyed]
    missing = _missing(keyed, known)
    renderings = _render(base, adapter, rows, missing, on_step)
    made = {
        one.keys[weight]: shot
        for one, lacked, rendering in zip(keyed, missing, renderings, strict=True)
        for weight, shot in zip(lacked, rendering.shots, strict=True)
    }
    for one, has in zip(keyed, known, strict=True):
        has |= {weight: made[key] for weight, key in one.keys.items() if weight not in has}
        _keep(base, adapter, one, has, on_step)
    seconds = time.monotonic() - began
    shares = _shares(missing)
    seen = [
        see(one.row, one.keys, has) if see else {} for one, has in zip(keyed, known, strict=True)
    ]
    return [
        told(one, has, facts, rendering, seconds * share)
        for one, has, facts, rendering, share in zip(
            keyed, known, seen, renderings, shares, strict=True
        )
    ]


@dataclass(frozen=True, slots=True)
class Keyed:
    """A row, and the content key of each of its cells."""

    row: Row
    keys: Mapping[float, str]

    def wanted(self, base: Base) -> list[float]:
        """Return the weights of pictures that the parent has, and nobody here."""
        if self.row.given:
            return []
        return [
            weight
            for weight in self.row.weights
            if weight in self.row.at_hand and not _has(base, self.keys[weight])
        ]

    def known(self, base: Base) -> dict[float, Shot]:
        kept = base.memory | base.recent
        given: dict[float, Shot] = {
            weight: PictureShot.kept(data)
            for weight, data in self.row.given.items()
            if weight in self.keys
        }
        return given | {weight: kept[key] for weight, key in self.keys.items() if key in kept}


def _missing(keyed: Sequence[Keyed], known: Sequence[Mapping[float, Shot]]) -> list[list[float]]:
    """Return the weights that each row is rendered at; of a cell of two rows, the first."""
    asked: set[str] = set()
    missing = []
    for one, has in zip(keyed, known, strict=True):
        lacked = [weight for weight in one.row.weights if weight not in has]
        own = [weight for weight in lacked if one.keys[weight] not in asked]
        asked |= {one.keys[weight] for weight in own}
        missing.append(own)
    return missing


def _shares(missing: Sequence[Sequence[float]]) -> list[float]:
    """Return the share of each row in the time that all took."""
    cells = sum(map(len, missing))
    return [len(weights) / cells if cells else 1 / len(missing) for weights in missing]


def _keep(
    base: Base, adapter: AdapterSource, one: Keyed, shots: dict[float, Shot], on_step: OnStep
) -> None:
    """Remember the shots of a row, for the next round and the next adapter."""
    if 0.0 in shots and not shots[0.0].is_finite:
        # Nothing times infinity is no number: such an adapter spoils even the cell without it.
        plain = [Sample(one.row.prompt, 0.0)]
        alone = render(base, one.row.scene, plain, attachment=None, on_step=on_step)
        shots[0.0] = alone.shots[0]
    for weight, shot in shots.items():
        if not weight:
            _remember(base.memory, one.keys[weight], shot, most=MOST_REMEMBERED)
        elif adapter.tensor_digest:
            _remember(base.recent, one.keys[weight], shot, most=MOST_RECENT)


def _render(
    base: Base,
    adapter: AdapterSource,
    rows: Sequence[Row],
    missing: Sequence[Sequence[float]],
    on_step: OnStep,
) -> list[Rendering]:
    """Return a rendering of each row, of the weights that it misses."""
    found = [Rendering((), "batch", "")] * len(rows)
    groups = _together(base, rows, missing)
    if not groups:
        return found  # all is known, so the adapter need not be put on
    with attached(base, adapter) as attachment:
        _refuse(attachment)
        for place, group in enumerate(groups):
            asked = [
                Sample(rows[number].prompt, weight, rows[number].scene.seed)
                for number in group
                for weight in missing[number]
            ]
            first = rows[group[0]]
            rendering = render(
                base,
                first.scene,
                asked,
                attachment=attachment,
                on_step=_within(on_step, place, len(groups)),
                parts=first.parts,
            )
            shots = iter(rendering.shots)
            for number in group:
                own = tuple(itertools.islice(shots, len(missing[number])))
                found[number] = replace(rendering, shots=own)
    return found


def _together(
    base: Base, rows: Sequence[Row], missing: Sequence[Sequence[float]]
) -> list[list[int]]:
    """Return the numbers of the rows that lack cells, those together that can share a batch."""
    groups: dict[Hashable, list[int]] = {}
    for number, row in enumerate(rows):
        if missing[number]:
            alike = replace(row.scene, slug="", title="", prompt="", seed=0)
            alone = number if isinstance(base.family, Answering) else None
            key = alike, tuple(sorted(row.parts.items())), alone
            groups.setdefault(key, []).append(number)
    return list(groups.values())


def _within(on_step: OnStep, place: int, places: int) -> OnStep:
    """Return what says of the steps of one part how far all parts are."""
    return lambda done, of: on_step(place * of + done, places * of)


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
