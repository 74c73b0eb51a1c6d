"""
Blueprints on their way to a manifest: held by one worker at a time, and always ended.

As with validation runs (registry/services/runs.py), the row is the truth and a message only a hint:
a worker holds a blueprint by a lease it renews, what it writes after it has lost it is void, and
after a set number of attempts the base has failed, with the reason.
"""

from __future__ import annotations

import hashlib
import zlib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from registry import jobs
from registry.bases.family import family_of
from registry.bases.given import MOST_LAYERS
from registry.bases.manifest import Manifest, decode
from registry.errors import LeaseLost, WrongState
from registry.formats import plain
from registry.formats.families import Family
from registry.models import BaseModel, Blueprint
from registry.services import events

UNANSWERED = timedelta(minutes=3)  # a message that nobody took in this time is sent again
UNSENT = timedelta(seconds=5)  # … and one that never went out, after this
State = BaseModel.State


@transaction.atomic
def claim(blueprint_id: UUID | str, *, now: datetime) -> Blueprint:
    """
    Hold a blueprint until its lease ends or is renewed.

    :raises WrongState: if it is made, or has failed, or somebody holds it
    """
    row = _locked(blueprint_id)
    if row.base.state != State.MAKING:
        raise WrongState(f"The base {row.base.slug} is {row.base.state}: nothing to make.")
    if row.lease_until and row.lease_until > now:
        raise WrongState(f"The base {row.base.slug} is being made by another worker.")
    row.attempt += 1
    row.fence += 1
    row.lease_until = now + settings.LEASE
    row.save(update_fields=["attempt", "fence", "lease_until"])
    return row


def renew(held: Blueprint, *, now: datetime) -> None:
    """
    Show that the holder is alive.

    :raises LeaseLost: if another worker has taken it over
    """
    mine = Blueprint.objects.filter(pk=held.pk, fence=held.fence, base__state=State.MAKING)
    if not mine.update(lease_until=now + settings.LEASE):
        raise _lost(held)


@transaction.atomic
def finish(held: Blueprint, content: bytes, *, now: datetime) -> None:
    """
    Keep the manifest that was made: the base is ready.

    :raises LeaseLost: if another worker has taken it over
    """
    row = _hold(held)
    try:
        manifest = decode(content, name="What the worker made")
    except (ValueError, KeyError, TypeError, IndexError, zlib.error) as error:
        _fail(row, f"The manifest that a worker made cannot be read: {error}.", now=now)
        return
    count = sum(len(layers) for layers in manifest.components.values())
    if not 0 < count <= MOST_LAYERS:
        _fail(row, f"Its model has {count:,} layers; 1 to {MOST_LAYERS:,} are taken.", now=now)
        return
    row.manifest, row.digest = content, hashlib.sha256(content).hexdigest()
    row.save(update_fields=["manifest", "digest"])
    _end(row, State.READY, family=_family(row.base, manifest))
    events.record("base.ready", on=row.base.team, now=now, base=row.base.slug, layers=count)


def _family(base: BaseModel, manifest: Manifest) -> str:
    """Return the family that its adapters will show; its own name, where the rules know none."""
    family = family_of(manifest)
    return base.slug[:30] if family is Family.UNKNOWN else family.value


@transaction.atomic
def fail(held: Blueprint, *, reason: str, now: datetime) -> None:
    """
    End with a reason: the configuration is at fault, and would be at every attempt.

    :raises LeaseLost: if another worker has taken it over
    """
    _fail(_hold(held), reason, now=now)


@transaction.atomic
def release(held: Blueprint, *, reason: str, now: datetime) -> None:
    """
    Give it back after the worker met with an error: it is tried again, or has failed for good.

    :raises LeaseLost: if another worker has taken it over
    """
    row = _hold(held)
    if row.attempt >= settings.RUN_ATTEMPTS:
        _fail(row, reason, now=now)
    else:
        _requeue(row)


def resend_lost(*, now: datetime) -> int:
    """Take up every blueprint that no worker holds and no message tells of; return how many."""
    found = Blueprint.objects.lost(now, now - UNANSWERED).values_list("pk", flat=True)
    return sum(_take_up(blueprint_id, now=now) for blueprint_id in found)


@transaction.atomic
def _take_up(blueprint_id: UUID, *, now: datetime) -> bool:
    row = _locked(blueprint_id)
    if not Blueprint.objects.lost(now, now - UNANSWERED).filter(pk=row.pk).exists():
        return False  # somebody was quicker
    if row.sent_at is None and row.lease_until is None and row.queued_at > now - UNSENT:
        return False  # its sender is still about to
    if row.attempt >= settings.RUN_ATTEMPTS:
        times = f"Its worker died {row.attempt} times while it made the manifest."
        _fail(row, times, now=now)
        return False
    _requeue(row)
    return True


def _requeue(row: Blueprint) -> None:
    row.lease_until = None
    row.sent_at = None
    row.save(update_fields=["lease_until", "sent_at"])
    jobs.send_blueprint(row)


def _fail(row: Blueprint, reason: str, *, now: datetime) -> None:
    sentence = plain.line(reason)[:1000] or "It could not be made."
    _end(row, State.FAILED, reason=sentence)
    events.record("base.failed", on=row.base.team, now=now, base=row.base.slug, reason=sentence)


def _end(row: Blueprint, state: State, **fields: str) -> None:
    row.lease_until = None
    row.save(update_fields=["lease_until"])
    BaseModel.objects.filter(pk=row.base_id).update(state=state, **{"reason": ""} | fields)


def _hold(held: Blueprint) -> Blueprint:
    row = _locked(held.pk)
    if row.fence != held.fence or row.base.state != State.MAKING:
        raise _lost(held)
    return row


def _locked(blueprint_id: UUID | str) -> Blueprint:
    row = (
        Blueprint.objects.select_for_update(of=("self",))
        .select_related("base__team")
        .filter(pk=blueprint_id)
        .first()
    )
    if row is None:
        raise WrongState(f"There is no base of the blueprint {blueprint_id} any more.")
    return row


def _lost(held: Blueprint) -> LeaseLost:
    return LeaseLost(f"The blueprint {held.pk} was taken over by another worker.")
