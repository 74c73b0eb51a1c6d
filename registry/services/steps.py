"""
What the hub asks for by itself, and what it forgets.

A version with training checkpoints is shown at every step, once, when nobody waits for a worker:
people choose a checkpoint by looking, and would ask for just this.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef

from registry.models import AdapterVersion, PreviewGrid, PreviewRequest, VersionFile
from registry.services import grounds, requests
from registry.sweeps.asking import MOST_VALUES
from registry.sweeps.axes import FINAL

# Every sweep has these, so the row of the weights file is there already; and weight 0, which is the
# same for all, so that it is known how far each checkpoint moves the output.
WEIGHTS = (0.0, 0.6, 0.9, 1.2)
AT_ONCE = 8


def plan_of(version: AdapterVersion) -> dict[str, Any]:
    """Return the plan of a version's training steps: checkpoints, evenly chosen, and the end."""
    known = sorted(grounds.checkpoints(version))
    most = MOST_VALUES - 1
    if len(known) > most:
        known = [known[round(place * (len(known) - 1) / (most - 1))] for place in range(most)]
    return {
        "across": {"axis": "weight", "values": list(WEIGHTS)},
        "down": {"axis": "training_step", "values": [*known, FINAL]},
    }


def ask_for_steps(*, now: datetime) -> int:
    """Ask for the training steps of versions that have some and were never asked for; count."""
    if not settings.STEPS_GRIDS:
        return 0
    kept = VersionFile.objects.filter(
        version=OuterRef("pk"), role=VersionFile.Role.CHECKPOINT, blob__isnull=False
    )
    asked = PreviewRequest.objects.filter(
        version=OuterRef("pk"), kind=PreviewGrid.Kind.STEPS, by__isnull=True
    )
    found = AdapterVersion.objects.filter(
        Exists(kept), ~Exists(asked), state__in=["ready", "published"], proof="renders"
    )
    whole = found.select_related("adapter__team", "base__parent").prefetch_related("files__blob")
    return sum(_ask(version, now=now) for version in whole.order_by("-uploaded_at")[:AT_ONCE])


@transaction.atomic
def _ask(version: AdapterVersion, *, now: datetime) -> bool:
    AdapterVersion.objects.select_for_update().get(pk=version.pk)  # one beat after another
    asked = version.requests.filter(kind=PreviewGrid.Kind.STEPS, by__isnull=True)
    if asked.exists() or grounds.unfit(version):
        return False
    requests.ask(version, plan_of(version), by=None, now=now, in_gallery=True)
    return True


def forget_old(*, now: datetime) -> int:
    """Drop requests that ended long ago and no gallery shows, with their cells; return how many."""
    before = now - timedelta(days=settings.ASK_DAYS)
    old = PreviewRequest.objects.filter(finished_at__lt=before, in_gallery=False, by__isnull=False)
    with transaction.atomic():
        ended = list(old.select_for_update())
        old.filter(pk__in=[request.pk for request in ended]).delete()
        PreviewGrid.objects.filter(pk__in=[request.grid_id for request in ended]).delete()
    return len(ended)
