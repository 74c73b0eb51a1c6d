"""
Rendering stored cells again from their records, to see whether they come out the same.

Nothing is kept of it: the hub's cells stay as they are. What a record lacks, or what it names that
is not here any more, is said instead of a drift.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from django.db.models import Q

from registry.errors import NotFound, RegistryError
from registry.models import BaseModel, Blob, PreviewCell, VersionFile
from registry.services import downloads
from registry.services.asked_grids import DIFFERENCE
from registry.sweeps import records
from registry.sweeps.records import Again
from workers import drift, places
from workers.engine_link import EngineError
from workers.frames import Frame

Call = Callable[[str, dict[str, Any]], Frame]
Medium = PreviewCell.Medium


class CannotRender(Exception):
    """The cell cannot be rendered again here; str() says why."""


@dataclass(frozen=True, slots=True)
class _Record:
    """A cell with all that its record names, found on this machine."""

    cell: PreviewCell
    base: Mapping[str, Any]
    file: VersionFile


def rendered_cells() -> Any:
    """Return the cells that an engine rendered; those drawn from two others are left out."""
    cells = PreviewCell.objects.exclude(parameters__has_key=DIFFERENCE)
    return cells.select_related("grid__version__adapter__team", "grid__other", "blob", "sound")


def again(cells: Iterable[PreviewCell], *, call: Call) -> Iterator[Again]:
    """Render each cell again and compare; all of one base and file in a row."""
    found = []
    for cell in cells:
        try:
            found.append(_record(cell))
        except (CannotRender, RegistryError) as problem:
            yield _told(cell, problem=str(problem))
    found.sort(key=_order)
    for _, of_file in groupby(found, key=_order):
        yield from _of_one_file(list(of_file), call)


def called(cell: PreviewCell) -> str:
    """Return what a cell is called to people."""
    version = cell.grid.version
    name = f"{version.adapter.team.slug}/{version.adapter.slug}/v{version.number}"
    return f"cell {cell.pk} of {name}, {cell.scene_slug or 'no scene'} at {cell.weight:g}"


def _order(record: _Record) -> tuple[str, str]:
    return str(record.base["slug"]), str(record.file.pk)


def _of_one_file(found: list[_Record], call: Call) -> Iterator[Again]:
    file = found[0].file
    try:
        yield from _on_its_file(file, found, call)
    except RegistryError as error:  # the store does not give the file
        yield from (_told(record.cell, problem=str(error)) for record in found)


def _on_its_file(file: VersionFile, found: list[_Record], call: Call) -> Iterator[Again]:
    with places.file_fields(file.version, file, hold=f"again-{os.getpid()}") as adapter:
        for record in found:
            yield _compared(record, adapter, call)


def _compared(record: _Record, adapter: dict[str, Any], call: Call) -> Again:
    parameters = record.cell.parameters
    fields = {
        "base": dict(record.base),
        "adapter": adapter,
        "scene": asdict(records.scene_of(parameters)),
        "prompt": parameters["prompt"],
        "weights": [float(parameters["weight"])],
        "skip": [],
    } | ({"parts": parameters["parts"]} if parameters.get("parts") else {})
    try:
        frame = call("sweep", fields)
        found = _drift(record.cell, frame)
    except (EngineError, RegistryError) as error:
        return _told(record.cell, problem=str(error))
    return _told(record.cell, now=frame.fields["versions"], drift=found)


def _told(cell: PreviewCell, *, now: Mapping[str, Any] | None = None, **what: Any) -> Again:
    then = records.libraries(cell.parameters.get("versions") or {})
    return Again(called(cell), then, records.libraries(now or {}), **what)


def _drift(cell: PreviewCell, frame: Frame) -> dict[str, float]:
    (made,) = frame.fields["cells"]
    if cell.medium == Medium.TEXT:
        return drift.of_texts(cell.text, str(made.get("text", "")))
    if cell.medium == Medium.SOUND:
        return drift.of_sounds(_bytes(cell.sound), frame.blobs[made["sound"]])
    return drift.of_pictures(_bytes(cell.blob), frame.blobs[made["blob"]])


def _bytes(blob: Blob | None) -> bytes:
    if blob is None:
        raise NotFound("What it showed is not kept any more.")
    with downloads.open_bytes(blob.sha256) as file:
        return file.read()


# --- What a record names, found or not ------------------------------------------------------------


def _record(cell: PreviewCell) -> _Record:
    lacking = records.lacks(cell.parameters)
    if lacking:
        raise CannotRender(f"Its record lacks {', '.join(lacking)}.")
    return _Record(cell, _base(cell.parameters), _file(cell))


def _base(parameters: Mapping[str, Any]) -> dict[str, Any]:
    slug, digest = parameters["base"], parameters["base_digest"]
    base = BaseModel.objects.filter(slug=slug).first()
    if base is None:
        raise CannotRender(f"The base {slug} is not on this hub any more.")
    fields = places.base_fields(base)
    if fields is None or not fields["folder"]:
        raise CannotRender(f"The weights of {slug} are not on this machine.")
    if fields["digest"] != digest:
        raise CannotRender(
            f"The weights of {slug} are others now: their digest is {fields['digest'][:12]}…, and "
            f"it was rendered on {digest[:12]}…."
        )
    return fields


def _file(cell: PreviewCell) -> VersionFile:
    """Return the file of weights that the record names, of whichever of the adapter's versions."""
    digest = cell.parameters["adapter_digest"]
    adapter = cell.grid.version.adapter_id
    named = VersionFile.objects.filter(
        Q(blob__tensor_digest=digest) | Q(sha256=digest), version__adapter=adapter
    )
    if not cell.weight:  # nothing of an adapter is in it: any will do
        named = named or VersionFile.objects.filter(version=cell.grid.version, role="weights")
    file = named.select_related("version__adapter__team", "blob").first()
    if file is None:
        raise CannotRender(
            f"No file of {cell.grid.version.adapter.slug} has the weights {digest[:12]}… any more."
        )
    return file
