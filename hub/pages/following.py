"""What a member keeps beside an adapter or a team: favourite, follow, collections it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.pages import cards
from registry.errors import Invalid
from registry.queries import adapters, following, people
from registry.services import collections
from registry.services import following as services

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Adapter, User


def of_adapter(adapter: Adapter, by: User | None) -> dict[str, Any]:
    """Return what parts/_keep.html shows; nothing to strangers."""
    return {"kept": following.kept(adapter, by=by) if by else None}


@require_safe
@login_required
@never_cache
def favourites(request: MemberRequest) -> HttpResponse:
    pages = Paginator(following.favourites(request.user), cards.A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    newest = following.newest_of([one.adapter_id for one in page], by=request.user)
    shown = {"cards": cards.of_versions(one.pk for one in newest), "page": page}
    return render(request, "pages/collections/favourites.html", shown)


@require_POST
@login_required
def favour(request: MemberRequest, team: str, name: str) -> HttpResponse:
    adapter = adapters.named(team, name, by=request.user)
    if _is_on(request):
        services.keep_favourite(adapter, by=request.user, now=timezone.now())
    else:
        services.drop_favourite(adapter, by=request.user)
    return _back(request, adapter)


@require_POST
@login_required
def follow(request: MemberRequest, team: str, name: str) -> HttpResponse:
    adapter = adapters.named(team, name, by=request.user)
    if _is_on(request):
        services.follow(adapter, by=request.user, now=timezone.now())
    else:
        services.unfollow(adapter, by=request.user)
    return _back(request, adapter)


@require_POST
@login_required
def follow_team(request: MemberRequest, slug: str) -> HttpResponse:
    team = people.team(slug)
    if _is_on(request):
        services.follow(team, by=request.user, now=timezone.now())
    else:
        services.unfollow(team, by=request.user)
    return redirect("team", slug)


@require_POST
@login_required
def collect(request: MemberRequest, team: str, name: str) -> HttpResponse:
    """Put the adapter into a collection, an old one or one that is made for it; or take it out."""
    adapter, now = adapters.named(team, name, by=request.user), timezone.now()
    title = request.POST.get("title", "").strip()
    if title:
        made = collections.make(collections.Said(title[:200]), by=request.user, now=now)
        collections.put_in(made, adapter, by=request.user, now=now)
        return _back(request, adapter)
    one = following.collection(_key(request.POST.get("collection", "")), by=request.user)
    if _is_on(request):
        collections.put_in(one, adapter, by=request.user, now=now)
    else:
        collections.take_out(one, adapter, by=request.user, now=now)
    return _back(request, adapter)


def _key(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise Invalid("Choose a collection, or write the title of a new one.") from None


def _is_on(request: MemberRequest) -> bool:
    return request.POST.get("on") == "1"


def _back(request: MemberRequest, adapter: Adapter) -> HttpResponse:
    if request.headers.get("HX-Request"):
        shown = {"adapter": adapter} | of_adapter(adapter, request.user)
        return render(request, "parts/_keep.html", shown)
    return redirect(reverse("adapter", args=[adapter.team.slug, adapter.slug]))
