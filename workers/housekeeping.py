"""Periodic tasks, sent by beat. Each may run at any time, twice, or on two machines at once."""

from __future__ import annotations

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from registry.queries import cards
from registry.queries import previews as pictures
from registry.services import (
    attempts,
    keeping,
    mailing,
    making,
    mending,
    notifying,
    preparing,
    previews,
    repeats,
    requests,
    runs,
    searching,
    steps,
    upload_drafts,
    uploads,
    workers,
)
from registry.services.imports import held as imports
from workers import asked_sheets, covers, layers, sheet_words, sheets

logger = logging.getLogger(__name__)

# Drawing and reading are work, and checks of files wait on the same worker.
SHEETS_AT_ONCE, COVERS_AT_ONCE, LAYERS_AT_ONCE = 4, 16, 2


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
def resend_lost_requests(**_: Any) -> None:
    """Take up cells asked for whose worker fell silent, or that gave way to something else."""
    sent = requests.resend_lost(now=timezone.now())
    if sent:
        logger.info("%s lost requests were sent again", sent)


@shared_task
def resend_lost_preparations(**_: Any) -> None:
    """Take up versions in another form whose worker fell silent."""
    sent = preparing.resend_lost(now=timezone.now())
    if sent:
        logger.info("%s lost preparations were sent again", sent)


@shared_task
def settle_mended_copies(**_: Any) -> None:
    """Receive mended copies whose worker made the bytes and then fell silent, or gave them up."""
    settled = mending.settle_all(now=timezone.now())
    if settled:
        logger.info("%s mended copies were settled", settled)


@shared_task
def resend_lost_imports(**_: Any) -> None:
    """Take up imports whose worker fell silent."""
    sent = imports.resend_lost(now=timezone.now())
    if sent:
        logger.info("%s lost imports were sent again", sent)


@shared_task
def ask_for_doors(**_: Any) -> None:
    """Have made what diffusers needs of versions that were published before the hub made it."""
    asked = preparing.ask_for_all_doors(now=timezone.now())
    if asked:
        logger.info("%s versions are prepared for diffusers", asked)


@shared_task
def drop_unused_preparations(**_: Any) -> None:
    """Forget forms of versions that nobody has asked for in a while; they can be made again."""
    dropped = preparing.drop_unused(now=timezone.now())
    if dropped:
        logger.info("%s unused preparations were dropped", dropped)


@shared_task
def ask_for_steps(**_: Any) -> None:
    """Have versions with training checkpoints shown at every step, once."""
    asked = steps.ask_for_steps(now=timezone.now())
    if asked:
        logger.info("the training steps of %s versions were asked for", asked)


@shared_task
def forget_old_requests(**_: Any) -> None:
    """Drop cells that were asked for long ago and that no gallery shows."""
    dropped = steps.forget_old(now=timezone.now())
    if dropped:
        logger.info("%s old requests were dropped", dropped)


@shared_task
def fan_out_notifications(**_: Any) -> None:
    """Let people hear of what has happened, and write to those who want mail."""
    made = notifying.fan_out()
    if made:
        logger.info("%s notifications were made", made)
    written = mailing.send_due(now=timezone.now())
    if written:
        logger.info("mail was sent to %s people", written)


@shared_task
def forget_old_notifications(**_: Any) -> None:
    """Forget what people heard of half a year ago."""
    dropped = notifying.forget_old(now=timezone.now())
    if dropped:
        logger.info("%s old notifications were forgotten", dropped)


@shared_task
def forget_old_attempts(**_: Any) -> None:
    """Forget what attempts at work items came to, some months later."""
    dropped = attempts.forget_old(now=timezone.now())
    if dropped:
        logger.info("%s old attempts were forgotten", dropped)


@shared_task
def drop_silent_workers(**_: Any) -> None:
    """Forget workers that were not seen for a day."""
    dropped = workers.drop_silent(now=timezone.now())
    if dropped:
        logger.info("%s silent workers were forgotten", dropped)


@shared_task
def forget_answers(**_: Any) -> None:
    """Forget what was answered to writes with a key, a day later."""
    dropped = repeats.drop_old(now=timezone.now())
    if dropped:
        logger.info("%s kept answers were dropped", dropped)


@shared_task
def cut_up_words(**_: Any) -> None:
    """Let those versions be found by their words that came in by another way than an upload."""
    filled = searching.fill()
    if filled:
        logger.info("the words of %s versions were cut up", filled)


@shared_task
def drop_half_uploads(**_: Any) -> None:
    """Forget uploads that were left half done."""
    dropped = uploads.drop_half_uploads(now=timezone.now())
    if dropped:
        logger.info("%s half uploads were dropped", dropped)


@shared_task
def forget_old_drafts(**_: Any) -> None:
    """Forget drafts of uploads that nobody has touched for long."""
    dropped = upload_drafts.forget_old(now=timezone.now())
    if dropped:
        logger.info("%s drafts of uploads were forgotten", dropped)


@shared_task
def drop_orphan_blobs(**_: Any) -> None:
    """Delete bytes that nothing has referred to for a while."""
    dropped = keeping.drop_orphans(now=timezone.now())
    if dropped:
        logger.info("%s orphan blobs were dropped", dropped)


@shared_task
def read_layers(**_: Any) -> None:
    """Read the layers by name of files that came in before that was kept."""
    read = layers.read_again(most=LAYERS_AT_ONCE)
    if read:
        logger.info("the layers of %s files were read again", read)


@shared_task
def draw_sheets(**_: Any) -> None:
    """Put the pictures of each finished grid on one sheet."""
    for grid in pictures.without_sheet(most=SHEETS_AT_ONCE):
        words = asked_sheets if grid.axes else sheet_words
        data = sheets.draw(words.sheet_of(grid))
        previews.keep_sheet(grid, data, now=timezone.now())


@shared_task
def draw_covers(**_: Any) -> None:
    """Draw the best picture of each finished sweep as PNG, for programs that read no other."""
    for grid in pictures.without_cover(most=COVERS_AT_ONCE):
        cell = pictures.best_cell(grid, weight=cards.weight(grid.version))
        if cell is not None:
            previews.keep_cover(grid, covers.draw(cell), now=timezone.now())
