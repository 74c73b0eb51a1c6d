"""What a member is to hear of, and how often by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from registry.errors import Invalid
from registry.queries import following, notices
from registry.queries.words import Pace
from registry.services import following as services

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest

A_PAGE = 40


@dataclass(frozen=True, slots=True)
class Row:
    notice: notices.Notice
    at: datetime
    new: bool


@require_safe
@login_required
@never_cache
def show(request: MemberRequest) -> HttpResponse:
    pages = Paginator(following.notifications(request.user), A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    rows = [
        Row(notices.of_event(one.event), one.event.at, one.seen_at is None)
        for one in page.object_list
    ]
    shown = {
        "rows": rows,
        "page": page,
        "any_new": following.unseen(request.user) > 0,
        "follows": following.follows(request.user),
        "mailing": following.mailing(request.user),
        "paces": Pace.choices,
    }
    return render(request, "pages/notifications/notifications.html", shown)


@require_POST
@login_required
def see(request: MemberRequest) -> HttpResponse:
    services.see(request.user, now=timezone.now())
    return redirect("notifications")


@require_POST
@login_required
def set_mailing(request: MemberRequest) -> HttpResponse:
    pace = request.POST.get("pace", "")
    try:
        services.set_mailing(request.user, pace=pace, language=get_language() or "en")
    except Invalid as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your choice is kept."))
    return redirect("notifications")
