"""The workers that are there, as they say of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from registry.models import BaseModel, User, Worker
from registry.queries import bases

SILENT = timedelta(seconds=45)  # not seen for so long, a worker counts for nothing


@dataclass(frozen=True, slots=True)
class Aside:
    """A base that did not load on a device, and is left alone there for a while."""

    base: BaseModel
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A device as a person may see it: without the bases that this person may not see."""

    worker: Worker
    silent: bool
    holds: BaseModel | None
    aside: tuple[Aside, ...]


def alive(now: datetime) -> QuerySet[Worker]:
    """Return the devices that were seen lately, by their names."""
    return Worker.objects.alive(now - SILENT).order_by("name", "device")


def listed(*, by: User | None, now: datetime) -> list[Seen]:
    """Return all devices that were seen within a day, those that are there first."""
    found = list(Worker.objects.order_by("-seen_at", "name", "device"))
    keys = {each.holds_id for each in found if each.holds_id}
    keys |= {int(key) for each in found for key in each.aside}
    in_sight = bases.in_sight(by).in_bulk(keys)
    seen = [
        Seen(
            worker=each,
            silent=each.seen_at <= now - SILENT,
            holds=in_sight.get(each.holds_id) if each.holds_id else None,
            aside=_aside(each, in_sight, now),
        )
        for each in found
    ]
    return sorted(seen, key=lambda one: (one.silent, one.worker.name, one.worker.device))


def _aside(worker: Worker, in_sight: dict[int, BaseModel], now: datetime) -> tuple[Aside, ...]:
    found = []
    for key, told in worker.aside.items():
        until = parse_datetime(told["until"])
        if int(key) in in_sight and until is not None and until > now:
            found.append(Aside(in_sight[int(key)], until, told["reason"]))
    return tuple(found)
