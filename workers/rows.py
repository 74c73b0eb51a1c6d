"""
Rows of a grid: planned cells go in, pictures come out, and no picture is rendered twice.

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
from workers import eyes
from workers.frames import Frame

# What a scene asks by, beside its prompt.
ASKED_BY = (
    *("negative", "seed", "steps", "guidance", "width", "height"),
    *("sampler", "sample", "passage", "most_tokens"),
)
MADE_BY = {"method", "device", "versions", "scheduler", "dtype"}  # of whoever rendered it
DISTANCES = {"from_zero", "from_previous", "vgg", "vgg_step", "vgg_by"}
BY_CLIP = {"fidelity", "fidelity_by"}  # of whichever CLIP the worker has now
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
    [rendered] = render_all(subject, [cells], call=call)
    return rendered


def render_all(
    subject: Subject, rows: Sequence[Sequence[plan.Cell]], *, call: Call
) -> list[Rendered]:
    """
    Return of each row what `render` does, of one call of the engine.

    :raises EngineError: if the engine cannot
    """
    asked = [_Asked.of(subject, cells) for cells in rows]
    frame = _swept(subject, asked, call)
    return [_rendered(subject, one, _of_row(frame, number)) for number, one in enumerate(asked)]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A row of cells, their content keys by weight, and of these the cells that the hub has."""

    cells: Sequence[plan.Cell]
    keys: Mapping[float, str]
    stored: Mapping[str, PreviewCell]

    @classmethod
    def of(cls, subject: Subject, cells: Sequence[plan.Cell]) -> _Asked:
        keys = keys_of(subject, cells)
        return cls(cells, keys, previews.known(list(keys.values())))

    @property
    def skip(self) -> list[float]:
        return [weight for weight, key in self.keys.items() if key in self.stored]

    @property
    def pictures(self) -> dict[float, str]:
        """The hashes of pictures that the hub can give, by weight."""
        found = {weight: self.stored.get(key) for weight, key in self.keys.items()}
        return {
            weight: str(cell.blob_id)
            for weight, cell in found.items()
            if cell is not None and cell.medium == PreviewCell.Medium.PICTURE and cell.blob_id
        }

    def fields(self, subject: Subject) -> dict[str, Any]:
        return {
            "scene": asdict(self.cells[0].scene),
            "prompt": self.cells[0].prompt,
            "weights": [cell.weight for cell in self.cells],
            "skip": self.skip,
        } | ({"parts": dict(subject.parts)} if subject.parts else {})


def _swept(subject: Subject, asked: Sequence[_Asked], call: Call) -> Frame:
    """Have the rows swept; give back what the hub has and the engine has no more."""
    fields = {"base": dict(subject.base), "adapter": dict(subject.adapter)} | eyes.fields()
    rows = [one.fields(subject) for one in asked]
    at_hand = [
        row | {"at_hand": sorted(one.pictures)} for row, one in zip(rows, asked, strict=True)
    ]
    frame = call("sweep_rows", fields | {"rows": at_hand})
    wanted = [row.get("wanted") or [] for row in frame.fields["rows"]]
    if not any(wanted):
        return frame
    blobs: dict[str, bytes] = {}
    for number, (row, one) in enumerate(zip(rows, asked, strict=True)):
        pictures = one.pictures
        read = {weight: data for weight in wanted[number] if (data := _read(pictures[weight]))}
        row["given"] = list(read)
        blobs |= {f"{number}/given-{place}": data for place, data in enumerate(read.values())}
    return call("sweep_rows", fields | {"rows": rows, "blobs": blobs})


def _of_row(frame: Frame, number: int) -> Frame:
    before = f"{number}/"
    blobs = {
        name.removeprefix(before): data
        for name, data in frame.blobs.items()
        if name.startswith(before)
    }
    return Frame(frame.fields["rows"][number], blobs)


def _rendered(subject: Subject, asked: _Asked, frame: Frame) -> Rendered:
    shared = _parameters(asked.cells[0].scene, subject, frame)
    return Rendered(
        pictures=tuple(
            _picture(one, frame, key, shared, asked.stored.get(key))
            for one in frame.fields["cells"]
            for key in [asked.keys[one["weight"]]]
        ),
        method=str(frame.fields["method"]),
        device=str(frame.fields["device"]),
        new=len(asked.cells) - len(asked.skip),
        seconds=float(frame.fields.get("seconds", 0.0)),
    )


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
    measured = dict(one.get("measures") or {})
    stale = DISTANCES | (BY_CLIP if BY_CLIP & measured.keys() else set())
    before = {} if kept is None else {k: v for k, v in kept.measures.items() if k not in stale}
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
        measures=measured | {"saw_nan": bool(one.get("saw_nan"))} | before,
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
