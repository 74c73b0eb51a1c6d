"""For those who run the hub: what its workers do, what failed and why, and what it keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.pages import addresses, live
from registry.errors import WrongState
from registry.queries import operations, storage
from registry.queries.words import ImportStage, Stage
from registry.services import operations as services

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.queries.operations import WorkItem
    from registry.queries.storage import Share

NOUNS: Mapping[str, str | Promise] = {
    "run": gettext_lazy("Validation"),
    "request": gettext_lazy("Cells asked for"),
    "preparation": gettext_lazy("Another layout"),
    "import": gettext_lazy("Import"),
}
SORTS: Mapping[str, str | Promise] = {
    "adapters": gettext_lazy("Adapters"),
    "checkpoints": gettext_lazy("Training checkpoints"),
    "pictures": gettext_lazy("Pictures"),
    "sounds": gettext_lazy("Sounds"),
    "prepared": gettext_lazy("Other layouts, which can be made again"),
    "unused": gettext_lazy("Nothing refers to them; they are deleted after a while"),
    "staged": gettext_lazy("Uploads that are not complete"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A work item, in words."""

    item: WorkItem
    what: str
    doing: str
    title: str  # of its adapter, or where an import comes from
    about: str
    address: str  # of its version, or of the import


@dataclass(frozen=True, slots=True)
class Bar:
    """A share of what is kept, beside the largest."""

    label: str
    share: Share
    part: float  # of the largest, 0 to 1


@require_safe
@login_required
@never_cache
def show(request: MemberRequest) -> HttpResponse:
    operations.require_operator(request.user)
    shown = {
        "living": [_row(item) for item in operations.living()],
        "failed": [_row(item) for item in operations.failed()],
    }
    shown["may_try_all"] = [row for row in shown["failed"] if row.item.noun == "run"]
    partial = bool(request.headers.get("HX-Request"))
    name = "parts/_work_items.html" if partial else "pages/operations/operations.html"
    return render(request, name, shown)


@require_safe
@login_required
@never_cache
def item(request: MemberRequest, noun: str, row_id: UUID) -> HttpResponse:
    operations.require_operator(request.user)
    found = operations.item(noun, row_id)
    shown = {"row": _row(found), "item": found, "attempts": operations.attempts_of(found)}
    return render(request, "pages/operations/work_item.html", shown)


@require_safe
@login_required
@never_cache
def kept(request: MemberRequest) -> HttpResponse:
    operations.require_operator(request.user)
    told = storage.measured(now=timezone.now())
    labelled = [(SORTS[share.sort], share) for share in (*told.shares, told.unused, told.staged)]
    shown = {
        "storage": told,
        "bars": _bars(labelled),
        "teams": _bars([(team.title, share) for team, share in told.teams]),
    }
    return render(request, "pages/operations/storage.html", shown)


@require_POST
@login_required
def try_again(request: MemberRequest, row_id: UUID) -> HttpResponse:
    try:
        run = services.try_again(row_id, by=request.user, now=timezone.now())
    except WrongState as refusal:
        messages.error(request, str(refusal))
        return redirect("operations")
    messages.success(request, _("It is validated again."))
    return redirect("work-item", "run", run.pk)


@require_POST
@login_required
def try_all_again(request: MemberRequest) -> HttpResponse:
    count = services.try_all_again(by=request.user, now=timezone.now())
    said = ngettext(
        "{count} version is validated again.", "{count} versions are validated again.", count
    )
    messages.success(request, said.format(count=count))
    return redirect("operations")


def _row(one: WorkItem) -> Row:
    version = one.version
    if version is None:
        return Row(one, str(NOUNS[one.noun]), _doing(one), one.origin, "", _import(one))
    about = _("version {number} · {base}").format(number=version.number, base=version.base.title)
    return Row(
        item=one,
        what=str(NOUNS[one.noun]),
        doing=_doing(one),
        title=version.adapter.title,
        about=about,
        address=addresses.page(version),
    )


def _import(one: WorkItem) -> str:
    return reverse("one-import", args=[one.id])


def _doing(one: WorkItem) -> str:
    if one.state == "queued":
        return _("Waiting") if not one.reason else _("To be tried again")
    said = str(one.progress.get("saying") or "")
    if said:
        return str(live.SAYINGS.get(said, said))
    stages = ImportStage if one.noun == "import" else Stage
    return str(stages(one.stage).label) if one.stage else ""


def _bars(labelled: Sequence[tuple[str | Promise, Share]]) -> list[Bar]:
    largest = max((share.size for _, share in labelled), default=0) or 1
    return [Bar(str(label), share, share.size / largest) for label, share in labelled]
