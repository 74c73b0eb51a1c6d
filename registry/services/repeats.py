"""
Writes that name a key are done once, however often they are sent.

The key is claimed in a transaction of its own, before anything is done: of two that come at once
one does it, and the other is told to wait. Only what succeeded is kept: after a refusal nothing is
there, and the same may be asked again.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from registry.errors import Invalid, UploadRefused, WrongState
from registry.models import KeptAnswer, User

KEPT_FOR = timedelta(hours=24)
GIVEN_UP_AFTER = timedelta(minutes=10)  # no answer by then: whoever was at it is gone


def claim(key: str, *, fingerprint: str, by: User, now: datetime) -> tuple[KeptAnswer, bool]:
    """
    Return what is kept under the person's key, and whether the answer is the caller's to make.

    :raises Invalid: if that is no key
    :raises UploadRefused: if it belongs to another request
    :raises WrongState: if the same request is being done at this moment
    """
    if not (0 < len(key) <= 200 and key.isascii() and key.isprintable()):
        raise Invalid("An Idempotency-Key is 1 to 200 plain characters: a UUID, say.")
    KeptAnswer.objects.filter(user=by, key=key, begun_at__lt=now - KEPT_FOR).delete()
    kept, new = KeptAnswer.objects.get_or_create(
        user=by, key=key, defaults={"fingerprint": fingerprint, "begun_at": now}
    )
    if new:
        return kept, True
    if kept.fingerprint != fingerprint:
        raise UploadRefused(
            f"The Idempotency-Key {key[:60]!r} belongs to another request of yours: "
            "choose a new key for each.",
            code="idempotency-key-reused",
        )
    if kept.status is not None:
        return kept, False
    if _take_over(kept, now=now):
        return kept, True
    raise WrongState(
        "The same request is being done at this moment: ask again in a few seconds.",
        code="idempotency-key-in-use",
    )


def keep(kept: KeptAnswer, *, status: int, body: Any, location: str = "") -> None:
    """Keep what was answered, for a day."""
    KeptAnswer.objects.filter(pk=kept.pk).update(status=status, body=body, location=location)


def release(kept: KeptAnswer) -> None:
    """Let the key be used again: nothing was done."""
    KeptAnswer.objects.filter(pk=kept.pk, status=None).delete()


def drop_old(*, now: datetime) -> int:
    """Forget answers of more than a day ago; return how many."""
    gone, _ = KeptAnswer.objects.filter(begun_at__lt=now - KEPT_FOR).delete()
    return gone


def _take_over(kept: KeptAnswer, *, now: datetime) -> bool:
    silent = KeptAnswer.objects.filter(
        pk=kept.pk, status=None, begun_at=kept.begun_at, begun_at__lt=now - GIVEN_UP_AFTER
    )
    return bool(silent.update(begun_at=now))
