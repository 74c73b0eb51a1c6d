"""Saved searches of a person, and the bases that somebody uses: what browsing begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from registry.errors import Invalid, NameTaken, QuotaReached
from registry.queries import people, searches
from registry.services import searches as keeping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import SavedSearch

COOKIE = "fits"
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Line:
    search: SavedSearch
    address: str
    count: int | None  # None: it makes no sense any more


@require_safe
@login_required
@never_cache
def show(request: MemberRequest) -> HttpResponse:
    found = list(searches.of(request.user))
    counts = searches.counts(found, by=request.user)
    lines = [
        Line(search, address_of(search), count) for search, count in zip(found, counts, strict=True)
    ]
    return render(request, "pages/browse/searches.html", {"lines": lines})


@require_POST
@login_required
def save(request: MemberRequest) -> HttpResponse:
    query = request.POST.get("query", "")
    try:
        keeping.save(
            title=request.POST.get("title", ""), query=query, by=request.user, now=timezone.now()
        )
    except (Invalid, NameTaken, QuotaReached) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved: it stands above the list, and in your menu."))
    return redirect(f"{reverse('browse')}?{_as_query(query)}")


@require_POST
@login_required
def change(request: MemberRequest, search_id: int) -> HttpResponse:
    search = searches.one(request.user, search_id)
    try:
        keeping.change(search, title=request.POST.get("title", ""))
    except (Invalid, NameTaken) as refusal:
        messages.error(request, str(refusal))
    return redirect("searches")


@require_POST
@login_required
def remove(request: MemberRequest, search_id: int) -> HttpResponse:
    keeping.remove(searches.one(request.user, search_id))
    return redirect("searches")


@require_POST
def use_bases(request: HttpRequest) -> HttpResponse:
    """Remember which bases somebody uses: with the person, or in a stranger's cookie."""
    by = people.person(request.user)
    try:
        names = keeping.known_bases(request.POST.getlist("base"), by=by)
    except Invalid as refusal:
        messages.error(request, str(refusal))
        return redirect("browse")
    response = redirect(f"{reverse('browse')}?{urlencode({'base': ','.join(names)}, safe=',')}")
    if by is not None:
        keeping.use_bases(names, by=by)
    else:
        response.set_cookie(
            COOKIE,
            ",".join(names),
            max_age=A_YEAR if names else 0,
            httponly=True,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


def used_bases(request: HttpRequest) -> Sequence[str]:
    """Return the bases that are remembered of whoever asks."""
    by = people.person(request.user)
    if by is not None:
        return by.fits
    return [name for name in request.COOKIES.get(COOKIE, "")[:500].split(",") if name]


def address_of(search: SavedSearch) -> str:
    return f"{reverse('browse')}?{search.query or 'base='}"


def _as_query(query: str) -> str:
    """Return a query as it may stand in an address, whatever was sent."""
    given = searches.given(query[:1000])
    return urlencode({name: ",".join(values) for name, values in given.items()}, safe=",")
