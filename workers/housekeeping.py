"""Periodic tasks, sent by beat. Each may run at any time, twice, or on two machines at once."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from registry.services import keeping, making, runs, uploads

logger = logging.getLogger(__name__)


@shared_task
def resend_lost_runs(**_: Any) -> None:
    """Take up runs whose worker fell silent or whose message never left."""
    sent = runs.resend_lost(now=timezone.now())
    if sent:
        logger.info("%s lost runs were sent again", sent)


@shared_task
def resend_lost_blueprints(**_: Any) -> None:
    """Take up teams' bases whose manifest nobody makes any more."""
    sent = making.resend_lost(now=timezone.now())
    if sent:
        logger.info("%s lost blueprints were sent again", sent)


@shared_task
def drop_half_uploads(**_: Any) -> None:
    """Forget uploads that were left half done."""
    dropped = uploads.drop_half_uploads(now=timezone.now())
    if dropped:
        logger.info("%s half uploads were dropped", dropped)


@shared_task
def drop_orphan_blobs(**_: Any) -> None:
    """Delete bytes that nothing has referred to for a while."""
    dropped = keeping.drop_orphans(now=timezone.now())
    if dropped:
        logger.info("%s orphan blobs were dropped", dropped)
