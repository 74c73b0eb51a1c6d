"""The workers: what each holds and does, and what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hub.pages import live, times
from registry.queries import lines, workers

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.queries.lines import Line
    from registry.queries.workers import Seen


@dataclass(frozen=True, slots=True)
class Row:
    """A device, in words."""

    seen: Seen
    title: str
    doing: str
    pace: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line, in words."""

    line: Line
    takes: str


@require_safe
@login_required
@never_cache
def show(request: MemberRequest) -> HttpResponse:
    now = timezone.now()
    shown = {
        "rows": [_row(seen) for seen in workers.listed(by=request.user, now=now)],
        "waiting": [
            Waiting(line, times.in_words(line.seconds) if line.seconds else "")
            for line in lines.lines(by=request.user, now=now)
        ],
    }
    partial = bool(request.headers.get("HX-Request"))
    name = "parts/_workers.html" if partial else "pages/workers/workers.html"
    return render(request, name, shown)


def _row(seen: Seen) -> Row:
    worker = seen.worker
    return Row(
        seen=seen,
        title=worker.device_name or worker.device,
        doing=_doing(seen),
        pace=_pace(worker.seconds_a_cell),
    )


def _doing(seen: Seen) -> str:
    if seen.silent:
        return _("It is gone, or cannot reach the database.")
    doing = seen.worker.doing
    return str(live.SAYINGS.get(doing, doing)) if doing else _("It waits.")


def _pace(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return _("{count} s a cell").format(count=number_format(round(seconds, 1), 1))
