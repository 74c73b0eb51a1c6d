"""What a worker says of itself: written every few seconds, and forgotten when it is gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from registry.models import Worker

FORGOTTEN = timedelta(days=1)


def seen(*, name: str, device: str, now: datetime, **says: Any) -> None:
    """Note that a device is there, and what it says of itself: the fields of `Worker`."""
    Worker.objects.update_or_create(
        name=name,
        device=device,
        defaults=says | {"seen_at": now},
        create_defaults=says | {"seen_at": now, "started_at": now},
    )


def gone(*, name: str) -> None:
    """Forget a worker that stops: what it held is free at once."""
    Worker.objects.filter(name=name).delete()


def drop_silent(*, now: datetime) -> int:
    """Forget workers that were not seen for a day; return how many."""
    return Worker.objects.filter(seen_at__lt=now - FORGOTTEN).delete()[0]
