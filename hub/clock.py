"""When each task of housekeeping is sent: a row a task. All of them may be late, or run twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery.schedules import schedule


def _beat(task: str, every: timedelta, *, expires: int) -> dict[str, Any]:
    """Return when a task of housekeeping is sent, and after how many seconds it is pointless."""
    return {
        "task": f"workers.housekeeping.{task}",
        "schedule": schedule(every),
        "options": {"expires": expires},
    }


SCHEDULE = {
    "send again what was lost": _beat("resend_lost_runs", timedelta(seconds=5), expires=10),
    "send again what was to be made": _beat(
        "resend_lost_blueprints", timedelta(seconds=10), expires=20
    ),
    "send again what was asked for": _beat(
        "resend_lost_requests", timedelta(seconds=5), expires=10
    ),
    "send again what was to be prepared": _beat(
        "resend_lost_preparations", timedelta(seconds=5), expires=10
    ),
    "send again what was to be imported": _beat(
        "resend_lost_imports", timedelta(seconds=5), expires=10
    ),
    "settle mended copies": _beat("settle_mended_copies", timedelta(seconds=10), expires=20),
    "read layers": _beat("read_layers", timedelta(seconds=60), expires=60),
    "drop unused preparations": _beat("drop_unused_preparations", timedelta(hours=1), expires=600),
    "prepare for diffusers": _beat("ask_for_doors", timedelta(minutes=5), expires=120),
    "draw covers": _beat("draw_covers", timedelta(seconds=20), expires=20),
    "ask for training steps": _beat("ask_for_steps", timedelta(seconds=60), expires=60),
    "forget old requests": _beat("forget_old_requests", timedelta(hours=6), expires=3600),
    "fan out notifications": _beat("fan_out_notifications", timedelta(seconds=20), expires=20),
    "forget old notifications": _beat("forget_old_notifications", timedelta(days=1), expires=3600),
    "forget old attempts": _beat("forget_old_attempts", timedelta(days=1), expires=3600),
    "forget silent workers": _beat("drop_silent_workers", timedelta(hours=1), expires=600),
    "forget answers": _beat("forget_answers", timedelta(hours=1), expires=600),
    "forget old drafts": _beat("forget_old_drafts", timedelta(hours=6), expires=600),
    "cut up words": _beat("cut_up_words", timedelta(minutes=5), expires=60),
    "drop half uploads": _beat("drop_half_uploads", timedelta(minutes=30), expires=600),
    "drop orphan blobs": _beat("drop_orphan_blobs", timedelta(hours=1), expires=600),
    "draw contact sheets": _beat("draw_sheets", timedelta(seconds=15), expires=15),
}
