"""Where things are, as whole addresses: what an answer names can be fetched as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from rest_framework.request import Request

if TYPE_CHECKING:
    from registry.models import Adapter, AdapterVersion, Comment, PreviewCell, PreviewRequest


def whole(request: Request | HttpRequest, path: str) -> str:
    """Return a path as others reach it."""
    if settings.PUBLIC_URL:
        return f"{settings.PUBLIC_URL}{path}"
    return request.build_absolute_uri(path)


def at(request: Request | HttpRequest, name: str, *args: Any, **query: Any) -> str:
    """Return the whole address of the view that is called `name`."""
    path = reverse(name, args=args)
    return whole(request, f"{path}?{urlencode(query)}" if query else path)


def of_adapter(request: Request, adapter: Adapter, name: str = "api-adapter") -> str:
    return at(request, name, adapter.team.slug, adapter.slug)


def of_version(
    request: Request, version: AdapterVersion, name: str = "api-version", **query: Any
) -> str:
    adapter = version.adapter
    return at(request, name, adapter.team.slug, adapter.slug, version.number, **query)


def of_request(request: Request, asked: PreviewRequest, name: str) -> str:
    adapter, number = asked.version.adapter, asked.version.number
    return at(request, name, adapter.team.slug, adapter.slug, number, asked.pk)


def of_comment(request: Request, comment: Comment) -> str:
    adapter = comment.adapter
    return at(request, "api-comment", adapter.team.slug, adapter.slug, comment.pk)


def page_of(request: Request, version: AdapterVersion) -> str:
    adapter = version.adapter
    return at(request, "adapter", adapter.team.slug, adapter.slug, version=version.number)


def picture(request: Request, cell: PreviewCell) -> str:
    return at(request, "api-picture", cell.blob_id)


def sound(request: Request, cell: PreviewCell) -> str:
    return at(request, "api-sound", cell.sound_id)
