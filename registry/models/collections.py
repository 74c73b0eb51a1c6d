"""Collections: adapters that somebody put together, under a title."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.adapters import Adapter
from registry.models.people import Team, User


class Collection(models.Model):
    """Adapters that somebody put together, under a title."""

    class Sight(models.TextChoices):
        PRIVATE = "private", _("Only I")
        TEAM = "team", _("The members of a team")
        ALL = "all", _("Everyone who sees the hub")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(User, models.CASCADE, related_name="collections")
    team = models.ForeignKey(  # whose members see it, and whose contributors may change it
        Team, models.CASCADE, null=True, blank=True, related_name="collections"
    )
    title = models.CharField(max_length=120)
    description = models.TextField(blank=True)  # Markdown
    sight = models.CharField(max_length=8, choices=Sight.choices, default=Sight.PRIVATE)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(sight__in=["private", "team", "all"]), name="collection_sight_known"
            ),
            models.CheckConstraint(
                condition=~Q(sight="team") | Q(team__isnull=False), name="collection_has_its_team"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CollectionItem(models.Model):
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    adapter = models.ForeignKey(Adapter, models.CASCADE, related_name="in_collections")
    note = models.CharField(max_length=300, blank=True)  # why it is in it
    place = models.PositiveSmallIntegerField(default=0)  # 0: nobody has said where it stands
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "adapter"], name="collected_once"),
        ]

    def __str__(self) -> str:
        return f"{self.collection_id}: {self.adapter_id}"
