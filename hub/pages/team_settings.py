"""What a team says of itself, what its uploads begin with, and what it asks for to publish."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hub.pages.team_forms import PolicyForm, SettingsForm
from hub.pages.teams import around
from registry.errors import Invalid
from registry.queries import bases, people, reviews
from registry.queries import teams as reading
from registry.queries.words import Role
from registry.services import policies, teams

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Team

_ID = "policy-%s"  # of its fields: the form above it has the usual ids
SAID = ("title", "description", "licence", "content_level")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def show(request: MemberRequest, slug: str) -> HttpResponse:
    """Show the team's settings; change what is said of it."""
    team = _owned(request, slug)
    form = _settings(team, request, posted=request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        base = bases.named(told["base"], by=request.user) if told["base"] else False
        about = teams.About(**{name: told[name] for name in SAID}, base=base)
        try:
            teams.change(team, about, by=request.user, now=timezone.now())
        except Invalid as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("team-settings", slug)
    return _page(request, team, form, _policy(team))


@require_POST
@login_required
def set_policy(request: MemberRequest, slug: str) -> HttpResponse:
    team = _owned(request, slug)
    form = PolicyForm(request.POST, auto_id=_ID)
    if form.is_valid():
        told = form.cleaned_data
        asked = policies.Asked(**told | {"approvers": Role(told["approvers"])})
        policies.set_policy(team, asked, by=request.user, now=timezone.now())
        messages.success(request, _("The policy is saved. What is published stays so."))
        return redirect("team-settings", slug)
    return _page(request, team, _settings(team, request), form)


def _owned(request: MemberRequest, slug: str) -> Team:
    team = people.team(slug)
    people.require(request.user, Role.ADMIN, team, to="change its settings")
    return team


def _settings(team: Team, request: MemberRequest, posted: Any = None) -> SettingsForm:
    said: dict[str, Any] = {name: getattr(team, name) for name in SAID}
    return SettingsForm(
        posted,
        initial=said | {"base": team.base.slug if team.base else ""},
        bases=[(base.slug, base.title) for base in bases.usable(request.user)],
    )


def _policy(team: Team) -> PolicyForm:
    policy = reviews.policy_of(team)
    asked: dict[str, Any] = asdict(policies.Asked())
    said = {name: getattr(policy, name) for name in asked} if policy else asked
    return PolicyForm(initial=said, auto_id=_ID)


def _page(
    request: MemberRequest, team: Team, form: SettingsForm, policy_form: PolicyForm
) -> HttpResponse:
    shown = around(team, request.user) | {
        "form": form,
        "policy_form": policy_form,
        "policy": reviews.policy_of(team),
        "scenes": reading.bases_with_scenes(team),
    }
    status = 422 if form.is_bound or policy_form.is_bound else 200
    return render(request, "pages/teams/settings.html", shown, status=status)
