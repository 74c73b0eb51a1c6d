"""The workers that are there, as they say of themselves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from registry.models import Worker

SILENT = timedelta(seconds=45)  # not seen for so long, a worker counts for nothing


def alive(now: datetime) -> QuerySet[Worker]:
    """Return the devices that were seen lately, by their names."""
    found = Worker.objects.alive(now - SILENT).select_related("holds__team")
    return found.order_by("name", "device")
