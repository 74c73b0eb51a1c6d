"""What happened in a team, in words, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hub.pages import addresses, tellings
from hub.pages.teams import around
from registry.queries import activity, people

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Event

KINDS = {
    "versions": gettext_lazy("Versions"),
    "reviews": gettext_lazy("Reviews"),
    "adapters": gettext_lazy("Adapters"),
    "people": gettext_lazy("People and settings"),
    "channels": gettext_lazy("Channels"),
    "imports": gettext_lazy("Imports"),
    "community": gettext_lazy("Comments and pictures"),
    "bases": gettext_lazy("Bases and scenes"),
}


@dataclass(frozen=True, slots=True)
class Line:
    at: datetime
    sentence: str
    address: str  # of what it is about, "" where that has none


@require_safe
@login_required
@never_cache
def show(request: MemberRequest, slug: str) -> HttpResponse:
    team = people.team(slug)
    asked = {name: request.GET.get(name, "").strip()[:150] for name in ("kind", "by")}
    kind = asked["kind"] if asked["kind"] in activity.KINDS else ""
    filters = activity.Filters(kind=kind, by=asked["by"])
    found = activity.page(team, filters, by=request.user, cursor=request.GET.get("cursor", ""))
    export = reverse("api-activity", args=[slug])
    wanted = {name: one for name, one in (("kind", kind), ("by", filters.by)) if one}
    shown = around(team, request.user) | {
        "lines": [_line(event) for event in found.events],
        "more": f"?{urlencode(wanted | {'cursor': found.next})}" if found.next else "",
        "filters": filters,
        "kinds": KINDS.items(),
        "actors": activity.actors(team),
        "as_csv": f"{export}?{urlencode(wanted | {'format': 'csv'})}",
        "as_json": f"{export}?{urlencode(wanted | {'limit': activity.MAX_PAGE})}",
    }
    return render(request, "pages/teams/activity.html", shown)


def _line(event: Event) -> Line:
    return Line(event.at, tellings.tell(event), _address(event))


def _address(event: Event) -> str:
    if event.version is not None:
        return addresses.page(event.version)
    if event.adapter is not None and event.team is not None:
        return reverse("adapter", args=[event.team.slug, event.adapter.slug])
    return ""
