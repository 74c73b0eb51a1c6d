"""The workers there are: what each holds and does, and when it was last seen."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from registry.models.bases import BaseModel


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self, seen_after: object) -> Self:
        """Narrow to those that were seen lately; the others count for nothing."""
        return self.filter(seen_at__gt=seen_after)


class Worker(models.Model):
    """
    One device of one gpu worker.

    It says of itself which base it holds, so that it is given work that suits. A row that is silent
    counts for nothing: nobody else ever waits for it.
    """

    name = models.CharField(max_length=120)  # host and process
    device = models.CharField(max_length=40)  # cpu, cuda:0 …
    device_name = models.CharField(max_length=80, blank=True)
    holds = models.ForeignKey(
        BaseModel, models.SET_NULL, null=True, blank=True, related_name="held_by"
    )
    has = ArrayField(  # bases whose weights lie on its machine
        models.BigIntegerField(), default=list, blank=True
    )
    aside = models.JSONField(default=dict, blank=True)  # base → {"until", "reason"}: did not load
    doing = models.CharField(max_length=200, blank=True)  # in a few words; empty: it waits
    seconds_a_cell = models.FloatField(null=True, blank=True)  # lately, on the base it holds
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "device"], name="worker_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.device}"
