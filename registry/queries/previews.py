"""Pictures and sounds of sweeps: which there are, and who may see and hear them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet

from registry.errors import NotFound
from registry.models import AdapterVersion, Blob, PreviewCell, PreviewGrid, Role, User
from registry.queries import people, requests, versions

MOST_GRIDS = 24  # that are listed
BY_ITSELF = {PreviewGrid.Kind.SWEEP, PreviewGrid.Kind.SEEDS}  # of a validation; shown as it is
LOOKED_AT = 50  # a picture at weight 0 is in as many grids as its base has adapters


def picture(sha256: str, *, by: User | None) -> PreviewCell:
    """
    Return a cell that shows this picture, of a version that the person may see.

    :raises NotFound: if there is none
    """
    cell = _in_sight(PreviewCell.objects.filter(blob_id=sha256), by=by)
    if cell is None:
        raise NotFound("There is no such picture.")
    return cell


def sound(sha256: str, *, by: User | None) -> PreviewCell:
    """
    Return a cell that sounds so, of a version that the person may see.

    :raises NotFound: if there is none
    """
    cell = _in_sight(PreviewCell.objects.filter(sound_id=sha256), by=by)
    if cell is None:
        raise NotFound("There is no such sound.")
    return cell


def _in_sight(cells: QuerySet[PreviewCell], *, by: User | None) -> PreviewCell | None:
    newest = (
        cells.filter(_may_be_seen(by))
        .select_related("grid__version__adapter__team", "grid__request__version__adapter__team")
        .order_by(F("grid__version__published_at").desc(nulls_last=True), "pk")
    )
    seen = (
        cell
        for cell in newest[:LOOKED_AT]
        if versions.may_see(cell.grid.version, by) and requests.may_see_grid(cell.grid, by)
    )
    return next(seen, None)


def _may_be_seen(by: User | None) -> Q:
    """
    Return what a cell has to be for the person to see it, or nearly: of the newest few of them
    each is looked at, so those of others must not stand before what is theirs to see.
    """
    if by is not None and by.is_superuser:
        return Q()
    version = Q(grid__version__state__in=AdapterVersion.PUBLIC)
    asked = Q(grid__request__isnull=True) | Q(grid__request__in_gallery=True)
    if by is not None:
        reviewed = people.teams_of(by, at_least=Role.REVIEWER)
        version |= Q(grid__version__adapter__team__in=people.teams_of(by))
        asked |= Q(grid__request__by=by) | Q(grid__version__adapter__team__in=reviewed)
    return version & asked


def grids(version: AdapterVersion, kind: str, *, by: User | None) -> list[PreviewGrid]:
    """Return a version's finished grids of a kind that the person may see, the newest first."""
    if kind in BY_ITSELF:
        found = version.grids.finished().filter(kind=kind)
        return list(found.select_related("version__adapter__team")[:MOST_GRIDS])
    return requests.grids(version, kind, by=by)


def chosen(grids: Sequence[PreviewGrid], grid_id: UUID | None) -> PreviewGrid | None:
    """
    Return one of some grids with its cells, scenes and curve: the one named, else the first.

    :raises NotFound: if there is none of that id among them
    """
    found = [grid for grid in grids if grid_id in (None, grid.pk)]
    if grid_id and not found:
        raise NotFound("This version has no such grid of that kind, or you may not see it.")
    whole = requests.whole_grids().select_related("curve", "version__adapter__team")
    return whole.get(pk=found[0].pk) if found else None


def grid_of_sheet(
    version: AdapterVersion, *, grid_id: UUID | None = None, by: User | None = None
) -> PreviewGrid:
    """
    Return the version's newest sweep, or the grid that is named, with all that its sheet shows.

    :raises NotFound: if there is no such grid, or the person may not see it
    """
    grids = version.grids.select_related("sheet", "request__version__adapter__team")
    found = grids.filter(pk=grid_id) if grid_id else grids.sweeps()
    grid = found.filter(rendered_at__isnull=False).prefetch_related("cells__scene").first()
    if grid is None or not requests.may_see_grid(grid, by):
        raise NotFound("This version has no pictures, and so no contact sheet.")
    return grid


def sheet(grid: PreviewGrid) -> Blob:
    """
    Return the contact sheet of a grid of pictures.

    :raises NotFound: if it is not drawn yet
    """
    if grid.sheet is None:
        raise NotFound("The contact sheet is still being drawn: ask again in a minute.")
    return grid.sheet


def best_cell(grid: PreviewGrid, *, weight: float) -> PreviewCell | None:
    """Return the picture that shows a version best: the first scene, nearest to a weight."""
    seen = [cell for cell in grid.cells.all() if cell.blob_id]
    cells = [cell for cell in seen if cell.with_trigger] or seen
    return min(cells, key=lambda cell: (cell.row, abs(cell.weight - weight)), default=None)


def cover(version: AdapterVersion) -> Blob | None:
    """Return the version's best picture as PNG, None if it has none or it is not drawn yet."""
    grid = version.grids.sweeps().filter(cover__isnull=False).select_related("cover").first()
    return grid.cover if grid else None


def without_cover(*, most: int) -> list[PreviewGrid]:
    """Return finished sweeps whose best picture is still to be had as PNG, the newest first."""
    return list(
        PreviewGrid.objects.filter(rendered_at__isnull=False, cover=None)
        .filter(kind=PreviewGrid.Kind.SWEEP, cells__blob__isnull=False)
        .select_related("version__adapter__team")
        .prefetch_related("cells")
        .distinct()
        .order_by("-rendered_at")[:most]
    )


def without_sheet(*, most: int) -> list[PreviewGrid]:
    """Return finished grids whose contact sheet is still to be drawn, the oldest first."""
    cells = PreviewCell.objects.select_related("scene").order_by("row", "column")
    return list(
        PreviewGrid.objects.filter(rendered_at__isnull=False, sheet=None)
        .filter(cells__blob__isnull=False)  # texts are read on their page, and in the API
        .select_related("version__adapter__team", "version__base", "curve")
        .prefetch_related(Prefetch("cells", queryset=cells))
        .distinct()
        .order_by("rendered_at")[:most]
    )
