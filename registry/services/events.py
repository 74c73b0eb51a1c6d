"""The log of acts, written in the transaction of the act: neither is there without the other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from registry.models import Adapter, AdapterVersion, Event, Team, User


def record(
    verb: str,
    *,
    now: datetime,
    by: User | None = None,
    on: AdapterVersion | Adapter | Team | None = None,
    **detail: Any,
) -> Event:
    """Note that `by` (nobody: the hub itself) did `verb` on a version, an adapter or a team."""
    version = on if isinstance(on, AdapterVersion) else None
    adapter = version.adapter if version else on if isinstance(on, Adapter) else None
    team = adapter.team if adapter else on if isinstance(on, Team) else None
    return Event.objects.create(
        at=now, by=by, verb=verb, version=version, adapter=adapter, team=team, detail=detail
    )
