"""How often one person may do something: counted in the log of acts, so that nothing resets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from registry.errors import QuotaReached
from registry.models import Event, User


@dataclass(frozen=True, slots=True)
class Quota:
    """At most so many acts of some verbs in a window. `says` is a sentence with {most}, {wait}."""

    verbs: Sequence[str]
    most: int
    window: timedelta
    says: str


def stay_within(quota: Quota, *, by: User, now: datetime) -> None:
    """
    Return if the person may do it once more, and let nobody else count for them meanwhile.

    :raises QuotaReached: if they have done it as often as anyone may
    """
    User.objects.select_for_update().get(pk=by.pk)  # two at once count one after another
    lately = Event.objects.filter(by=by, verb__in=quota.verbs, at__gt=now - quota.window)
    done = list(lately.order_by("-at").values_list("at", flat=True)[: quota.most])
    if len(done) < quota.most:
        return
    oldest = done[-1] if done else now
    seconds = max(ceil((oldest + quota.window - now).total_seconds()), 1)
    raise QuotaReached(
        quota.says.format(most=quota.most, wait=_in_words(seconds)), retry_after=seconds
    )


def _in_words(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} second{'s' * (seconds != 1)}"
    if seconds < 5400:
        return f"{ceil(seconds / 60)} minutes"
    return f"{ceil(seconds / 3600)} hours"
