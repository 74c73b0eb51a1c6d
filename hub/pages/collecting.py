"""Putting an adapter into collections: from its own page, and from its card anywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.pages import keeping
from registry.errors import Invalid
from registry.queries import adapters, collections
from registry.services import collections as services

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Adapter, Collection


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def collect(request: MemberRequest, team: str, name: str) -> HttpResponse:
    """
    Show the collections that it may be put into; put it into one, an old one or one that is made
    for it, or take it out.
    """
    adapter = adapters.named(team, name, by=request.user)
    if request.method != "POST":
        return _shown(request, adapter)
    _change(request, adapter)
    if "from_card" not in request.POST:
        return keeping.answer(request, adapter)
    if request.headers.get("HX-Request"):
        return _shown(request, adapter)
    return redirect("collect", team, name)


def _change(request: MemberRequest, adapter: Adapter) -> None:
    by, now = request.user, timezone.now()
    title = request.POST.get("title", "").strip()
    if title:
        made = services.make(services.Said(title[:200]), by=by, now=now)
        services.put_in(made, adapter, by=by, now=now)
        return
    one = _named(request)
    if keeping.is_on(request):
        services.put_in(one, adapter, by=by, now=now)
    else:
        services.take_out(one, adapter, by=by, now=now)


def _named(request: MemberRequest) -> Collection:
    try:
        pk = UUID(request.POST.get("collection", ""))
    except ValueError:
        raise Invalid("Choose a collection, or write the title of a new one.") from None
    return collections.in_sight(pk, by=request.user)


def _shown(request: MemberRequest, adapter: Adapter) -> HttpResponse:
    """Answer with a page, or with the part of it that js/collecting.js shows over the cards."""
    partial = bool(request.headers.get("HX-Request"))
    around = collections.around(adapter, by=request.user)
    shown = {"adapter": adapter, "collections": around, "target": "#collect", "from_card": True}
    name = "parts/_collect.html" if partial else "pages/collections/collect.html"
    response = render(request, name, shown)
    patch_vary_headers(response, ["HX-Request"])
    return response
