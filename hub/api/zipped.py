"""Several files as one ZIP file: stored, sent as it is read, with its length said before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from rest_framework.request import Request

from hub.api import caching, clients, delivery
from registry.exports import zips
from registry.exports.zips import Member
from registry.services import downloads

if TYPE_CHECKING:
    from registry.models import AdapterVersion

MEDIA_TYPE = "application/zip"


def send(
    request: Request,
    version: AdapterVersion,
    contents: Sequence[tuple[str, Member]],
    *,
    file_name: str,
) -> HttpResponseBase:
    """Answer with the members, each given with its sha256, which the ETag is made of."""
    members = [member for _, member in contents]
    etag = _etag(contents)
    if caching.has(request, etag):
        response: HttpResponseBase = HttpResponse(status=304)
    elif request.method == "HEAD":
        response = HttpResponse()
        response["Content-Length"] = str(zips.size_of(members))
    else:
        downloads.count(version, client=clients.kind_of(request), now=timezone.now())
        response = StreamingHttpResponse(zips.pieces(members))
        response["Content-Length"] = str(zips.size_of(members))
    response["ETag"] = etag
    response["Content-Type"] = MEDIA_TYPE
    response["Content-Disposition"] = str(content_disposition_header(True, file_name))  # noqa: FBT003
    response["Content-Security-Policy"] = delivery.SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-cache, private"
    return response


def _etag(contents: Sequence[tuple[str, Member]]) -> str:
    told = "\n".join(f"{sha256} {member.name}" for sha256, member in contents)
    return f'"{hashlib.sha256(told.encode()).hexdigest()}"'
