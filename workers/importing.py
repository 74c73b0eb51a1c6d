"""
The task of imports: a plan made, or one more version brought in.

After each version the import is put back into the queue, so that files that people upload meanwhile
are not kept waiting behind thousands.
"""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from registry.errors import SourceRefused, WrongState
from registry.models import Import
from registry.services.imports import fetching, held, planning
from workers.holding import Hold, carried, owner

logger = logging.getLogger(__name__)


class HeldImport(Hold[Import]):
    """An import that this task holds."""


@shared_task
def carry_on(*, run_id: str, **_: Any) -> None:
    """Do the next step of an import."""
    try:
        row = held.claim(run_id, owner=owner(), now=timezone.now())
    except WrongState as nothing:
        logger.info("%s", nothing)
        return
    work(row, most=1)


def work(row: Import, *, most: int | None = None) -> None:
    """Do the next step of a held import: its plan, or `most` of its versions."""
    with carried(HeldImport(row, held)) as holding:
        try:
            if row.stage == Import.Stage.PLAN:
                planning.plan(row, holding=holding, now=timezone.now())
            elif fetching.fetch(row, holding=holding, most=most):
                held.go_on(row)
            else:
                fetching.finish(row)
        except SourceRefused as refusal:
            held.give_up(row, reason=str(refusal), now=timezone.now())
