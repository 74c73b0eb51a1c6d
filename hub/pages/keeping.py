"""The part of an adapter's page by which a member keeps it: favourite, follow, collections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.urls import reverse

from registry.queries import following

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Adapter, User


def of_adapter(adapter: Adapter, by: User | None) -> dict[str, Any]:
    """Return what parts/_keep.html shows; nothing to strangers."""
    return {"kept": following.kept(adapter, by=by) if by else None}


def is_on(request: MemberRequest) -> bool:
    return request.POST.get("on") == "1"


def answer(request: MemberRequest, adapter: Adapter) -> HttpResponse:
    """Answer what one of its buttons asked: the part anew, or the page."""
    if request.headers.get("HX-Request"):
        shown = {"adapter": adapter} | of_adapter(adapter, request.user)
        return render(request, "parts/_keep.html", shown)
    return redirect(reverse("adapter", args=[adapter.team.slug, adapter.slug]))
