"""A rejected version that can be mended, and what a worker does when it is asked to."""

from __future__ import annotations

from django.utils import timezone

from registry.models import Mending
from registry.services import mending, preparing
from tests.factories import AdapterFactory, ResultFactory, RunFactory, VersionFactory, keep
from tests.files import kohya_lora


def rejected(team, by):
    """Return version 1 of `ink-wash`: numbers in it are not finite, and its header has a path."""
    row = VersionFactory(
        adapter=AdapterFactory(slug="ink-wash", team=team), rejected=True, uploaded_by=by
    )
    run = RunFactory(version=row, state="rejected", finished_at=timezone.now())
    ResultFactory(run=run, code="values.finite", outcome="rejected", problem="It holds NaN.")
    ResultFactory(run=run, code="metadata.private", outcome="warned", problem="It shows a path.")
    return row


def carry_out():
    """Make the copy that is asked for, and receive it."""
    row = Mending.objects.get()
    held = preparing.claim(row.preparation_id, owner="a test", now=timezone.now())
    made = {"a.safetensors": keep(kohya_lora("sdxl", rank=2).getvalue())}
    preparing.finish(held, made, worst_error=0, notes=["1 layer left."], now=timezone.now())
    mending.settle_all(now=timezone.now())
