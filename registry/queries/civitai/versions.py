"""Published versions by their serials and hashes, with the pictures and the curve to show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F, FloatField, QuerySet, Value
from django.db.models.functions import Abs, Coalesce

from registry.errors import NotFound
from registry.models import (
    Adapter,
    AdapterVersion,
    Curve,
    PreviewCell,
    PreviewGrid,
    VersionFile,
)
from registry.queries import cards, files

MOST_PICTURES = 10  # of one version

State = AdapterVersion.State


@dataclass(frozen=True, slots=True)
class Shown:
    """A version with its adapter, base and files at hand, and what its newest sweep gave."""

    version: AdapterVersion
    cells: tuple[PreviewCell, ...]  # a picture of each row, near the weight to use
    curve: Curve | None


def by_serial(serial: int) -> Shown:
    """:raises NotFound: if no published version has that number"""
    version = _whole().filter(serial=serial).first()
    if version is None:
        raise NotFound(f"Model version not found: none with the id {serial} is published here.")
    return shown([version])[0]


def of_adapters(adapters: Iterable[Adapter]) -> dict[int, list[Shown]]:
    """Return the published versions of some adapters by the adapter's serial, newest first."""
    found: dict[int, list[Shown]] = {adapter.serial: [] for adapter in adapters}
    versions = _whole().filter(adapter__serial__in=found).order_by("-number")
    for each in shown(list(versions)):
        found[each.version.adapter.serial].append(each)
    return found


def by_hash(value: str) -> Shown:
    """
    Return the version published first that has a file with this hash, in any spelling.

    :raises NotFound: if there is none
    """
    blobs = files.by_hash(value)
    found = _whole().filter(files__blob__in=blobs).order_by("published_at", "serial").first()
    if found is None:
        raise NotFound("Model not found: no file that is published here has this hash.")
    return shown([found])[0]


def by_sha256(values: Sequence[str]) -> dict[str, AdapterVersion]:
    """Return the version published first for each sha256 (lower case) that one is known for."""
    holding = (
        VersionFile.objects.filter(
            blob_id__in={value.lower() for value in values}, version__state=State.PUBLISHED
        )
        .order_by("blob_id", "version__published_at", "version__serial")
        .distinct("blob_id")
        .values_list("blob_id", "version_id")
    )
    held = dict(holding)
    versions = {one.pk: one for one in _whole().filter(pk__in=held.values())}
    return {sha256: versions[pk] for sha256, pk in held.items()}


def ids_by_sha256(values: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return the serials of version and adapter for each sha256 (lower case) that is known."""
    rows = (
        VersionFile.objects.filter(
            blob_id__in={value.lower() for value in values}, version__state=State.PUBLISHED
        )
        .order_by("blob_id", "version__published_at", "version__serial")
        .distinct("blob_id")
        .values_list("blob_id", "version__serial", "version__adapter__serial")
    )
    return {sha256: (version, adapter) for sha256, version, adapter in rows}


def shown(versions: Sequence[AdapterVersion]) -> list[Shown]:
    """Return the versions in the same order, each with its pictures and curve: two queries."""
    grids = {
        grid.version_id: grid
        for grid in PreviewGrid.objects.filter(
            version__in=versions, kind=PreviewGrid.Kind.SWEEP, rendered_at__isnull=False
        )
        .select_related("curve")
        .order_by("version", "-rendered_at")
        .distinct("version")
    }
    cells: dict[object, list[PreviewCell]] = {}
    for cell in _pictures([grid.pk for grid in grids.values()]):
        cells.setdefault(cell.grid_id, []).append(cell)
    return [_shown(version, grids.get(version.pk), cells) for version in versions]


def _shown(
    version: AdapterVersion,
    grid: PreviewGrid | None,
    cells: dict[object, list[PreviewCell]],
) -> Shown:
    if grid is None:
        return Shown(version, (), None)
    pictures = tuple(cells.get(grid.pk, ())[:MOST_PICTURES])
    return Shown(version, pictures, getattr(grid, "curve", None))


def _pictures(grids: Sequence[UUID]) -> QuerySet[PreviewCell]:
    """Return one cell of each row, that nearest to the weight to use; none without the adapter."""
    usual = Coalesce(
        "grid__version__weight_default",
        "grid__version__measured_best",
        Value(cards.DEFAULT_WEIGHT),
        output_field=FloatField(),
    )
    return (
        PreviewCell.objects.filter(grid__in=grids, blob__isnull=False)
        .exclude(weight=0)
        .select_related("scene")
        .annotate(away=Abs(F("weight") - usual))
        .order_by("grid", "row", "away")
        .distinct("grid", "row")
    )


def _whole() -> QuerySet[AdapterVersion]:
    return (
        AdapterVersion.objects.published()
        .select_related("adapter__team", "base__parent__parent__parent")
        .prefetch_related("files__blob")
    )


def is_withdrawn(serial: int) -> bool:
    """Say whether a version of that number was published once, and is no more."""
    return AdapterVersion.objects.filter(serial=serial, state=State.WITHDRAWN).exists()
