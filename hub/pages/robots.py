"""Tokens that belong to a team and not to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hub.pages.team_forms import RobotForm
from hub.pages.teams import around
from registry.errors import Invalid, QuotaReached, WrongState
from registry.queries import import_tokens, people, robots
from registry.queries.words import Role
from registry.services import robots as making

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Team, User


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def show(request: MemberRequest, slug: str) -> HttpResponse:
    """Show the team's tokens; make one, whose secret is shown this once."""
    team = people.team(slug)
    people.require(request.user, Role.ADMIN, team, to="see the tokens of the team")
    form = RobotForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, team, form)
    now, told = timezone.now(), form.cleaned_data
    wanted = making.Wanted(
        title=told["title"], role=Role(told["role"]), expires_at=form.expires_at(now)
    )
    try:
        _token, secret = making.make(team, wanted, by=request.user, now=now)
    except (Invalid, QuotaReached) as refusal:
        form.add_error(None, str(refusal))
        return _page(request, team, form)
    return _page(request, team, RobotForm(), secret=secret)


@require_POST
@login_required
def revoke(request: MemberRequest, slug: str, token_id: UUID) -> HttpResponse:
    token = making.revoke(people.team(slug), token_id, by=request.user, now=timezone.now())
    messages.success(request, _("“{title}” is revoked.").format(title=token.title))
    return redirect("robots", slug)


@require_POST
@login_required
@never_cache
def renew(request: MemberRequest, slug: str, token_id: UUID) -> HttpResponse:
    """Give a token a new secret, which is shown this once."""
    team = people.team(slug)
    try:
        _token, secret = making.renew(team, token_id, by=request.user, now=timezone.now())
    except WrongState as refusal:
        messages.error(request, str(refusal))
        return redirect("robots", slug)
    return _page(request, team, RobotForm(), secret=secret)


def _page(request: MemberRequest, team: Team, form: RobotForm, secret: str = "") -> HttpResponse:
    shown = about(team, request.user) | {"form": form, "secret": secret}
    return render(request, "pages/teams/robots.html", shown, status=422 if form.is_bound else 200)


def about(team: Team, by: User) -> dict[str, Any]:
    """Return what the page shows of a team's tokens: its robots', and those for imports."""
    now = timezone.now()
    told = robots.told(team, now=now)
    return around(team, by) | {
        "robots": told,
        "at_large": [one for one in told if one.gone],
        "import_tokens": import_tokens.of_team(team),
        "hosts": [*settings.IMPORT_HOSTS, *settings.IMPORT_PRIVATE_HOSTS],
        "here": "robots",
        "now": now,
    }
