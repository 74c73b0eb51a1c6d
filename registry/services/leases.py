"""
Rows that one worker at a time holds: taken, renewed, given back, and taken up again when lost.

The row is the truth and a message only a hint. A worker that falls silent loses the row to another,
and what it writes afterwards is void, since its fence is no longer the row's. After a set number of
attempts a row has failed for good, never in a loop. What a row stands for, who may begin it and
what comes of it is its own service's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import transaction

from registry.errors import LeaseLost, WrongState
from registry.models import Attempt, Import, Preparation, PreviewRequest, ValidationRun
from registry.services import attempts

logger = logging.getLogger(__name__)

UNANSWERED = timedelta(minutes=3)  # a message that nobody took in this time is sent again
UNSENT = timedelta(seconds=5)  # … and one that never went out, after this
QUEUED, RUNNING, FAILED = "queued", "running", "failed"


Row = TypeVar("Row", ValidationRun, PreviewRequest, Preparation, Import)


@dataclass(frozen=True, slots=True)
class Leases(Generic[Row]):
    """How the rows of one kind are held. `fail` ends a locked row for good."""

    noun: str
    rows: Any  # their manager, with `lost`
    joins: tuple[str, ...]  # what comes with a row that is locked
    send: Callable[[Row], None]  # asks a worker, on commit
    fail: Callable[[Row, str, datetime], Any]
    doing: Callable[[Row], str] = lambda _: "on it"  # what its worker died of, if it did

    def lock(self, row_id: UUID | str) -> Row:
        """
        Return the row, locked. Call it inside a transaction.

        :raises WrongState: if there is none any more
        """
        locked = self.rows.select_for_update(of=("self",)).select_related(*self.joins)
        row: Row | None = locked.filter(pk=row_id).first()
        if row is None:
            raise WrongState(f"There is no {self.noun} {row_id} any more.")
        return row

    def take(self, row: Row, *, owner: str, now: datetime) -> Row:
        """
        Hold a locked row for `owner`, until its lease ends or is renewed.

        :raises WrongState: if it has ended, or somebody holds it
        """
        if row.state not in {QUEUED, RUNNING}:
            raise WrongState(f"The {self.noun} {row.pk} is {row.state}: nothing to do.")
        if row.state == RUNNING and row.lease_until and row.lease_until > now:
            raise WrongState(f"The {self.noun} {row.pk} is held by {row.lease_owner}.")
        row.state = RUNNING
        row.attempt += 1
        row.fence += 1
        row.lease_owner = owner
        row.lease_until = now + settings.LEASE
        row.started_at = row.started_at or now
        row.save()
        attempts.begin(self.noun, row, now=now)
        return row

    def renew(self, held: Row, *, now: datetime, progress: dict[str, Any] | None = None) -> None:
        """
        Show that the holder is alive, and how far it is.

        :raises LeaseLost: if the row is not the holder's any more
        """
        fields: dict[str, Any] = {"lease_until": now + settings.LEASE}
        if progress is not None:
            fields["progress"] = progress
        mine = self.rows.filter(pk=held.pk, fence=held.fence, state=RUNNING)
        if not mine.update(**fields):
            raise self._lost(held)

    def hold(self, held: Row) -> Row:
        """
        Return the row, locked, if the holder still holds it. Call it inside a transaction.

        :raises LeaseLost: if the row is not the holder's any more
        """
        row = self.lock(held.pk)
        if row.fence != held.fence or row.state != RUNNING:
            raise self._lost(held)
        return row

    @transaction.atomic
    def release(self, held: Row, *, reason: str, now: datetime, log: str = "") -> None:
        """
        Give a row back after its worker met with an error: it is tried again, or has failed.

        `log` is for whoever looks into it: where in the code the error arose.

        :raises LeaseLost: if the row is not the holder's any more
        """
        row = self.hold(held)
        last = row.attempt >= settings.RUN_ATTEMPTS
        outcome = Attempt.Outcome.FAILED if last else Attempt.Outcome.AGAIN
        attempts.end(self.noun, row, outcome, reason=reason, log=log)
        if last:
            self.fail(row, reason, now)
        else:
            self.requeue(row, reason=reason)

    @transaction.atomic
    def put_down(self, held: Row) -> None:
        """
        Give a row back unharmed: the attempt does not count.

        :raises LeaseLost: if the row is not the holder's any more
        """
        row = self.hold(held)
        attempts.end(self.noun, row, Attempt.Outcome.AGAIN, reason="Its worker stopped.")
        row.attempt -= 1
        self.requeue(row, reason="")

    def requeue(self, row: Row, *, reason: str) -> None:
        """Let a locked row be asked for again."""
        attempts.end(self.noun, row, Attempt.Outcome.DONE)
        row.state = QUEUED
        row.reason = reason
        row.lease_owner = ""
        row.lease_until = None
        row.sent_at = None
        row.save()
        self.send(row)

    def end(self, row: Row, state: str, *, now: datetime, reason: str = "") -> None:
        """End a locked row, with the reason in one sentence where there is one."""
        failed = state == FAILED
        outcome = Attempt.Outcome.FAILED if failed else Attempt.Outcome.DONE
        attempts.end(self.noun, row, outcome, reason=reason)
        row.state = state
        row.reason = reason
        row.lease_owner = ""
        row.lease_until = None
        row.finished_at = now
        row.save()

    def resend_lost(self, *, now: datetime) -> int:
        """
        Take up every row that no worker holds and no message tells of; return how many.

        This is also the outbox: a message that never left, because the process died between its
        commit and the broker, is made up for here.
        """
        lost = self.rows.lost(now, now - UNANSWERED)
        found = lost.order_by("queued_at").values_list("pk", flat=True)
        return sum(self._take_up(row_id, now=now) for row_id in found)

    @transaction.atomic
    def _take_up(self, row_id: UUID, *, now: datetime) -> bool:
        row = self.lock(row_id)
        if not self.rows.lost(now, now - UNANSWERED).filter(pk=row_id).exists():
            return False  # somebody was quicker
        if row.sent_at is None and row.state == QUEUED and row.queued_at > now - UNSENT:
            return False  # its sender is still about to
        if row.state == RUNNING:
            attempts.end(self.noun, row, Attempt.Outcome.LOST)
        if row.state == RUNNING and row.attempt >= settings.RUN_ATTEMPTS:
            self.fail(row, f"Its worker died {row.attempt} times {self.doing(row)}.", now)
            return False
        logger.info("the %s %s is taken up again", self.noun, row.pk)
        self.requeue(row, reason=row.reason)
        return True

    def _lost(self, held: Row) -> LeaseLost:
        return LeaseLost(f"The {self.noun} {held.pk} is not this worker's any more.")
