"""
The jobs that the registry asks workers for.

Only names are known here: the web process must be able to ask without importing worker code (and
torch with it). `tests/architecture/test_jobs.py` holds each name against a real task. A job is sent
once the transaction commits, so a worker never looks for a row that is not there yet. Sending may
fail, for the broker is only a hint: the reaper sends again what nobody has taken.
"""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from celery import current_app, signature
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from registry.models import Blueprint, Import, Preparation, PreviewRequest, ValidationRun

logger = logging.getLogger(__name__)

CHECK_FILE = "workers.intake.check_file"
WORK = "workers.gpu.work"  # something waits: whoever gets this chooses what to take
MAKE_MANIFEST = "workers.gpu.make_manifest"
IMPORT = "workers.importing.carry_on"

JOB_OF_STAGE = {
    ValidationRun.Stage.FILE: CHECK_FILE,
    ValidationRun.Stage.TRIAL: WORK,
    ValidationRun.Stage.GRID: WORK,
}

ROWS_OF: dict[str, tuple[Any, ...]] = {  # whose keys a job's may be
    CHECK_FILE: (ValidationRun,),
    WORK: (ValidationRun, PreviewRequest, Preparation),
    MAKE_MANIFEST: (Blueprint,),
    IMPORT: (Import,),
}


def send_stage(run: ValidationRun) -> None:
    """Ask, on commit, for the stage that the run stands at."""
    _send_on_commit(JOB_OF_STAGE[ValidationRun.Stage(run.stage)], run.pk)


def send_work(row_id: UUID) -> None:
    """Say, on commit, that something waits for a gpu worker: this row, and perhaps more."""
    _send_on_commit(WORK, row_id)


def send_blueprint(blueprint: Blueprint) -> None:
    """Ask, on commit, for the manifest of a team's own base."""
    _send_on_commit(MAKE_MANIFEST, blueprint.pk)


def send_request(request: PreviewRequest) -> None:
    """Ask, on commit, for cells that somebody wants to see."""
    _send_on_commit(WORK, request.pk)


def send_preparation(preparation: Preparation) -> None:
    """Ask, on commit, for a version in another form."""
    _send_on_commit(WORK, preparation.pk)


def send_import(row: Import) -> None:
    """Ask, on commit, for the next step of an import."""
    _send_on_commit(IMPORT, row.pk)


def _send_on_commit(name: str, run_id: UUID) -> None:
    # A function of its own, since Django names it when it fails, and a partial has no name.
    transaction.on_commit(lambda: _send(name, run_id), robust=True)


def _send(name: str, run_id: UUID) -> None:
    try:
        with current_app.connection_for_write(connect_timeout=2) as connection:
            connection.ensure_connection(max_retries=1, timeout=2)
            signature(name, kwargs={"run_id": str(run_id)}).apply_async(connection=connection)
    except (OperationalError, OSError) as error:
        logger.warning("%s was not sent for run %s: %s; the reaper will.", name, run_id, error)
        return
    for rows in ROWS_OF[name]:
        rows.objects.filter(pk=run_id).update(sent_at=timezone.now())
