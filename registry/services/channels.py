"""Moving channels: which version whoever follows `prod` gets from now on."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import transaction

from registry.errors import Invalid, NameTaken, WrongState
from registry.models import Adapter, AdapterVersion, Channel, Role, User
from registry.queries import channels, people
from registry.services import events

MAX_REASON = 500
# Words that mean a revision already, to us or to clients that speak of git: a channel of that name
# would never be reached.
TAKEN = re.compile(r"main|master|head|latest|all|v?[0-9]+|[0-9a-f]{40}")


@transaction.atomic
def move(
    adapter: Adapter, name: str, *, to: AdapterVersion, reason: str = "", by: User, now: datetime
) -> Channel:
    """
    Point a channel at a published version, and make the channel if there is none of that name.

    Moving it to where it points already changes nothing and leaves no Event.

    :raises NotAllowed: if `by` is no reviewer of the team
    :raises Invalid: if the name cannot be a channel's, or the reason is too long
    :raises NameTaken: if the name is a version's label, which programs may have pinned
    :raises WrongState: if the version is not published
    """
    people.require(by, Role.REVIEWER, adapter.team, to="move channels")
    _refuse_nonsense(name, reason)
    _refuse_label(adapter, name)
    # The version first, then the channel: withdrawing locks in this order too.
    version = _published(adapter, to)
    channel, new = Channel.objects.select_for_update().get_or_create(
        adapter=adapter,
        name=name,
        defaults={"version": version, "moved_by": by, "moved_at": now, "reason": reason},
    )
    before = None if new else channel.version
    if before == version:
        return channel
    channel.version, channel.moved_by, channel.moved_at = version, by, now
    channel.reason = reason
    channel.save(update_fields=["version", "moved_by", "moved_at", "reason"])
    events.record(
        "channel.moved",
        by=by,
        on=version,
        now=now,
        channel=name,
        was=before.number if before else None,
        to=version.number,
        reason=reason,
    )
    return channel


@transaction.atomic
def remove(adapter: Adapter, name: str, *, reason: str = "", by: User, now: datetime) -> None:
    """
    Take a channel away. Versions stay as they are.

    :raises NotAllowed: if `by` is no reviewer of the team
    :raises NotFound: if the adapter has no such channel
    """
    people.require(by, Role.REVIEWER, adapter.team, to="remove channels")
    channel = channels.named(adapter, name)
    gone, _ = Channel.objects.filter(pk=channel.pk).delete()
    if gone:  # somebody else may have been faster
        _note_removal(channel, reason=reason, by=by, now=now)


def leave(version: AdapterVersion, *, reason: str, by: User, now: datetime) -> None:
    """Take away every channel that points at a version which goes out of sight (and is locked)."""
    for channel in Channel.objects.select_for_update().filter(version=version).order_by("name"):
        channel.delete()
        _note_removal(channel, reason=reason, by=by, now=now)


def _note_removal(channel: Channel, *, reason: str, by: User, now: datetime) -> None:
    version = channel.version
    events.record(
        "channel.removed",
        by=by,
        on=version,
        now=now,
        channel=channel.name,
        was=version.number,
        to=None,
        reason=reason,
    )


def _refuse_nonsense(name: str, reason: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", name):
        raise Invalid(
            f"{name[:60]!r} cannot be a channel's name: use up to 40 small Latin letters, digits "
            "and hyphens, a letter first, as in prod or staging-2."
        )
    if TAKEN.fullmatch(name):
        raise Invalid(f"{name} means a version already: give the channel another name.")
    if len(reason) > MAX_REASON:
        raise Invalid(f"The reason has {len(reason)} letters; {MAX_REASON} are enough.")


def _refuse_label(adapter: Adapter, name: str) -> None:
    if adapter.channels.filter(name=name).exists():
        return  # it was here before whatever bears that label
    labelled = adapter.versions.filter(label=name).order_by("-number").first()
    if labelled:
        raise NameTaken(
            f"{name} is the label of version {labelled.number} already: call the channel otherwise."
        )


def _published(adapter: Adapter, version: AdapterVersion) -> AdapterVersion:
    version = (
        AdapterVersion.objects.select_for_update(of=("self",))
        .select_related("adapter__team")
        .get(pk=version.pk)
    )
    if version.adapter_id != adapter.pk:
        raise Invalid("A channel points at a version of its own adapter.")
    if version.state != AdapterVersion.State.PUBLISHED:
        raise WrongState(
            f"Version {version.number} is {version.state}: channels point at published versions."
        )
    return version
