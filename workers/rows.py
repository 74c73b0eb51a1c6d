"""
One row of a grid: planned cells go in, pictures come out, and no picture is rendered twice.

Whoever asks (a validation, or somebody who wants to see more) plans the cells and keeps the
pictures, with a hold of his own; here they are asked of the engine. What the hub has already, of
whatever adapter, is only measured.

    rendered = rows.render(rows.Subject(base=…, adapter=…), cells, call=…)
    previews.keep_row(run, grid, cells, rendered.pictures, scene=scene, now=now)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from registry.errors import NotFound
from registry.models import PreviewCell
from registry.services import downloads, previews
from registry.services.previews import Picture
from registry.sweeps import plan
from workers.frames import Frame

# What a scene asks by, beside its prompt.
ASKED_BY = (
    *("negative", "seed", "steps", "guidance", "width", "height"),
    *("sampler", "sample", "passage", "most_tokens"),
)
MADE_BY = {"method", "device", "versions", "scheduler", "dtype"}  # of whoever rendered it
DISTANCES = {"from_zero", "from_previous"}
Call = Callable[[str, dict[str, Any]], Frame]  # a verb of the engine and its fields → its answer


@dataclass(frozen=True, slots=True)
class Subject:
    """An adapter on its base, both on this machine, as the engine is told of them."""

    base: Mapping[str, Any]  # places.base_fields
    adapter: Mapping[str, Any]  # places.adapter_fields
    parts: Mapping[str, float] = field(default_factory=dict)  # shares of parts of the base


@dataclass(frozen=True, slots=True)
class Rendered:
    """A picture for each cell, in their order, and how they were come by."""

    pictures: tuple[Picture, ...]
    method: str  # "batch" or "loop"
    device: str
    new: int  # how many were not known to the hub …
    seconds: float  # … and how long all took together


def render(subject: Subject, cells: Sequence[plan.Cell], *, call: Call) -> Rendered:
    """
    Return the pictures of a row: cells of one scene and prompt, weights ascending.

    The distances of each are to its left neighbour among these, and to weight 0 if it is among
    them.

    :raises EngineError: if the engine cannot
    """
    keys = keys_of(subject, cells)
    stored = previews.known(list(keys.values()))
    fields: dict[str, Any] = {
        "base": dict(subject.base),
        "adapter": dict(subject.adapter),
        "scene": asdict(cells[0].scene),
        "prompt": cells[0].prompt,
        "weights": [cell.weight for cell in cells],
        "skip": [weight for weight, key in keys.items() if key in stored],
    } | ({"parts": dict(subject.parts)} if subject.parts else {})
    frame = _swept(fields, {weight: stored.get(key) for weight, key in keys.items()}, call)
    shared = _parameters(cells[0].scene, subject, frame)
    return Rendered(
        pictures=tuple(
            _picture(one, frame, keys[one["weight"]], shared, stored.get(keys[one["weight"]]))
            for one in frame.fields["cells"]
        ),
        method=str(frame.fields["method"]),
        device=str(frame.fields["device"]),
        new=len(cells) - len(fields["skip"]),
        seconds=float(frame.fields.get("seconds", 0.0)),
    )


def _swept(fields: dict[str, Any], stored: Mapping[float, PreviewCell | None], call: Call) -> Frame:
    """Have the row swept; give back what the hub has and the engine has no more."""
    pictures = {
        weight: str(cell.blob_id)
        for weight, cell in stored.items()
        if cell is not None and cell.medium == PreviewCell.Medium.PICTURE and cell.blob_id
    }
    frame = call("sweep", fields | {"at_hand": sorted(pictures)})
    wanted = frame.fields.get("wanted")
    if not wanted:
        return frame
    read = {weight: data for weight in wanted if (data := _read(pictures[weight]))}
    blobs = {f"given-{number}": data for number, data in enumerate(read.values())}
    return call("sweep", fields | {"given": list(read), "blobs": blobs})


def _read(sha256: str) -> bytes:
    """Return the bytes of a picture; none where the store has lost them, and it is rendered."""
    try:
        with downloads.open_bytes(sha256) as file:
            return file.read()
    except NotFound:
        return b""


def keys_of(subject: Subject, cells: Sequence[plan.Cell]) -> dict[float, str]:
    """Return the content key of each cell of a row, by its weight."""
    return {
        cell.weight: plan.cell_key(
            base_digest=subject.base["digest"],
            adapter_digest=subject.adapter["tensor_digest"],
            weight=cell.weight,
            scene=cell.scene,
            prompt=cell.prompt,
            parts=subject.parts,
        )
        for cell in cells
    }


def _picture(
    one: Mapping[str, Any],
    frame: Frame,
    key: str,
    shared: Mapping[str, Any],
    kept: PreviewCell | None,
) -> Picture:
    """Return a cell as the engine told of it; of one that the hub had, as it was made."""
    # What a kept cell said of itself was said of all of it, of its latent too.
    before = {} if kept is None else {k: v for k, v in kept.measures.items() if k not in DISTANCES}
    made = {} if kept is None else {k: v for k, v in kept.parameters.items() if k in MADE_BY}
    return Picture(
        weight=one["weight"],
        key=key,
        width=one["width"],
        height=one["height"],
        data=frame.blobs[one["blob"]] if one["blob"] else None,
        sound=frame.blobs[one["sound"]] if one["sound"] else None,
        text=one["text"],
        medium=one["medium"],
        from_zero=one["from_zero"],
        from_previous=one["from_previous"],
        measures=dict(one.get("measures") or {}) | {"saw_nan": bool(one.get("saw_nan"))} | before,
        parameters=dict(shared) | made | {"weight": one["weight"]},
    )


def _parameters(scene: plan.Scene, subject: Subject, frame: Frame) -> dict[str, Any]:
    """Return everything, beside prompt and weight, that a cell needs to be rendered again."""
    told = asdict(scene)
    return {name: told[name] for name in ASKED_BY} | {
        "scene": scene.slug,
        "base": subject.base["slug"],
        "base_digest": subject.base["digest"],
        "pipeline": subject.base["pipeline"],
        "adapter_digest": subject.adapter["tensor_digest"],
        "parts": dict(subject.parts or {}),
        "method": frame.fields["method"],
        "device": frame.fields["device"],
        "scheduler": frame.fields.get("scheduler", ""),
        "dtype": frame.fields.get("dtype", ""),
        "versions": frame.fields["versions"],
    }
