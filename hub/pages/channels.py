"""Channels on the page of an adapter: where each points, and the form that moves one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hub.pages import addresses
from registry.errors import Invalid, NameTaken, WrongState
from registry.queries import channels, versions
from registry.services import channels as moving

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Adapter

USUAL = ("prod", "staging")


def of_adapter(adapter: Adapter) -> dict[str, Any]:
    """Return what the page shows: the channels, and names to choose from."""
    there = channels.of_adapter(adapter)
    names = dict.fromkeys([*(one.name for one in there), *USUAL])
    return {"channels": there, "channel_names": list(names)}


@require_POST
@login_required
def move(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Point the channel that was written into the form at this version."""
    version = versions.in_sight(team, name, number, by=request.user)
    channel = request.POST.get("channel", "").strip().lower()
    try:
        moving.move(
            version.adapter,
            channel,
            to=version,
            reason=request.POST.get("reason", "").strip()[: moving.MAX_REASON],
            by=request.user,
            now=timezone.now(),
        )
    except (Invalid, NameTaken, WrongState) as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("{channel} points at version {number} now.")
        messages.success(request, said.format(channel=channel, number=number))
    return redirect(addresses.page(version))
