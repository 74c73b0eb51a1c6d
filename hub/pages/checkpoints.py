"""The page of a training run: checkpoints × weights, a vote on the best, one made a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hub.pages import addresses, cells, live
from registry.errors import NotFound, RegistryError
from registry.queries import checkpoints as found
from registry.queries import people, requests, versions
from registry.queries.words import GridKind, Role
from registry.services import checkpoints, grounds

if TYPE_CHECKING:
    from django.http import HttpRequest

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, CheckpointVote, User

WIDTH, HEIGHT, EDGE = 120.0, 36.0, 3.0  # of a small curve
LEAST_TOP = 0.05  # a curve that hardly rises is not drawn as if it did
END = "end"  # what the run's end is called in forms


@dataclass(frozen=True, slots=True)
class Row:
    """A checkpoint of the run: `value` is its step in forms."""

    value: str
    label: str
    cells: tuple[cells.Shown | None, ...]
    line: str  # of its curve, as points of an SVG; "" where it was not measured
    votes: Sequence[CheckpointVote]
    mine: bool
    became: Sequence[tuple[int, str]]  # numbers of versions, and where they are


@require_safe
def show(request: HttpRequest, team: str, name: str, number: int) -> HttpResponse:
    by = people.person(request.user)
    version = versions.in_sight(team, name, number, by=by)
    if not found.is_run(version):
        raise NotFound(_("This version has no training checkpoints."))
    grid = found.grid_of(version, by=by)
    run = found.of_run(version, grid, by=by)
    weights = sorted({cell.weight for one in run for cell in one.cells if cell.weight})
    living = requests.living_of(version, GridKind.STEPS, by=by)
    unfit = grounds.unfit(version)
    shown = {
        "version": version,
        "adapter": version.adapter,
        "back": addresses.page(version),
        "weights": weights,
        "rows": _rows(run, weights, by),
        "by_outlines": any(one.measure == found.OUTLINES for one in run),
        "most": max(len(one.votes) for one in run),
        "sheet": addresses.sheet(grid) if grid else "",
        "going_on": addresses.asked(living[0]) if living else "",
        "unfit": unfit,
        "progress": _progress(version),
        "may_ask": by is not None and not unfit and bool(people.team_keys_of(by)),
        "may_vote": found.may_vote(version, by),
        "may_promote": people.may(by, Role.CONTRIBUTOR, version.adapter.team),
    }
    return render(request, "pages/checkpoints/checkpoints.html", shown)


@require_POST
@login_required
def vote(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Be for the checkpoint whose button was pressed; without one, for none any more."""
    version = versions.in_sight(team, name, number, by=request.user)
    said, now = request.POST.get("step", ""), timezone.now()
    if not said:
        checkpoints.take_back(version, by=request.user, now=now)
        return redirect(_page(version))
    note = request.POST.get("note", "")
    checkpoints.vote(version, _step(said), note=note, by=request.user, now=now)
    return redirect(f"{_page(version)}#step-{said}")


@require_POST
@login_required
def promote(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    version = versions.in_sight(team, name, number, by=request.user)
    step = _step(request.POST.get("step", ""))
    if step is None:
        raise NotFound(_("The end of the run is the version already."))
    try:
        made = checkpoints.promote(version, step, by=request.user, now=timezone.now())
    except RegistryError as refusal:
        messages.error(request, str(refusal))
        return redirect(_page(version))
    messages.success(
        request, _("Step {step} is version {number} now.").format(step=step, number=made.number)
    )
    return redirect(addresses.page(made))


def _progress(version: AdapterVersion) -> live.Progress | None:
    """Return where the version's validation stands, None where none is going on."""
    validation = versions.newest_run(version)
    going_on = validation is not None and validation.state in live.LIVING
    return live.progress(validation) if validation and going_on else None


def _step(said: str) -> int | None:
    if said == END:
        return None
    if not said.isdecimal() or len(said) > 10:
        raise NotFound(_("There is no such checkpoint."))
    return int(said)


def _page(version: AdapterVersion) -> str:
    adapter = version.adapter
    return reverse("checkpoints", args=[adapter.team.slug, adapter.slug, version.number])


def _rows(run: Sequence[found.Checkpoint], weights: Sequence[float], by: User | None) -> list[Row]:
    highest = max([LEAST_TOP, *(far for one in run for _weight, far in one.points)])
    return [_row(one, weights, highest, by) for one in run]


def _row(one: found.Checkpoint, weights: Sequence[float], highest: float, by: User | None) -> Row:
    label = _("the end") if one.step is None else str(one.step)
    at = {cell.weight: cell for cell in one.cells}
    shown = (cells.shown_of(at.get(weight), f"{label}, {weight:g}") for weight in weights)
    return Row(
        value=END if one.step is None else str(one.step),
        label=label,
        cells=tuple(shown) if one.cells else (),
        line=_line(one.points, highest),
        votes=one.votes,
        mine=by is not None and any(vote.by_id == by.pk for vote in one.votes),
        became=[(each.number, addresses.page(each)) for each in one.became],
    )


def _line(points: Sequence[tuple[float, float]], highest: float) -> str:
    """Return where a curve goes, all rows on one scale, so that they can be held together."""
    if len(points) < 2:
        return ""
    last = max(weight for weight, _far in points) or 1.0
    places = [
        (
            EDGE + weight / last * (WIDTH - 2 * EDGE),
            HEIGHT - EDGE - far / highest * (HEIGHT - 2 * EDGE),
        )
        for weight, far in [(0.0, 0.0), *(point for point in points if point[0])]
    ]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
