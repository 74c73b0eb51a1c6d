"""What teams run beside their runtimes, as the hub itself hands it out."""

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

CLIENT, VLLM_PLUGIN = "loradex.py", "vllm_resolver.py"  # in client/


@cache
def _content(name: str) -> bytes:
    return (settings.BASE_DIR / "client" / name).read_bytes()


def _etag(_request: HttpRequest, name: str = CLIENT) -> str:
    return f'"{hashlib.sha256(_content(name)).hexdigest()}"'


@require_safe
@condition(etag_func=_etag)
def download(request: HttpRequest, name: str = CLIENT) -> HttpResponse:  # noqa: ARG001
    """Return a file of client/ of this very hub: each needs Python and nothing of ours."""
    response = HttpResponse(_content(name), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    patch_cache_control(response, no_cache=True)
    return response
