"""Pictures of sweeps, by their digest: what is under one address never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from registry.queries import people, previews

if TYPE_CHECKING:
    from django.http import HttpRequest

YEAR = 365 * 24 * 3600


@require_safe
def show(request: HttpRequest, sha256: str) -> HttpResponse:
    cell = previews.picture(sha256, by=people.person(request.user))
    tag = f'"{sha256}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    response = HttpResponse(previews.read(cell), content_type="image/webp")
    response["ETag"] = tag
    response["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    return response
