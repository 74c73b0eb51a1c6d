"""
Who hears of what: acts in the log become notifications of people, a little later.

The log is read up to its horizon, as the feed of changes reads it, so nothing is missed and nothing
told twice, whatever writes meanwhile. Nobody hears of what they did themselves, nor of what they
may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from registry.models import (
    AdapterVersion,
    Comment,
    Event,
    Favourite,
    FeedMark,
    Follow,
    GalleryPicture,
    Membership,
    Notification,
    PreviewRequest,
    Role,
    User,
)
from registry.queries import changes

READER = "notifications"
AT_ONCE = 500
KEPT = timedelta(days=180)
Audience = Callable[[Event], set[int]]


def _uploader(event: Event) -> set[int]:
    return {event.version.uploaded_by_id} if event.version else set()


def _maker(event: Event) -> set[int]:
    return {event.adapter.created_by_id} if event.adapter else set()


def _followers(event: Event) -> set[int]:
    found = Follow.objects.filter(Q(adapter=event.adapter_id) | Q(team=event.team_id))
    return set(found.values_list("user_id", flat=True)) if event.adapter_id else set()


def _favourers(event: Event) -> set[int]:
    return set(Favourite.objects.filter(adapter=event.adapter_id).values_list("user_id", flat=True))


def _reviewers(event: Event) -> set[int]:
    held = Membership.objects.filter(team=event.team_id, role__in=[Role.REVIEWER, Role.ADMIN])
    return set(held.values_list("user_id", flat=True))


def _admins(event: Event) -> set[int]:
    held = Membership.objects.filter(team=event.team_id, role=Role.ADMIN)
    return set(held.values_list("user_id", flat=True))


def _asker(event: Event) -> set[int]:
    rows = PreviewRequest.objects.filter(pk=event.detail.get("request"), by__isnull=False)
    return {key for key in rows.values_list("by_id", flat=True) if key}


def _writer(event: Event) -> set[int]:
    """Return who wrote the comment."""
    rows = Comment.objects.filter(pk=event.detail.get("comment"), by__isnull=False)
    return {key for key in rows.values_list("by_id", flat=True) if key}


def _commenters(event: Event) -> set[int]:
    """Return who wrote the comment, and the one that it answers."""
    found = Comment.objects.filter(pk=event.detail.get("comment")).values_list("by", "parent__by")
    return {key for pair in found for key in pair if key}


def _hanger(event: Event) -> set[int]:
    """Return who hung the picture."""
    rows = GalleryPicture.objects.filter(pk=event.detail.get("picture"))
    return set(rows.values_list("by_id", flat=True))


def _named(event: Event) -> set[int]:
    rows = User.objects.filter(username=event.detail.get("user", ""))
    return set(rows.values_list("pk", flat=True))


AUDIENCES: Mapping[str, tuple[Audience, ...]] = {
    "version.published": (_followers, _uploader),
    "version.withdrawn": (_followers, _favourers, _uploader),
    "version.deprecated": (_followers, _favourers, _uploader),
    "version.superseded": (_followers, _favourers, _uploader),
    "version.ready": (_uploader, _reviewers),
    "version.rejected": (_uploader,),
    "run.failed": (_uploader,),
    "version.approved": (_uploader,),
    "version.sent-back": (_uploader,),
    "version.asked-again": (_reviewers,),
    "cells.rendered": (_asker,),
    "cells.failed": (_asker,),
    "comment.written": (_followers, _maker, _commenters),
    "comment.hidden": (_writer,),
    "picture.hung": (_followers, _maker),
    "picture.hidden": (_hanger,),
    "complaint.made": (_reviewers,),
    "team.role": (_named,),
    "team.secrets-known": (_admins,),
}


@transaction.atomic
def fan_out() -> int:
    """Make notifications of what has happened since the last time; return how many."""
    mark, _ = FeedMark.objects.get_or_create(reader=READER, defaults=_here())
    mark = FeedMark.objects.select_for_update().get(pk=mark.pk)
    place = changes.Place(mark.transaction, mark.event)
    events = list(
        changes.settled_after(place)
        .select_related("by", "adapter", "version", "team")
        .order_by("transaction", "id")[:AT_ONCE]
    )
    made = [
        Notification(user_id=person, event=event) for event in events for person in _hear(event)
    ]
    Notification.objects.bulk_create(made, ignore_conflicts=True)
    if events:
        mark.transaction, mark.event = events[-1].transaction, events[-1].pk
        mark.save()
    return len(made)


def _here() -> dict[str, int]:
    """Return where the log stands: nobody is told of what was before there were notifications."""
    place = changes.newest()
    return {"transaction": place.transaction, "event": place.id}


def _hear(event: Event) -> set[int]:
    audiences = AUDIENCES.get(event.verb, ())
    heard = set().union(*(audience(event) for audience in audiences)) - {event.by_id}
    if not heard or event.team_id is None or _is_public(event):
        return heard
    members = Membership.objects.filter(team=event.team_id, user__in=heard)
    known = set(members.values_list("user_id", flat=True))
    rulers = User.objects.filter(pk__in=heard, is_superuser=True)
    return known | set(rulers.values_list("pk", flat=True))


def _is_public(event: Event) -> bool:
    if event.version is not None:
        return event.version.state in AdapterVersion.PUBLIC
    if event.adapter is None:
        return False
    return event.adapter.versions.filter(state__in=AdapterVersion.PUBLIC).exists()


def forget_old(*, now: datetime) -> int:
    """Drop notifications of long ago; return how many."""
    dropped, _ = Notification.objects.filter(event__at__lt=now - KEPT).delete()
    return dropped
