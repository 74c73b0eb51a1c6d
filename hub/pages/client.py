"""The client that teams run beside their runtimes, as the hub itself hands it out."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition, require_safe

if TYPE_CHECKING:
    from django.http import HttpRequest

FILE = "client/loradex.py"


@cache
def _content() -> bytes:
    return (settings.BASE_DIR / FILE).read_bytes()


def _etag(_request: HttpRequest) -> str:
    return f'"{hashlib.sha256(_content()).hexdigest()}"'


@require_safe
@condition(etag_func=_etag)
def download(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Return client/loradex.py of this very hub: one file, which needs Python and nothing else."""
    response = HttpResponse(_content(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="loradex.py"'
    patch_cache_control(response, no_cache=True)
    return response
