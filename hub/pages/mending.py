"""The part of a report from which a copy of the version is mended, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.pages import addresses
from registry.errors import Invalid, NotConvertible, QuotaReached, WrongState
from registry.exports import mending as rules
from registry.exports.mending import Offer
from registry.queries import mending as found
from registry.queries import people, versions
from registry.queries.words import MendingState, Role, State
from registry.services import mending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, User

REFRESH = {"HX-Refresh": "true"}
REFUSALS = (Invalid, NotConvertible, QuotaReached, WrongState)


@dataclass(frozen=True, slots=True)
class Line:
    """A step that a person may choose, or that has to be."""

    step: str
    does: str
    needed: bool
    ticked: bool


@dataclass(frozen=True, slots=True)
class Mend:
    """What the page says of mending a version."""

    lines: Sequence[Line]
    reason: str  # why a rejected version cannot be mended
    is_waiting: bool
    failed: str  # why nothing came of the last one
    became: str  # where the copy is that was made last
    number: int | None  # … and which version that is
    own: bool  # the reader asked for it


def of_version(version: AdapterVersion, by: User | None) -> dict[str, Any]:
    """Return what the page of a version shows of mends: to contributors, what can be done."""
    shown: dict[str, Any] = {"mended": found.that_made(version)}
    if version.state != State.WAITING and people.may(by, Role.CONTRIBUTOR, version.adapter.team):
        shown["mend"] = _mend(version, by)
    return shown


def _mend(version: AdapterVersion, by: User | None) -> Mend | None:
    offered, asked = found.offer_of(version), found.of_version(version)
    rejected = version.state == State.REJECTED
    if not asked and not offered.possible and not (rejected and offered.reason):
        return None
    last = asked[0] if asked else None
    made = last.made if last else None
    lines = _lines(offered) if offered.possible else ()
    if made and all(line.needed for line in lines):
        lines = ()  # another copy would be the same
    return Mend(
        lines=lines,
        reason=offered.reason if rejected else "",
        is_waiting=last is not None and last.state == MendingState.WAITING,
        failed=last.reason if last and last.state == MendingState.REFUSED else "",
        became=addresses.page(made) if made else "",
        number=made.number if made else None,
        own=last is not None and by is not None and last.by_id == by.pk,
    )


def _lines(offered: Offer) -> tuple[Line, ...]:
    """Return each step once, what has to be first."""
    needed = {mend.step: _line(mend, needed=True) for mend in offered.needed}
    further = {mend.step: _line(mend, needed=False) for mend in offered.further}
    return tuple((needed | further).values())  # nothing is in both


def _line(mend: rules.Mend, *, needed: bool) -> Line:
    return Line(mend.step, mend.does, needed=needed, ticked=needed or mend.by_itself)


@require_safe
@never_cache
def show(request: HttpRequest, team: str, name: str, number: int) -> HttpResponse:
    """
    Answer with the part as it stands now; once the copy is received, with the whole page.

    Whoever asked for the copy is led to it: that is where it is checked.
    """
    by = people.person(request.user)
    version = versions.in_sight(team, name, number, by=by)
    shown = of_version(version, by)
    if not request.headers.get("HX-Request"):
        return redirect(f"{addresses.page(version)}#mend")
    mend = shown.get("mend")
    if mend is None or not mend.is_waiting:
        goes_on = mend.became if mend and mend.own else ""
        return HttpResponse(headers={"HX-Redirect": goes_on} if goes_on else REFRESH)
    return render(request, "parts/_mend.html", shown | _named(version))


@require_POST
@login_required
def ask(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Have a copy mended: by the steps that are ticked."""
    version = versions.in_sight(team, name, number, by=request.user)
    steps = request.POST.getlist("step")
    try:
        row = mending.ask(version, steps, by=request.user, now=timezone.now())
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        if row.made is not None:
            return redirect(addresses.page(row.made))
    return redirect(f"{addresses.page(version)}#mend")


def _named(version: AdapterVersion) -> dict[str, Any]:
    return {"version": version, "adapter": version.adapter}
