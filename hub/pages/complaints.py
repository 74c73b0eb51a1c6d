"""Reports: sending one from where the thing is, and the list that reviewers settle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from registry.errors import Invalid, QuotaReached, WrongState
from registry.queries import comments, complaints, gallery_pictures, versions
from registry.services import complaining

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, Complaint


@dataclass(frozen=True, slots=True)
class Reported:
    """One report, with where the thing is to be seen and dealt with."""

    complaint: Complaint
    address: str
    small: str  # of a picture


@require_safe
@login_required
@never_cache
def listed(request: MemberRequest) -> HttpResponse:
    """Show what was reported to this reviewer, the oldest first."""
    found = [_reported(one) for one in complaints.open_for(request.user)]
    return render(request, "pages/review/complaints.html", {"reported": found})


def _reported(one: Complaint) -> Reported:
    name = [one.adapter.team.slug, one.adapter.slug]
    number: int | None = one.newest  # type: ignore[attr-defined]  # annotated
    if number is None:
        return Reported(one, reverse("adapter", args=name), "")
    where = [*name, number]
    if one.picture_id:
        small = reverse("api-gallery-bytes", args=[one.picture_id, "small"])
        return Reported(one, reverse("picture", args=[*where, one.picture_id]), small)
    if one.comment_id:
        return Reported(one, f"{reverse('community', args=where)}#comment-{one.comment_id}", "")
    return Reported(one, f"{reverse('adapter', args=name)}?version={number}", "")


@require_POST
@login_required
def send(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Report the adapter, or the comment or picture that the form names."""
    version = versions.in_sight(team, name, number, by=request.user)
    about: dict[str, Any] = {}
    try:
        about = _about(request, version)
        complaining.complain(
            version.adapter,
            reason=request.POST.get("reason", ""),
            **about,
            by=request.user,
            now=timezone.now(),
        )
    except (Invalid, QuotaReached) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The team's reviewers will look at it. Thank you."))
    if "picture" in about:
        return redirect("picture", team, name, number, about["picture"].pk)
    return redirect("community", team, name, number)


def _about(request: MemberRequest, version: AdapterVersion) -> dict[str, Any]:
    comment, picture = request.POST.get("comment"), request.POST.get("picture")
    by = request.user
    if comment:
        return {"comment": comments.of_adapter(version.adapter, _uuid(comment), by=by)}
    if picture:
        return {"picture": gallery_pictures.in_sight(_uuid(picture), by=by)}
    return {}


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_("That is nothing that can be reported.")) from error


@require_POST
@login_required
def settle(request: MemberRequest, complaint_id: UUID) -> HttpResponse:
    found = complaints.in_sight(complaint_id, by=request.user)
    try:
        complaining.settle(
            found,
            request.POST.get("outcome", ""),
            note=request.POST.get("note", ""),
            by=request.user,
            now=timezone.now(),
        )
    except (Invalid, WrongState) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is settled."))
    return redirect("complaints")
