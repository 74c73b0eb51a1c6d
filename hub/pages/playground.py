"""The playground: a member says what to render of a version, follows it, and shows the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hub.pages import addresses, asked_words, cells
from hub.pages.live import SAYINGS
from hub.pages.playground_form import PlaygroundForm
from registry.errors import (
    NotAllowed,
    NotFound,
    PlanRefused,
    QuotaReached,
    RegistryError,
    WrongState,
)
from registry.queries import people, requests, versions, workers
from registry.queries.words import RequestState, Role
from registry.services import grounds, steps
from registry.services import requests as asking
from registry.sweeps.asking import MOST_CELLS

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, PreviewRequest, User

COMPARED = (0.6, 0.9, 1.2)  # weights at which two versions are held against each other
MOST_COMPARED = 4  # scenes


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    version = versions.in_sight(team, name, number, by=request.user)
    try:
        grounds.require(version, request.user)
    except (NotAllowed, WrongState) as refusal:
        shown = _about(version) | {"refusal": str(refusal)}
        status = 403 if isinstance(refusal, NotAllowed) else 409
        return render(request, "pages/playground/not_here.html", shown, status=status)
    form = PlaygroundForm(
        request.POST if request.method == "POST" else None,
        ground=grounds.ground_of(version, request.user),
        may_show=_may_show(version, request.user),
        initial=_like(request, version),
    )
    if request.method == "POST" and form.is_valid():
        try:
            asked = _ask(form, version, request.user)
        except PlanRefused as refusal:
            form.refuse(refusal)
        except QuotaReached as refusal:
            return _page(request, version, form, refusal=refusal, status=429)
        else:
            return redirect(addresses.asked(asked))
    return _page(request, version, form, status=422 if form.errors else 200)


def _like(request: MemberRequest, version: AdapterVersion) -> dict[str, Any]:
    """Return what to begin with: what was asked for before, where `?like=` names that."""
    try:
        key = UUID(request.GET.get("like", ""))
        return asked_words.typed(requests.in_sight(version, key, by=request.user).plan)
    except (ValueError, NotFound):
        return {}


def _ask(form: PlaygroundForm, version: AdapterVersion, by: User) -> PreviewRequest:
    return asking.ask(
        version,
        form.plan(),
        by=by,
        now=timezone.now(),
        in_gallery=bool(form.cleaned_data.get("in_gallery")),
    )


@require_safe
def asked(
    request: HttpRequest, team: str, name: str, number: int, request_id: UUID
) -> HttpResponse:
    by = people.person(request.user)
    version = versions.in_sight(team, name, number, by=by)
    found = requests.in_sight(version, request_id, by=by)
    return render(request, "pages/playground/asked.html", _about(version) | _state(found, by))


@require_safe
@never_cache
def live(request: HttpRequest, team: str, name: str, number: int, request_id: UUID) -> HttpResponse:
    """Answer with the piece as it stands; once the request has ended, with the whole page again."""
    by = people.person(request.user)
    version = versions.in_sight(team, name, number, by=by)
    found = requests.in_sight(version, request_id, by=by)
    if not request.headers.get("HX-Request"):
        return redirect(addresses.asked(found))
    if found.state not in requests.LIVING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    shown = _about(version) | _state(found, by)
    return render(request, "parts/_asked_live.html", shown)


@require_POST
@login_required
def cancel(
    request: MemberRequest, team: str, name: str, number: int, request_id: UUID
) -> HttpResponse:
    version = versions.in_sight(team, name, number, by=request.user)
    found = requests.in_sight(version, request_id, by=request.user)
    try:
        asking.cancel(found, by=request.user, now=timezone.now())
    except WrongState as refusal:
        messages.error(request, str(refusal))
    return redirect(addresses.asked(found))


@require_POST
@login_required
def switch(
    request: MemberRequest, team: str, name: str, number: int, request_id: UUID
) -> HttpResponse:
    """Show it in the gallery, or no longer."""
    version = versions.in_sight(team, name, number, by=request.user)
    found = requests.in_sight(version, request_id, by=request.user)
    in_gallery = bool(request.POST.get("in_gallery"))
    asking.show(found, in_gallery=in_gallery, by=request.user, now=timezone.now())
    said = _("It is shown in the gallery.") if in_gallery else _("Only you see it now.")
    messages.success(request, said)
    return redirect(addresses.asked(found))


@require_POST
@login_required
def ask_for_steps(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Have every training checkpoint rendered: one click."""
    version = versions.in_sight(team, name, number, by=request.user)
    return _one_click(request, version, steps.plan_of(version))


@require_POST
@login_required
def compare(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Have the version held against another one, on the same scenes and weights."""
    version = versions.in_sight(team, name, number, by=request.user)
    scenes = [scene.slug for scene in grounds.ground_of(version, request.user).scenes]
    plan = {
        "across": {"axis": "weight", "values": list(COMPARED)},
        "down": {"axis": "scene", "values": scenes[:MOST_COMPARED]},
        "against": request.POST.get("against", ""),
    }
    return _one_click(request, version, plan)


def _one_click(
    request: MemberRequest, version: AdapterVersion, plan: dict[str, Any]
) -> HttpResponse:
    try:
        found = asking.ask(
            version,
            plan,
            by=request.user,
            now=timezone.now(),
            in_gallery=_may_show(version, request.user),
        )
    except (NotAllowed, PlanRefused, QuotaReached, WrongState) as refusal:
        messages.error(request, str(refusal))
        return redirect(addresses.page(version))
    return redirect(addresses.asked(found))


def _page(
    request: MemberRequest,
    version: AdapterVersion,
    form: PlaygroundForm,
    *,
    refusal: RegistryError | None = None,
    status: int,
) -> HttpResponse:
    form.lead_to_error()
    shown = _about(version) | {
        "form": form,
        "most_size": "×".join(map(str, form.ground.most_size)),
        "own": requests.own(version, request.user),
        "most_cells": MOST_CELLS,
        "an_hour": settings.ASK_CELLS,
        "cells_left": asking.left(request.user, now=timezone.now()),
        "refusal": str(refusal) if refusal else "",
    }
    return render(request, "pages/playground/playground.html", shown, status=status)


def _about(version: AdapterVersion) -> dict[str, Any]:
    return {"version": version, "adapter": version.adapter, "back": addresses.page(version)}


def _state(found: PreviewRequest, by: User | None) -> dict[str, Any]:
    """Return how a request stands, and what may be done with it."""
    grid = requests.whole_grids().get(pk=found.grid_id) if found.grid_id else None
    team = found.version.adapter.team
    own = by is not None and found.by_id == by.pk
    reviews = by is not None and people.may(by, Role.REVIEWER, team)
    doing = str(found.progress.get("saying") or "")
    now, waits = timezone.now(), found.state == RequestState.QUEUED
    return {
        "asked": found,
        "told": asked_words.told(found.plan),
        "living": found.state in requests.LIVING,
        "waits": waits,
        "nobody": waits and not workers.alive(now).exists(),
        "place": requests.place(found),
        "left": requests.seconds_left(found, now=now),
        "saying": str(SAYINGS.get(doing, doing)),
        "table": cells.table_of(grid),
        "may_cancel": found.state in requests.LIVING and (own or reviews),
        "may_switch": reviews or (own and by is not None and _may_show(found.version, by)),
        "own": own,
    }


def _may_show(version: AdapterVersion, by: User) -> bool:
    return people.may(by, Role.CONTRIBUTOR, version.adapter.team)
