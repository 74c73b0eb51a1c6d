"""Where things are, for links on pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.templatetags.static import static
from django.urls import reverse

from registry.bases import samples
from registry.queries import answers
from registry.queries.words import GridKind

if TYPE_CHECKING:
    from registry.models import AdapterVersion, Import, PreviewCell, PreviewGrid, PreviewRequest


def page(version: AdapterVersion) -> str:
    """Return the address of a version's page."""
    adapter = version.adapter
    at = reverse("adapter", args=[adapter.team.slug, adapter.slug])
    return f"{at}?{urlencode({'version': version.number})}"


def report(version: AdapterVersion) -> str:
    return _api(version, "api-report")


def download(version: AdapterVersion) -> str:
    return _api(version, "api-download")


def bundle(version: AdapterVersion) -> str:
    return _api(version, "api-bundle")


def picture(cell: PreviewCell) -> str:
    """Return the address of what is to be seen of a cell; "" for a text."""
    return reverse("api-picture", args=[cell.blob_id]) if cell.blob_id else ""


def sound(cell: PreviewCell) -> str:
    """Return the address of what is to be heard of a cell; "" where there is nothing."""
    return reverse("api-sound", args=[cell.sound_id]) if cell.sound_id else ""


def sample(slug: str) -> str:
    """Return the address of a sound or picture that bases are given; empty if there is none."""
    file = samples.samples().get(slug)
    return static(f"samples/{file.name}") if file else ""


def sheet(grid: PreviewGrid) -> str:
    """
    Return the address of a grid's contact sheet; "" for one of pictures that is not drawn yet.

    That of pictures may be kept for ever; that of answers is a table.
    """
    told = {"sha256": grid.sheet_id} if grid.sheet_id else {}
    if not told and not answers.are_of(grid):
        return ""
    told |= {} if grid.kind == GridKind.SWEEP else {"grid": str(grid.pk)}
    at = _api(grid.version, "api-sheet")
    return f"{at}?{urlencode(told)}" if told else at


def lineage(version: AdapterVersion) -> str:
    return _of(version, "lineage")


def playground(version: AdapterVersion) -> str:
    return _of(version, "playground")


def asked(request: PreviewRequest, name: str = "asked") -> str:
    """Return the address of what somebody asked for, or of what is done with it."""
    return _of(request.version, name, request.pk)


def _of(version: AdapterVersion, name: str, *more: object) -> str:
    adapter = version.adapter
    return reverse(name, args=[adapter.team.slug, adapter.slug, version.number, *more])


def _api(version: AdapterVersion, name: str) -> str:
    return _of(version, name)


def one_import(row: Import) -> str:
    return reverse("one-import", args=[row.pk])


def source(version: AdapterVersion) -> str:
    """Return where the full record of an imported version is."""
    return _api(version, "api-source")


def source_picture(version: AdapterVersion, position: int) -> str:
    return _of(version, "api-source-picture", position)
