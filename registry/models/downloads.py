"""Downloads, counted by day and by what kind of program fetched: of nobody is anything kept."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.adapters import AdapterVersion


class ClientKind(models.TextChoices):
    """What a program that fetches is, as far as it says so."""

    HUB = "hub", _("Hub client")
    LORADEX = "loradex", _("Loradex client")
    CIVITAI = "civitai", _("Civitai tool")
    BROWSER = "browser", _("Browser")
    OTHER = "other", _("Other program")


class DownloadCount(models.Model):
    """How often a version was fetched on one day (UTC) by one kind of program."""

    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="download_counts")
    day = models.DateField()
    client = models.CharField(max_length=8, choices=ClientKind.choices)
    downloads = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "day", "client"], name="download_count_once"
            ),
            models.CheckConstraint(
                condition=Q(client__in=ClientKind.values), name="download_count_client_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} on {self.day} by {self.client}"
