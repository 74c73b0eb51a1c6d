"""Channels: names that point at a version of an adapter, and are moved on when a better one is."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from registry.models.adapters import Adapter, AdapterVersion
from registry.models.people import User


class Channel(models.Model):
    """`prod` of an adapter: the one published version that whoever follows `prod` should have."""

    adapter = models.ForeignKey(Adapter, models.CASCADE, related_name="channels")
    name = models.SlugField(max_length=40)
    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="channels")
    moved_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    moved_at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)  # of the last move

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["adapter", "name"], name="channel_name_once"),
            models.CheckConstraint(
                condition=Q(name__regex=r"^[a-z][a-z0-9-]{0,39}$"), name="channel_name_is_a_slug"
            ),
        ]

    def __str__(self) -> str:
        return self.name
