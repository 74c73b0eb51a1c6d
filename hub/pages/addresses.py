"""Where things are, for links on pages. The one place that knows the API's addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

if TYPE_CHECKING:
    from registry.models import AdapterVersion, PreviewCell


def page(version: AdapterVersion) -> str:
    """Return the address of a version's page."""
    adapter = version.adapter
    at = reverse("adapter", args=[adapter.team.slug, adapter.slug])
    return f"{at}?{urlencode({'version': version.number})}"


def api(version: AdapterVersion) -> str:
    adapter = version.adapter
    return f"/api/adapters/{adapter.team.slug}/{adapter.slug}/versions/{version.number}"


def download(version: AdapterVersion) -> str:
    return f"{api(version)}/download"


def picture(cell: PreviewCell) -> str:
    return reverse("picture", args=[cell.blob_id])
