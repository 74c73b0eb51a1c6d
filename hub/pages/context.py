"""What every page shows, whoever asks for it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def shared(_request: HttpRequest) -> dict[str, Any]:
    return {"site_title": settings.SITE_TITLE}
