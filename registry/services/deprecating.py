"""
Deprecating versions: they stay where they are and can be downloaded, and everyone is told not to.

A deprecated version may have a successor: it is superseded then.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from registry.errors import Invalid, WrongState
from registry.formats import plain
from registry.models import Adapter, AdapterVersion, User
from registry.queries import adapters, deprecations
from registry.services import events, publishing

MAX_REASON = 500
MOST_STEPS = 50  # from successor to successor
State = AdapterVersion.State


@transaction.atomic
def deprecate(
    version: AdapterVersion,
    *,
    reason: str,
    instead: AdapterVersion | Adapter | None = None,
    by: User,
    now: datetime,
) -> AdapterVersion:
    """
    Say that a published version is not to be used any more, why, and what to use instead. Said
    again, the later word counts.

    :raises NotAllowed: if `by` is neither a reviewer of the team nor the version's uploader
    :raises WrongState: if it is not published
    :raises Invalid: if there is no reason, or what to use instead is not published or leads back
    """
    version = publishing.locked(version)
    publishing.require_decider(by, version, to="deprecate versions")
    reason = plain.line(reason)
    if not 0 < len(reason) <= MAX_REASON:
        raise Invalid(f"Say in up to {MAX_REASON} letters why it is not to be used any more.")
    if version.state != State.PUBLISHED:
        raise WrongState(f"Version {version.number} is {version.state}: it is not in use.")
    _refuse_successor(version, instead)
    version.deprecated_at = version.deprecated_at or now
    version.deprecation = reason
    version.successor = instead if isinstance(instead, AdapterVersion) else None
    version.successor_adapter = instead if isinstance(instead, Adapter) else None
    _save(version, now=now)
    successor = deprecations.name_of(instead) if instead else ""
    events.record(
        "version.deprecated", by=by, on=version, now=now, reason=reason, successor=successor
    )
    return version


@transaction.atomic
def deprecate_all(
    adapter: Adapter,
    *,
    reason: str,
    instead: AdapterVersion | Adapter | None = None,
    by: User,
    now: datetime,
) -> list[AdapterVersion]:
    """Say so of every published version of an adapter; of what is to be used instead, not."""
    return [
        deprecate(version, reason=reason, instead=instead, by=by, now=now)
        for version in adapter.versions.filter(state=State.PUBLISHED).order_by("number")
        if version != instead
    ]


@transaction.atomic
def reinstate(version: AdapterVersion, *, by: User, now: datetime) -> AdapterVersion:
    """
    Say that a deprecated version may be used again. Saying it twice is saying it once.

    :raises NotAllowed: if `by` is neither a reviewer of the team nor the version's uploader
    """
    version = publishing.locked(version)
    publishing.require_decider(by, version, to="reinstate versions")
    if version.deprecated_at is None:
        return version
    version.deprecated_at, version.deprecation = None, ""
    version.successor = version.successor_adapter = None
    _save(version, now=now)
    events.record("version.reinstated", by=by, on=version, now=now)
    return version


@transaction.atomic
def reinstate_all(adapter: Adapter, *, by: User, now: datetime) -> list[AdapterVersion]:
    """
    Say so of every deprecated version of an adapter.

    :raises NotAllowed: if `by` may not say it of one of them; then it is said of none
    """
    return [reinstate(one, by=by, now=now) for one in deprecations.all_of(adapter)]


def _save(version: AdapterVersion, *, now: datetime) -> None:
    fields = ("deprecated_at", "deprecation", "successor", "successor_adapter")
    version.save(update_fields=fields)
    version.adapter.changed_at = now  # whoever keeps a copy of it has something to hear
    version.adapter.save(update_fields=["changed_at"])


def _refuse_successor(version: AdapterVersion, instead: AdapterVersion | Adapter | None) -> None:
    if isinstance(instead, Adapter):
        if not adapters.is_public(instead):
            raise Invalid(f"Nothing of {deprecations.name_of(instead)} is published.")
        return
    seen: AdapterVersion | None = instead
    for _ in range(MOST_STEPS):
        if seen is None:
            break
        if seen.pk == version.pk:
            raise Invalid(f"Version {version.number} cannot be used instead of itself.")
        seen = seen.successor
    if instead is not None and instead.state != State.PUBLISHED:
        raise Invalid(f"{deprecations.name_of(instead)} is {instead.state}, not published.")
