"""
What waits for a gpu worker, as lines: one a base, the oldest at its head.

Whoever chooses needs no more than the heads and how long each line is, so that is all that is read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, QuerySet, Value, Window

from registry.models import Blueprint, Preparation, PreviewRequest, ValidationRun


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one base."""

    base: int
    head: UUID
    stage: str  # that its head stands at
    since: datetime  # when its head was queued
    count: int


def runs(without: Collection[UUID] = ()) -> list[Waiting]:
    """Return the lines of validation runs. A run keeps its place from stage to stage."""
    return _lines(ValidationRun.objects.waiting().exclude(pk__in=without), F("stage"))


def requests(without: Collection[UUID] = (), *, of_the_hub: bool = False) -> list[Waiting]:
    """Return the lines of what people ask for, or the hub itself."""
    queued = PreviewRequest.objects.waiting().filter(by__isnull=of_the_hub)
    return _lines(queued.exclude(pk__in=without), Value(""))


def preparations(without: Collection[UUID] = ()) -> list[Waiting]:
    """Return the lines of versions that are to be written in another form."""
    return _lines(Preparation.objects.waiting().exclude(pk__in=without), Value(""))


def _lines(queued: QuerySet[Any], stage: F | Value) -> list[Waiting]:
    base = F("version__base")
    heads = (
        queued.annotate(base=base, at_stage=stage, count=Window(Count("pk"), partition_by=[base]))
        .order_by("base", "queued_at", "pk")
        .distinct("base")
    )
    rows = heads.values_list("base", "pk", "at_stage", "queued_at", "count")
    return [Waiting(*row) for row in rows]


def blueprints(without: Collection[UUID] = ()) -> list[Waiting]:
    """Return the teams' own bases that are to be laid out, each a line of one."""
    rows = (
        Blueprint.objects.waiting().exclude(pk__in=without).values_list("base", "pk", "queued_at")
    )
    return [Waiting(base, pk, "", since, 1) for base, pk, since in rows]
