"""What every page shows, whoever asks for it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shared(request: HttpRequest) -> dict[str, Any]:
    match = request.resolver_match
    return {"site_title": settings.SITE_TITLE, "here": match.url_name if match else ""}
