"""Notifications by mail, through Django's backend: soon, or once a day all together."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from registry.models import Mailing, Notification, User
from registry.queries import following, notices

logger = logging.getLogger(__name__)

A_DAY = timedelta(hours=23)  # so that it does not creep later from day to day
MOST_LINES = 50
Pace = Mailing.Pace


def send_due(*, now: datetime) -> int:
    """Write to everyone who is due and has something new; return to how many."""
    due = Mailing.objects.filter(Q(pace=Pace.SOON) | Q(pace=Pace.DAILY, mailed_at__lt=now - A_DAY)
                                 | Q(pace=Pace.DAILY, mailed_at=None))  # fmt: skip
    waiting = due.filter(user__is_active=True, user__notifications__mailed=False).distinct()
    return sum(_write_to(pk, now=now) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _write_to(pk: int, *, now: datetime) -> bool:
    """
    Send one person their mail and note it. A mail that cannot be sent is tried again next time.

    The row is locked, so two clocks send it once; if the process dies between sending and noting,
    it is sent twice rather than never.
    """
    locked = Mailing.objects.select_for_update(skip_locked=True, of=("self",))
    told = locked.select_related("user").filter(pk=pk).first()
    if told is None or not told.user.email:
        return False
    new = list(following.notifications(told.user).filter(mailed=False, seen_at=None))
    told.user.notifications.filter(mailed=False).exclude(seen_at=None).update(mailed=True)
    if not new:
        return False
    try:
        _send(told, new)
    except (OSError, SMTPException) as error:
        logger.warning("no mail could be sent to %s: %s", told.user, error)
        return False
    Notification.objects.filter(pk__in=[one.pk for one in new]).update(mailed=True)
    told.mailed_at = now
    told.save(update_fields=["mailed_at"])
    return True


def _send(told: Mailing, new: Sequence[Notification]) -> None:
    with override(told.language):
        subject, body = letter(told.user, new)
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [told.user.email])


def letter(user: User, new: Sequence[Notification]) -> tuple[str, str]:
    """Return the subject and the text of a mail about these, in the language that is on."""
    said = [notices.of_event(one.event) for one in new[:MOST_LINES]]
    if len(new) == 1:
        subject = said[0].sentence
    else:
        subject = ngettext("{count} thing is new", "{count} things are new", len(new)).format(
            count=len(new)
        )
    lines = [_("Hello {name},").format(name=user.get_full_name() or user.username), ""]
    for one in said:
        lines += [one.sentence, *([one.reason] if one.reason else []), _whole(one.path), ""]
    if len(new) > MOST_LINES:
        lines += [_("… and {count} more.").format(count=len(new) - MOST_LINES), ""]
    settings_at = _whole("/notifications")
    lines.append(_("How often you get this is set here: {address}").format(address=settings_at))
    return f"{settings.SITE_TITLE}: {' '.join(subject.split())}", "\n".join(lines)


def _whole(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"
