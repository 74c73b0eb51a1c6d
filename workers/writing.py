"""
Writing a version in another layout: a preparation held, converted by the engine, and kept.

The engine reads again what it wrote and compares it with the original; what lies in its folder is
read once more here, by the reader that every upload goes through, before anybody is offered it.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from registry.errors import NotConvertible
from registry.models import Blob, Preparation
from registry.queries import files
from registry.services import keeping, mending, preparing
from workers import places, thinned
from workers.engine_link import EngineChild, EngineError, EngineRefused, EngineTimedOut
from workers.holding import Hold, carried

FOR_GOOD = {"conversion_refused", "adapter_refused", "config_refused"}
MOST_FILES = 8  # of one preparation: two a component


class HeldPreparation(Hold[Preparation]):
    """A preparation that this task holds."""


class NotWhatWasAsked(EngineError):
    """What the engine left is not what it says, and is not kept."""


@contextmanager
def carried_preparation(row: Preparation) -> Iterator[HeldPreparation]:
    """Keep the lease alive for the time of the block, and see to what becomes of an error."""
    with carried(HeldPreparation(row, preparing)) as holding:
        try:
            yield holding
        except EngineRefused as refusal:
            if refusal.code not in FOR_GOOD:
                raise
            preparing.refuse(row, reason=str(refusal), now=timezone.now())
        except NotConvertible as refusal:
            preparing.refuse(row, reason=str(refusal), now=timezone.now())
        except EngineTimedOut:
            preparing.give_up(row, reason=_too_slow(), now=timezone.now())
    mending.settle_those_of(row, now=timezone.now())


def write(holding: HeldPreparation, *, engine: EngineChild) -> None:
    """
    Write what the preparation asks for, and keep it.

    :raises EngineError: if the engine cannot
    :raises LeaseLost: if another worker has taken it over
    """
    row = holding.row
    weights = files.weights_of(row.version)
    holding.show(done=0, of=1, saying="converting")
    out = thinned.left_out_of(row)
    with places.file_fields(row.version, weights, hold=f"{row.pk}-{row.fence}") as adapter:
        frame = engine.call(
            "convert",
            {
                "adapter": adapter,
                "base": {"slug": row.layers_of},
                "conversion": conversion_of(row) | {"without": list(out.tensors)},
            },
            timeout=settings.CONVERT_SECONDS,
            on_wait=holding.check,  # what it raises ends the child
        )
    told = frame.fields
    folder = _inside(engine, Path(told["folder"]))
    try:
        made = _kept(folder, told["files"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _compare(row, weights.blob, made)
    preparing.finish(
        row,
        made,
        worst_error=float(told["worst_error"]),
        notes=[*out.notes, *(str(note)[:500] for note in told["notes"])],
        now=timezone.now(),
    )


def conversion_of(row: Preparation) -> dict[str, Any]:
    """Return what the engine is asked for."""
    return {
        "layout": row.layout,
        "dtype": row.dtype or None,
        "bare": row.strip,
        "bake": row.header,
    }


def _inside(engine: EngineChild, folder: Path) -> Path:
    """:raises NotWhatWasAsked: if the folder is not in the only one that the child writes in"""
    scratch = engine.scratch
    if scratch is None or not folder.resolve().is_relative_to(scratch.resolve()):
        raise NotWhatWasAsked("The engine names a folder that is not its own.")
    return folder.resolve()


def _kept(folder: Path, listed: list[list[Any]]) -> Mapping[str, Blob]:
    if not 0 < len(listed) <= MOST_FILES:
        raise NotWhatWasAsked(f"The engine left {len(listed)} files.")
    return {str(path): _keep(folder, str(path)) for path, _ in listed}


def _keep(folder: Path, path: str) -> Blob:
    place = folder / path
    is_its_own = place.resolve() == place and place.is_relative_to(folder)
    if not is_its_own or not stat.S_ISREG(place.lstat().st_mode):
        raise NotWhatWasAsked(f"The engine left {path!r}, which is no file of its folder.")
    with place.open("rb") as file:
        return keeping.keep_prepared(file, size=place.stat().st_size, now=timezone.now())


def _compare(row: Preparation, source: Blob | None, made: Mapping[str, Blob]) -> None:
    """:raises NotWhatWasAsked: if the same tensors were to be under another header, and are not"""
    is_the_same = row.layout == "original" and not row.dtype and not set(row.steps) - {"strip"}
    if not is_the_same or source is None or not source.tensor_digest:
        return
    if source.tensor_digest not in {blob.tensor_digest for blob in made.values()}:
        raise NotWhatWasAsked("The tensors did not come out byte for byte.")


def _too_slow() -> str:
    return (
        f"It was not written within {settings.CONVERT_SECONDS} seconds: its layers are too large "
        "to be shrunk here."
    )
