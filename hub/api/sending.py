"""One file on its way to whoever asks: as the settings, Range and ETags say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from hub.api import caching, clients, delivery
from hub.api.ranges import NoSuchRange, stretch
from registry.queries import deprecations
from registry.queries.words import ClientKind, State
from registry.services import downloads

if TYPE_CHECKING:
    from registry.models import AdapterVersion


@dataclass(frozen=True, slots=True)
class Parcel:
    """Bytes that are a version's, or were made of it."""

    version: AdapterVersion
    sha256: str
    size: int
    file_name: str
    door: ClientKind = ClientKind.OTHER  # what comes through it, unless it says better

    @property
    def is_public(self) -> bool:
        return self.version.state == State.PUBLISHED and not settings.READ_NEEDS_SIGN_IN


def send(request: Request, parcel: Parcel) -> HttpResponseBase:
    """Answer with the bytes, or with where they are."""
    etag = f'"{parcel.sha256}"'
    if caching.has(request, etag):
        response: HttpResponseBase = HttpResponse(status=304)
    else:
        response = _bytes_of(request, parcel, etag)
    warn(response, parcel.version)
    delivery.dress(
        response, sha256=parcel.sha256, file_name=parcel.file_name, public=parcel.is_public
    )
    return response


def warn(response: HttpResponseBase, version: AdapterVersion) -> None:
    """Say in headers that a version is deprecated (RFC 9745), for those who read no page."""
    deprecation = deprecations.of_version(version)
    if deprecation is None:
        return
    response["Deprecation"] = f"@{int(deprecation.since.timestamp())}"
    instead = f"; use {deprecation.successor} instead" if deprecation.instead else ""
    response["Warning"] = f'299 - "This version is deprecated{instead}."'


def _bytes_of(request: Request, parcel: Parcel, etag: str) -> HttpResponseBase:
    try:
        asked, partial = stretch(
            request.headers.get("Range", ""),
            size=parcel.size,
            etag=etag,
            if_range=request.headers.get("If-Range", ""),
        )
    except NoSuchRange:
        return delivery.not_there(parcel.size)
    if request.method == "HEAD":
        return delivery.describe(asked, partial=partial)
    if asked.begin == 0:
        client = clients.kind_of(request, door=parcel.door)
        downloads.count(parcel.version, client=client, now=timezone.now())
    sha256 = parcel.sha256
    is_linked = settings.DOWNLOADS == "redirect"
    link = downloads.link_to(sha256, file_name=parcel.file_name) if is_linked else None
    if link:
        return delivery.redirect(link)
    place = downloads.place(sha256) if settings.DOWNLOADS == "accel" else None
    if place:
        return delivery.accel(f"{settings.ACCEL_PREFIX}{place}")
    return delivery.send(downloads.open_bytes(sha256), asked, partial=partial)
