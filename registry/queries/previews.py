"""Pictures and sounds of sweeps: which there are, and who may see and hear them."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from registry.errors import NotFound
from registry.models import AdapterVersion, Blob, PreviewCell, PreviewGrid, User
from registry.queries import versions

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
    newest = cells.select_related("grid__version__adapter__team").order_by(
        "-grid__version__published_at", "pk"
    )
    seen = (cell for cell in newest[:LOOKED_AT] if versions.may_see(cell.grid.version, by))
    return next(seen, None)


def sheet(version: AdapterVersion) -> Blob:
    """
    Return the contact sheet of the version's newest grid.

    :raises NotFound: if there is no grid, or its sheet is not drawn yet
    """
    grid = version.grids.sweeps().select_related("sheet").first()
    if grid is None:
        raise NotFound("This version has no pictures, and so no contact sheet.")
    if grid.sheet is None:
        raise NotFound("The contact sheet is still being drawn: ask again in a minute.")
    return grid.sheet


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
