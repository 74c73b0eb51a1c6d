"""Ratings: how good a version is for a use, as those say who used it so."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.adapters import AdapterVersion
from registry.models.people import User


class Use(models.TextChoices):
    """What somebody uses an adapter for: the same one may be good for this and bad for that."""

    STYLE = "style", _("As a style")
    CHARACTER = "character", _("As a character or a voice")
    THING = "thing", _("For clothing or an object")
    CONCEPT = "concept", _("For a pose or a concept")
    EFFECT = "effect", _("As an effect or a slider")
    TASK = "task", _("For a task")
    SERVING = "serving", _("In serving")
    MIX = "mix", _("Mixed with others")
    TRAINING = "training", _("To train on from it")


class Rating(models.Model):
    """One to five stars, of one person, for one version and one use."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="ratings")
    by = models.ForeignKey(User, models.CASCADE, related_name="ratings")
    use = models.CharField(max_length=10, choices=Use.choices)
    stars = models.PositiveSmallIntegerField()
    weight = models.FloatField(null=True, blank=True)  # that it was used at
    runtime = models.CharField(max_length=40, blank=True)  # and where: its slug
    rated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "by", "use"], name="rating_once_a_use"),
            models.CheckConstraint(
                condition=Q(stars__gte=1, stars__lte=5), name="rating_has_one_to_five_stars"
            ),
            models.CheckConstraint(condition=Q(use__in=Use.values), name="rating_use_known"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.use}: {self.stars}"
