"""Deprecating a version on its page, and taking that back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hub.pages import addresses
from registry.errors import Invalid, NotFound, WrongState
from registry.queries import deprecations, versions
from registry.services import deprecating

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion


def of_version(version: AdapterVersion) -> dict[str, Any]:
    """Return what the page shows of a deprecated version: nothing of any other."""
    found = deprecations.of_version(version)
    if found is None:
        return {}
    shown: dict[str, Any] = {"deprecation": found}
    if found.instead is None:
        return shown
    return shown | {"instead_address": _address(found), "instead_title": found.title}


def _address(found: deprecations.Deprecation) -> str:
    if found.version is not None:
        return addresses.page(found.version)
    team, _slash, name = found.successor.partition("/")
    return reverse("adapter", args=[team, name])


@require_POST
@login_required
def deprecate(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    version = versions.in_sight(team, name, number, by=request.user)
    said = request.POST
    try:
        instead = deprecations.successor_named(
            said.get("successor", ""), of=version, by=request.user
        )
        reason, by, now = said.get("reason", ""), request.user, timezone.now()
        if said.get("all"):
            line = version.adapter
            deprecating.deprecate_all(line, reason=reason, instead=instead, by=by, now=now)
        else:
            deprecating.deprecate(version, reason=reason, instead=instead, by=by, now=now)
    except (Invalid, NotFound, WrongState) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Version {number} is deprecated.").format(number=number))
    return redirect(addresses.page(version))


@require_POST
@login_required
def reinstate(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    version = versions.in_sight(team, name, number, by=request.user)
    deprecating.reinstate(version, by=request.user, now=timezone.now())
    messages.success(request, _("Version {number} may be used again.").format(number=number))
    return redirect(addresses.page(version))
