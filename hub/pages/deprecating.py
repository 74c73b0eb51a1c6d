"""Deprecating a version on its page, and taking that back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hub.pages import addresses
from registry.errors import Invalid, NotFound, WrongState
from registry.queries import deprecations, people, versions
from registry.queries.words import Role
from registry.services import deprecating

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, User


def of_version(version: AdapterVersion, by: User | None) -> dict[str, Any]:
    """Return what the page shows of a deprecated version: nothing of any other."""
    found = deprecations.of_version(version)
    if found is None:
        return {}
    shown: dict[str, Any] = {"deprecation": found, "may_reinstate_all": _may_all(version, by)}
    if found.instead is None:
        return shown
    return shown | {"instead_address": _address(found), "instead_title": found.title}


def _may_all(version: AdapterVersion, by: User | None) -> bool:
    """Say whether there are others to reinstate with it, and the person may do so with all."""
    if not people.may(by, Role.CONTRIBUTOR, version.adapter.team):
        return False
    deprecated = list(deprecations.all_of(version.adapter))
    reviews = people.may(by, Role.REVIEWER, version.adapter.team)
    own = by is not None and all(one.uploaded_by_id == by.pk for one in deprecated)
    return len(deprecated) > 1 and (reviews or own)


def _address(found: deprecations.Deprecation) -> str:
    if found.version is not None:
        return addresses.page(found.version)
    team, _slash, name = found.successor.partition("/")
    return reverse("adapter", args=[team, name])


@require_POST
@login_required
def deprecate(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Deprecate it, or all that are published; a refusal comes with what was typed."""
    version = versions.in_sight(team, name, number, by=request.user)
    said = request.POST
    done = _("Version {number} is deprecated.").format(number=number)
    try:
        instead = deprecations.successor_named(
            said.get("successor", ""), of=version, by=request.user
        )
        reason, by, now = said.get("reason", ""), request.user, timezone.now()
        if said.get("all"):
            line = version.adapter
            deprecating.deprecate_all(line, reason=reason, instead=instead, by=by, now=now)
            done = _("All published versions are deprecated.")
        else:
            deprecating.deprecate(version, reason=reason, instead=instead, by=by, now=now)
    except (Invalid, NotFound, WrongState) as refusal:
        return _again(request, version, str(refusal))
    messages.success(request, done)
    return redirect(addresses.page(version))


def _again(request: MemberRequest, version: AdapterVersion, refusal: str) -> HttpResponse:
    said = request.POST
    shown = {
        "version": version,
        "versions": versions.of_adapter(version.adapter, by=request.user),
        "adapter": version.adapter,
        "back": addresses.page(version),
        "refusal": refusal,
        "reason": said.get("reason", ""),
        "successor": said.get("successor", ""),
        "all": bool(said.get("all")),
    }
    return render(request, "pages/edit/deprecate.html", shown, status=422)


@require_POST
@login_required
def reinstate(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Let it be used again, or all versions that are deprecated."""
    version = versions.in_sight(team, name, number, by=request.user)
    by, now = request.user, timezone.now()
    if request.POST.get("all"):
        deprecating.reinstate_all(version.adapter, by=by, now=now)
        messages.success(request, _("All versions may be used again."))
    else:
        deprecating.reinstate(version, by=by, now=now)
        messages.success(request, _("Version {number} may be used again.").format(number=number))
    return redirect(addresses.page(version))
