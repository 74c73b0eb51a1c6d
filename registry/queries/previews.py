"""Pictures of sweeps: which there are, and who may see them."""

from __future__ import annotations

from registry.errors import NotFound
from registry.models import PreviewCell, User
from registry.queries import versions

LOOKED_AT = 50  # a picture at weight 0 is in as many grids as its base has adapters


def picture(sha256: str, *, by: User | None) -> PreviewCell:
    """
    Return a cell that shows this picture, of a version that the person may see.

    :raises NotFound: if there is none
    """
    cells = PreviewCell.objects.select_related("blob", "grid__version__adapter__team")
    newest = cells.filter(blob_id=sha256).order_by("-grid__version__published_at", "pk")
    for cell in newest[:LOOKED_AT]:
        if versions.may_see(cell.grid.version, by):
            return cell
    raise NotFound("There is no such picture.")
