"""The playground over several adapters: one prompt, seed and weights, and each one's cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from hub.pages import addresses, cells, chosen
from hub.pages.ask_several_form import SeveralForm
from registry.errors import NotAllowed, NotFound, PlanRefused, QuotaReached, WrongState
from registry.queries import people, requests, together
from registry.services import grounds
from registry.services import together as asking
from registry.sweeps import axes

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, PreviewRequest, User


@dataclass(frozen=True, slots=True)
class Line:
    """What one adapter was asked for: the first row of its grid, as far as it is there."""

    request: PreviewRequest
    name: str
    address: str
    cells: tuple[cells.Shown | None, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show(request: MemberRequest) -> HttpResponse:
    found = together.named(chosen.in_address(request), by=request.user)
    form = SeveralForm(
        request.POST if request.method == "POST" else None,
        grounds=[grounds.ground_of(version, request.user) for version in found],
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, found, form, status=422 if form.errors else 200)
    try:
        asked = asking.ask_each(found, form.plan(), by=request.user, now=timezone.now())
    except QuotaReached as refusal:
        return _page(request, found, form, refusal=str(refusal), status=429)
    except NotAllowed as refusal:
        return _page(request, found, form, refusal=str(refusal), status=403)
    except (PlanRefused, WrongState) as refusal:
        return _page(request, found, form, refusal=str(refusal), status=422)
    ids = ",".join(str(one.pk) for one in asked)
    query = urlencode({"requests": ids}, safe=",")
    return redirect(f"{reverse('asked-several')}?{query}")


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Show what was asked of each; while some of it is going on, the page asks for itself."""
    by = people.person(request.user)
    found = requests.several(_ids(request.GET.get("requests", "")), by=by)
    if not found:
        raise NotFound("There are no such requests, or you may not see them.")
    living = any(one.state in requests.LIVING for one in found)
    shown = _asked(found, by) | {"living": living, "here": request.get_full_path()}
    partial = living and request.headers.get("HX-Request")
    name = "parts/_several_asked.html" if partial else "pages/compare/asked.html"
    response = render(request, name, shown)
    if request.headers.get("HX-Request") and not living:
        response["HX-Refresh"] = "true"
    response["Cache-Control"] = "no-store"
    return response


def _page(
    request: MemberRequest,
    found: Sequence[AdapterVersion],
    form: SeveralForm,
    *,
    refusal: str = "",
    status: int,
) -> HttpResponse:
    names = [chosen.name_of(version) for version in found]
    shown = {
        "versions": found,
        "form": form,
        "refusal": refusal,
        "back": chosen.address(names),
    }
    return render(request, "pages/compare/ask.html", shown, status=status)


def _ids(text: str) -> list[UUID]:
    """Return the ids in an address; what is none of ours names nothing."""
    found = []
    for one in text.split(",")[: together.MOST]:
        try:
            found.append(UUID(one.strip()))
        except ValueError:
            continue
    return found


def _asked(found: Sequence[PreviewRequest], by: User | None) -> dict[str, Any]:
    lines = [_line(one) for one in found]
    names = [line.name for line in lines]
    return {
        "lines": lines,
        "columns": [axes.label("weight", weight) for weight in _weights(found[0])],
        "prompt": _prompt(found[0]),
        "seed": found[0].plan.get("same", {}).get("seed"),
        "done": sum(int(one.progress.get("done") or 0) for one in found),
        "cells": sum(one.cells for one in found),
        "back": chosen.address(names),
        "again": chosen.address(names, "ask-several"),
        "may_ask": by is not None,
    }


def _line(request: PreviewRequest) -> Line:
    """Return what there is of a request, with holes for what is still to come."""
    grid = requests.whole_grids().get(pk=request.grid_id) if request.grid_id else None
    table = cells.table_of(grid)
    row = table.rows[0].cells if table and table.rows else ()
    holes = (None,) * (len(_weights(request)) - len(row))
    address = addresses.asked(request)
    return Line(request, chosen.name_of(request.version), address, (*row, *holes))


def _weights(request: PreviewRequest) -> Sequence[float]:
    across = request.plan.get("across", {})
    return across.get("values", []) if across.get("axis") == "weight" else []


def _prompt(request: PreviewRequest) -> str:
    same = request.plan.get("same", {})
    return str(same.get("prompt") or same.get("scene") or "")
