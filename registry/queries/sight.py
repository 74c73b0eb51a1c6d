"""What of adapters that somebody put on a list is in a person's sight, and what to show of them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from registry.models import AdapterVersion, User
from registry.queries import people


def seen(by: User | None) -> Q:
    """Return which versions are in the person's sight."""
    public = Q(state=AdapterVersion.State.PUBLISHED)
    if by is None:
        return public
    return Q() if by.is_superuser else public | Q(adapter__team__in=people.team_keys_of(by))


def shown(by: User | None) -> Exists:
    """Return that anything of an adapter is in sight, for rows that have an `adapter`."""
    return Exists(AdapterVersion.objects.filter(seen(by), adapter=OuterRef("adapter")))


def newest_of(adapters: Sequence[UUID], *, by: User | None) -> Sequence[AdapterVersion]:
    """Return the newest published version of each adapter (or of a member's, any), in order."""
    found = (
        AdapterVersion.objects.filter(seen(by), adapter__in=adapters)
        .select_related("adapter__team")
        .order_by("number")
    )
    newest: dict[UUID, AdapterVersion] = {}
    for version in found:  # a published one before any other, and of those the newest
        best = newest.get(version.adapter_id)
        is_public = version.state == AdapterVersion.State.PUBLISHED
        if best is None or is_public or best.state != AdapterVersion.State.PUBLISHED:
            newest[version.adapter_id] = version
    return [newest[key] for key in adapters if key in newest]
