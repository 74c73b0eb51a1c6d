"""`Idempotency-Key`: a POST that is sent again is answered as before, and not done again."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from registry.services import repeats

if TYPE_CHECKING:
    from registry.models import KeptAnswer

HEADER = "Idempotency-Key"


class AnsweredBefore(Exception):
    """Leads out of a view whose answer is known; `response` is it."""

    def __init__(self, kept: KeptAnswer) -> None:
        super().__init__(kept.key)
        headers = {"Idempotency-Replayed": "true"}
        if kept.location:
            headers["Location"] = kept.location
        self.response = Response(kept.body, status=kept.status, headers=headers)


def begin(request: Request) -> KeptAnswer | None:
    """
    Claim the request's key, if it names one, for whoever is signed in.

    :raises AnsweredBefore: if the same request was answered before
    :raises RegistryError: as `repeats.claim`
    """
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST" or not request.user.is_authenticated:
        return None
    kept, is_new = repeats.claim(
        key, fingerprint=_fingerprint(request), by=request.user, now=timezone.now()
    )
    if not is_new:
        raise AnsweredBefore(kept)
    return kept


def end(kept: KeptAnswer, response: Any) -> None:
    """Keep what was answered, if something was done."""
    if not isinstance(response, Response) or response.status_code >= 400:
        repeats.release(kept)
        return
    body = json.loads(JSONRenderer().render(response.data) or "null")
    location = response.headers.get("Location", "")
    repeats.keep(kept, status=response.status_code, body=body, location=location)


def _fingerprint(request: Request) -> str:
    told = [request.method, request.get_full_path(), _plain(request.data)]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _plain(data: Any) -> Any:
    if not hasattr(data, "lists"):
        return data
    return {name: [_text_of(value) for value in values] for name, values in data.lists()}


def _text_of(value: Any) -> str:
    if not isinstance(value, UploadedFile):
        return str(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return f"{value.name}:{digest.hexdigest()}"
