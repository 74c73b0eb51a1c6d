"""What people may find: publishing a version, and withdrawing it (which deletes nothing)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from registry.errors import PolicyUnmet, WrongState
from registry.models import Adapter, AdapterVersion, Role, User
from registry.queries import people, reviews
from registry.services import channels, events, preparing

State = AdapterVersion.State


@transaction.atomic
def publish(version: AdapterVersion, *, by: User, now: datetime) -> AdapterVersion:
    """
    Let everyone find a version that has passed its validation. Publishing twice is publishing once.

    :raises NotAllowed: if `by` is neither a reviewer of the team nor the version's uploader
    :raises WrongState: if it has not passed
    :raises PolicyUnmet: if its team asks for more than that
    """
    version = locked(version)
    require_decider(by, version, to="publish")
    if version.state == State.PUBLISHED:
        return version
    if version.state not in {State.READY, State.WITHDRAWN} or not version.proof:
        raise WrongState(_why_not(version))
    missing = reviews.standing(version).missing
    if missing:
        said = "; ".join(one.sentence for one in missing)
        raise PolicyUnmet(
            f"Version {version.number} cannot be published yet: {said}.",
            missing=[(one.code, one.sentence) for one in missing],
        )
    return _publish(version, by=by, now=now)


def publish_if_due(version: AdapterVersion, *, now: datetime) -> bool:
    """
    Publish a ready version whose team lets that happen by itself, if nothing is missing.

    The hub is who does it. The version's row is locked by whoever calls.
    """
    policy = reviews.policy_of(version.adapter.team)
    due = policy is not None and policy.publishes_itself and version.state == State.READY
    if not due or reviews.standing(version).missing:
        return False
    _publish(version, by=None, now=now)
    return True


def publish_those_due(adapter: Adapter, *, now: datetime) -> None:
    """Do that for all ready versions of an adapter, of which something else is said now."""
    for version in adapter.versions.filter(state=State.READY).order_by("number"):
        publish_if_due(locked(version), now=now)


def _publish(version: AdapterVersion, *, by: User | None, now: datetime) -> AdapterVersion:
    version.state = State.PUBLISHED
    version.published_at = version.published_at or now
    version.reason = ""
    version.save(update_fields=["state", "published_at", "reason"])
    version.adapter.changed_at = now
    version.adapter.save(update_fields=["changed_at"])
    events.record("version.published", by=by, on=version, now=now)
    preparing.ask_for_doors(version, now=now)
    return version


@transaction.atomic
def withdraw(version: AdapterVersion, *, reason: str, by: User, now: datetime) -> AdapterVersion:
    """
    Take a published version out of sight, and out of its channels.

    Whoever pinned its id or digest can still fetch it.

    :raises NotAllowed: if `by` is neither a reviewer of the team nor the version's uploader
    :raises WrongState: if it is not published
    """
    version = locked(version)
    require_decider(by, version, to="withdraw")
    if version.state != State.PUBLISHED:
        raise WrongState(f"Version {version.number} is {version.state}, so it is not in sight.")
    version.state = State.WITHDRAWN
    version.reason = reason
    version.save(update_fields=["state", "reason"])
    channels.leave(version, reason=f"Version {version.number} was withdrawn.", by=by, now=now)
    events.record("version.withdrawn", by=by, on=version, now=now, reason=reason)
    return version


def locked(version: AdapterVersion) -> AdapterVersion:
    """Return the version as it stands now, its row locked: whoever decides on it has turns."""
    return (
        AdapterVersion.objects.select_for_update(of=("self",))
        .select_related("adapter__team__policy", "base", "uploaded_by")
        .get(pk=version.pk)
    )


def require_decider(by: User, version: AdapterVersion, *, to: str) -> None:
    """:raises NotAllowed: if `by` is neither a reviewer of the team nor the version's uploader"""
    if version.uploaded_by_id == by.pk and people.may(by, Role.CONTRIBUTOR, version.adapter.team):
        return
    people.require(by, Role.REVIEWER, version.adapter.team, to=to)


def _why_not(version: AdapterVersion) -> str:
    if version.state == State.REJECTED:
        return f"Version {version.number} was rejected and cannot be published: {version.reason}"
    return f"Version {version.number} is still being validated: wait until it is ready."
