"""The teams: mine, and the page of one for whoever comes by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hub.pages import cards
from hub.pages.team_forms import TeamForm
from registry.errors import Invalid, NotAllowed
from registry.queries import following, gallery, orders, people, robots, teams
from registry.queries.filters.table import Asked
from registry.queries.words import Role, State
from registry.services import accounts

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Team, User

SHOWN = 12  # cards
MEANS = {  # what each role may do, each all that those before it may
    Role.VIEWER: gettext_lazy("sees what is not published yet"),
    Role.CONTRIBUTOR: gettext_lazy("uploads, and publishes what they uploaded"),
    Role.REVIEWER: gettext_lazy("decides on the uploads of others, moves channels, adds scenes"),
    Role.ADMIN: gettext_lazy("takes people in, and sets what the team asks for"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    name: str  # of the page
    label: str


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def listed(request: MemberRequest) -> HttpResponse:
    """Show the person's teams; make one where the hub lets them."""
    may_found = teams.may_found(request.user)
    form = TeamForm(request.POST or None)
    if request.method == "POST":
        if not may_found:
            raise NotAllowed(_("Only those who administer this hub make teams: ask one of them."))
        if form.is_valid():
            try:
                team = _found(request, form)
            except Invalid as refusal:
                form.add_error("slug", str(refusal))
            else:
                return redirect("team", team.slug)
    shown = {"form": form, "may_found": may_found, "teams": teams.with_roles(request.user)}
    return render(request, "pages/teams/teams.html", shown, status=422 if form.is_bound else 200)


def _found(request: MemberRequest, form: TeamForm) -> Team:
    team = accounts.found_team(**form.cleaned_data, by=request.user, now=timezone.now())
    messages.success(request, _("The team is there, and you are its admin."))
    return team


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what the team has published, to anyone; and more to those who are in it."""
    by = people.person(request.user)
    team = people.team(slug)
    found = gallery.page(Asked({"team": [slug]}), orders.Window(limit=SHOWN), by=None)
    head = around(team, by)
    shown = head | {
        "at_large": robots.at_large(team, now=timezone.now()) if head["is_admin"] else [],
        "overview": teams.overview(team, by=by),
        "cards": cards.of_page(found),
        "more": bool(found.next),
        "scenes": teams.bases_with_scenes(team),
        "states": State.labels,
        "followed": by is not None and following.follows_team(team, by=by),
    }
    return render(request, "pages/teams/team.html", shown)


def around(team: Team, by: User | None) -> dict[str, Any]:
    """Return what every page of a team shows: its head and its tabs."""
    role = people.role_in(by, team)
    is_admin = role is Role.ADMIN
    tabs = [Tab("team", _("Overview"))]
    if role is not None:
        tabs += [Tab("members", _("Members")), Tab("activity", _("Activity"))]
    if is_admin:
        tabs += [Tab("robots", _("Tokens")), Tab("team-settings", _("Settings"))]
    return {"team": team, "role": role, "is_admin": is_admin, "tabs": tabs}
