"""Answers that need not be made again: weak ETags over what an answer depends on."""

from __future__ import annotations

import hashlib
from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.request import Request

from hub.api.people import person

Answer = TypeVar("Answer", bound=HttpResponseBase)


def etag_of(request: Request, *parts: object) -> str:
    """Return a weak ETag of what was asked, by whom, and of `parts`."""
    by = person(request)
    words = (request.build_absolute_uri(), by.pk if by else "", *parts)
    digest = hashlib.sha256("\n".join(map(str, words)).encode()).hexdigest()
    return f'W/"{digest[:32]}"'


def unchanged(request: Request, etag: str) -> HttpResponse | None:
    """Return 304 if the asker has this answer already, else None."""
    if not has(request, etag):
        return None
    return with_etag(HttpResponse(status=304), etag)


def has(request: Request, etag: str) -> bool:
    """Say whether If-None-Match names this ETag, weakly compared."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or etag.removeprefix("W/") in {one.removeprefix("W/") for one in known}


def with_etag(response: Answer, etag: str) -> Answer:
    """Return the answer with its ETag: it may be kept, and has to be asked after each time."""
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache, private"
    patch_vary_headers(response, ["Authorization", "Cookie"])
    return response
