"""My uploads: what I sent, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hub.pages import addresses, live
from hub.pages.adapter import stage_of
from registry.queries import versions

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Row:
    version: AdapterVersion
    address: str
    state: str
    progress: live.Progress | None
    reason: str


@require_safe
@login_required
@never_cache
def show(request: MemberRequest) -> HttpResponse:
    pages = Paginator(versions.uploaded_by(request.user), A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows = [_row(version) for version in page.object_list]
    going_on = any(row.progress is not None for row in rows)
    shown = {"rows": rows, "page": page, "going_on": going_on}
    partial = bool(request.headers.get("HX-Request"))
    name = "parts/_uploads.html" if partial else "pages/uploads/uploads.html"
    return render(request, name, shown)


def _row(version: AdapterVersion) -> Row:
    run = next(iter(version.runs.all()), None)
    going_on = run is not None and run.state in live.LIVING
    state = stage_of(version, run.state if run else "")
    return Row(
        version=version,
        address=addresses.page(version),
        state=state,
        progress=live.progress(run, alone=False) if run and going_on else None,
        reason=run.reason if run and state == "failed" else version.reason,
    )
