"""What a version was made from: other versions of the hub, or things elsewhere."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.adapters import AdapterVersion
from registry.models.people import User


class Ancestor(models.Model):
    """
    One thing that a version was made from, as somebody said.

    A version of the hub that is deleted leaves its name. `was_public` says whether everybody could
    see it when it was said: what was hidden stays so.
    """

    class Kind(models.TextChoices):
        CONTINUED = "continued", _("Continued from")
        MERGED = "merged", _("Merged from")
        EXTRACTED = "extracted", _("Extracted from")
        RESIZED = "resized", _("Resized from")
        DISTILLED = "distilled", _("Distilled from")
        CONVERTED = "converted", _("Converted from")

    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="ancestors")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ancestor = models.ForeignKey(
        AdapterVersion, models.SET_NULL, null=True, blank=True, related_name="heirs"
    )
    name = models.CharField(max_length=200)  # team/name@3, or the title of what is elsewhere
    was_public = models.BooleanField(default=True)
    url = models.CharField(max_length=1000, blank=True)  # of what is elsewhere
    licence = models.CharField(max_length=120, blank=True)  # … and what it is under
    weight = models.FloatField(null=True, blank=True)  # at which it was merged
    evidence = models.CharField(max_length=20, blank=True)  # how the hub found it, if it did
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "ancestor"], name="ancestor_once"),
            models.UniqueConstraint(
                fields=["version", "url"], condition=~Q(url=""), name="ancestor_elsewhere_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        *("continued", "merged", "extracted", "resized", "distilled", "converted")
                    ]
                ),
                name="ancestor_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(ancestor__isnull=True) | Q(url=""), name="ancestor_is_one_thing"
            ),
            models.CheckConstraint(
                condition=Q(weight__isnull=True) | Q(kind="merged"),
                name="ancestor_weighs_where_it_is_merged",
            ),
            models.CheckConstraint(
                condition=Q(ancestor__isnull=True) | ~Q(ancestor=F("version")),
                name="ancestor_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.kind} {self.name}"
