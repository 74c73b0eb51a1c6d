"""My uploads: what I have begun, what I sent, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.pages import addresses, live
from hub.pages.adapter import stage_of
from registry.queries import upload_drafts as begun
from registry.queries import versions
from registry.services import upload_drafts

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, UploadDraft, ValidationRun

A_PAGE = 30
MOST_NAMED = 4


@dataclass(frozen=True, slots=True)
class Row:
    version: AdapterVersion
    address: str
    state: str
    progress: live.Progress | None
    reason: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft, as it is listed."""

    draft: UploadDraft
    title: str
    files: str
    address: str
    expires_at: datetime


@require_safe
@login_required
@never_cache
def show(request: MemberRequest) -> HttpResponse:
    pages = Paginator(versions.uploaded_by(request.user), A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows = _rows(list(page.object_list))
    going_on = any(row.progress is not None for row in rows)
    shown = {"rows": rows, "page": page, "going_on": going_on}
    if page.number == 1:
        shown["drafts"] = [_begun(draft) for draft in begun.of(request.user)]
    partial = bool(request.headers.get("HX-Request"))
    name = "parts/_uploads.html" if partial else "pages/uploads/uploads.html"
    return render(request, name, shown)


@require_POST
@login_required
def delete_draft(request: MemberRequest, draft_id: UUID) -> HttpResponse:
    upload_drafts.drop(begun.by_id(draft_id, by=request.user))
    messages.success(request, _("The draft is deleted."))
    return redirect("uploads")


def _begun(draft: UploadDraft) -> Begun:
    names = [str(file["name"]).rpartition("/")[2] for file in draft.files]
    more = len(names) - MOST_NAMED
    files = ", ".join(names[:MOST_NAMED]) + (f" … +{more}" if more > 0 else "")
    return Begun(
        draft=draft,
        title=str(draft.about.get("title") or "") or (names[0] if names else _("Without a title")),
        files=files,
        address=f"{reverse('upload')}?{urlencode({'draft': draft.pk})}",
        expires_at=begun.expires_at(draft),
    )


def _rows(shown: list[AdapterVersion]) -> list[Row]:
    newest = [next(iter(version.runs.all()), None) for version in shown]
    going_on = live.progress_of_each([run for run in newest if run])
    return [
        _row(version, run, going_on.get(run.pk) if run else None)
        for version, run in zip(shown, newest, strict=True)
    ]


def _row(version: AdapterVersion, run: ValidationRun | None, progress: live.Progress | None) -> Row:
    state = stage_of(version, run.state if run else "")
    return Row(
        version=version,
        address=addresses.page(version),
        state=state,
        progress=progress,
        reason=run.reason if run and state == "failed" else version.reason,
    )
