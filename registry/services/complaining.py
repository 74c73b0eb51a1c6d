"""Reporting comments, pictures and adapters to the reviewers of a team, and settling that."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from registry.errors import Invalid, WrongState
from registry.formats import plain
from registry.models import Adapter, Comment, Complaint, GalleryPicture, Role, User
from registry.queries import gallery_pictures, people
from registry.services import events
from registry.services.quotas import Quota, stay_within

MOST_REASON = 500
Outcome = Complaint.Outcome


@transaction.atomic
def complain(
    adapter: Adapter,
    *,
    reason: str,
    comment: Comment | None = None,
    picture: GalleryPicture | None = None,
    by: User,
    now: datetime,
) -> Complaint:
    """
    Report an adapter, or a comment or a picture that is shown with it, to its team's reviewers.

    Who reports the same thing again while it is open has reported it once.

    :raises Invalid: if no reason is given, or the thing is not shown with this adapter
    :raises NotAllowed: if a robot asks
    :raises QuotaReached: if the person has reported as much today as anyone may
    """
    people.require_person(by, to="report")
    reason = plain.line(reason)
    if not reason or len(reason) > MOST_REASON:
        raise Invalid(f"Say what is wrong with it, in up to {MOST_REASON} letters.")
    _refuse_what_is_elsewhere(adapter, comment, picture)
    about = {"adapter": adapter, "comment": comment, "picture": picture}
    stay_within(_quota(), by=by, now=now)
    row, new = Complaint.objects.get_or_create(
        **about, by=by, outcome="", defaults={"reason": reason, "made_at": now}
    )
    if new:
        events.record("complaint.made", by=by, on=adapter, now=now, complaint=str(row.pk))
    return row


@transaction.atomic
def settle(
    complaint: Complaint, outcome: str, *, note: str = "", by: User, now: datetime
) -> Complaint:
    """
    Say whether a complaint was right. What is to be done about it is done where the thing is.

    :raises NotAllowed: if `by` does not review for the adapter's team, or is a robot
    :raises Invalid: if there is no such outcome, or the note is too long
    :raises WrongState: if somebody else has settled it already
    """
    rows = Complaint.objects.select_related("adapter__team").select_for_update(of=("self",))
    complaint = rows.get(pk=complaint.pk)
    people.require(by, Role.REVIEWER, complaint.adapter.team, to="settle what was reported")
    people.require_person(by, to="settle what was reported")
    note = plain.line(note)
    if outcome not in Outcome.values:
        raise Invalid(f"outcome is {outcome[:40]!r}: write one of {', '.join(Outcome.values)}.")
    if len(note) > MOST_REASON:
        raise Invalid(f"The note has {len(note)} letters; {MOST_REASON} are enough.")
    if complaint.outcome:
        raise WrongState("Somebody has settled this already.")
    complaint.outcome, complaint.note = outcome, note
    complaint.settled_by, complaint.settled_at = by, now
    complaint.save(update_fields=["outcome", "note", "settled_by", "settled_at"])
    told = {"complaint": str(complaint.pk), "outcome": outcome}
    events.record("complaint.settled", by=by, on=complaint.adapter, now=now, **told)
    return complaint


def _refuse_what_is_elsewhere(
    adapter: Adapter, comment: Comment | None, picture: GalleryPicture | None
) -> None:
    if comment is not None and picture is not None:
        raise Invalid("Report the comment or the picture, each by itself.")
    if comment is not None and comment.adapter_id != adapter.pk:
        raise Invalid("This comment is on another adapter: report it there.")
    if picture is not None and not gallery_pictures.hung_in(picture, adapter):
        raise Invalid("This picture hangs in another gallery: report it there.")


def _quota() -> Quota:
    return Quota(
        verbs=("complaint.made",),
        most=settings.COMPLAINTS_PER_DAY,
        window=timedelta(days=1),
        says="Reports are limited to {most} a day: send the next one in {wait}.",
    )
