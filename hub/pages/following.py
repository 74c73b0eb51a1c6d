"""Favourites and follows: their buttons, and the page of favourites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.pages import cards, keeping
from registry.queries import adapters, following, people, sight
from registry.services import following as services

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest


@require_safe
@login_required
@never_cache
def favourites(request: MemberRequest) -> HttpResponse:
    pages = Paginator(following.favourites(request.user), cards.A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    newest = sight.newest_of([one.adapter_id for one in page], by=request.user)
    shown = {"cards": cards.of_versions(one.pk for one in newest), "page": page}
    return render(request, "pages/collections/favourites.html", shown)


@require_POST
@login_required
def favour(request: MemberRequest, team: str, name: str) -> HttpResponse:
    adapter = adapters.named(team, name, by=request.user)
    if keeping.is_on(request):
        services.keep_favourite(adapter, by=request.user, now=timezone.now())
    else:
        services.drop_favourite(adapter, by=request.user)
    return keeping.answer(request, adapter)


@require_POST
@login_required
def follow(request: MemberRequest, team: str, name: str) -> HttpResponse:
    adapter = adapters.named(team, name, by=request.user)
    if keeping.is_on(request):
        services.follow(adapter, by=request.user, now=timezone.now())
    else:
        services.unfollow(adapter, by=request.user)
    return keeping.answer(request, adapter)


@require_POST
@login_required
def follow_team(request: MemberRequest, slug: str) -> HttpResponse:
    team = people.team(slug)
    if keeping.is_on(request):
        services.follow(team, by=request.user, now=timezone.now())
    else:
        services.unfollow(team, by=request.user)
    return redirect("team", slug)
