"""Tokens that a team keeps for hosts that it imports from, on its page of tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from hub.pages import robots
from hub.pages.team_forms import RobotForm
from registry.errors import Invalid, NotFound, QuotaReached
from registry.queries import people
from registry.services.imports import tokens

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest


@sensitive_post_parameters("secret")
@require_POST
@login_required
@never_cache
def keep(request: MemberRequest, slug: str) -> HttpResponse:
    team, host = people.team(slug), request.POST.get("host", "")
    secret = request.POST.get("secret", "")
    try:
        row = tokens.keep(team, host, secret, by=request.user, now=timezone.now())
    except (Invalid, QuotaReached) as refusal:
        shown = robots.about(team, request.user) | {
            "form": RobotForm(),
            "token_refusal": str(refusal),
            "typed_host": host,
        }
        return render(request, "pages/teams/robots.html", shown, status=422)
    messages.success(request, _("The token for {host} is kept.").format(host=row.host))
    return redirect(_place(slug))


@require_POST
@login_required
def drop(request: MemberRequest, slug: str) -> HttpResponse:
    host = request.POST.get("host", "")
    try:
        tokens.drop(people.team(slug), host, by=request.user, now=timezone.now())
    except NotFound as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The token for {host} is forgotten.").format(host=host))
    return redirect(_place(slug))


def _place(slug: str) -> str:
    return f"{reverse('robots', args=[slug])}#import-tokens"
