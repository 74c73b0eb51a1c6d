"""
Tasks of the intake queue: files, no GPU, no torch.

A task is an interface like a view: it claims the run it was told of, gathers facts, makes one call
into a service. Arguments are ids and by keyword; `**_` lets an older worker take a newer job.
"""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from registry import blobs
from registry.checks.facts import Content
from registry.checks.outcome import Outcome, Result, judge
from registry.checks.table import ARRIVAL_CHECKS
from registry.formats.adapter import read_adapter
from registry.formats.files import read_header
from registry.models import ValidationRun, VersionFile
from registry.queries import files
from registry.services import declaring, keeping, validation
from workers import content
from workers.holding import Held, held


@shared_task
def check_file(*, run_id: str, **_: Any) -> None:
    """Keep the version's bytes under their digest and judge its file."""
    with held(run_id, ValidationRun.Stage.FILE) as holding:
        if holding is not None:
            _check(holding)


def _check(holding: Held) -> None:
    run = holding.run
    parts = list(run.version.files.select_related("upload").order_by("pk"))
    arrived: list[Result] = []
    for done, file in enumerate(parts):
        holding.show(done=done, of=len(parts) + 1, saying="hashing")
        arrived = judge(keeping.keep(file, now=timezone.now()), ARRIVAL_CHECKS)
        if any(one.outcome is Outcome.REJECTED for one in arrived):
            validation.reject_file(run, arrived, now=timezone.now())
            return
    holding.show(done=len(parts), of=len(parts) + 1, saying="reading")
    weights = files.weights_of(run.version)
    config = declaring.config_of(run.version)
    declared = declaring.declared(run.version, _read_content(weights, config))
    validation.judge_file(run, declared, arrived, now=timezone.now())


def _read_content(weights: VersionFile, config: dict[str, Any] | None) -> Content:
    with blobs.default().open(weights.sha256) as file:
        header = read_header(file, file_size=weights.size)
        seen = content.read_content(file, header, config=config)
    if weights.blob is not None:
        keeping.keep_signature(weights.blob, read_adapter(header, config=config), seen)
    return seen
