"""Comments on adapters: written, edited, taken back; and hidden by reviewers, with a reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from registry.errors import Invalid, NotAllowed, WrongState
from registry.formats import plain
from registry.models import Adapter, AdapterVersion, Comment, Role, User
from registry.queries import people
from registry.services import events
from registry.services.quotas import Quota, stay_within

MOST_TEXT = 4000  # letters
MOST_REASON = 500
LOWEST, HIGHEST = -4.0, 4.0


@dataclass(frozen=True, slots=True)
class Said:
    """What a comment says, and what it is about beside the adapter, if anything."""

    text: str
    version: AdapterVersion | None = None
    weight: float | None = None


@transaction.atomic
def write(
    adapter: Adapter, said: Said, *, parent: Comment | None = None, by: User, now: datetime
) -> Comment:
    """
    Say something of an adapter, or answer what somebody said.

    :raises Invalid: if it says nothing or too much, or is about another adapter's version
    :raises WrongState: if what it answers is an answer itself, is gone or is hidden
    :raises QuotaReached: if the person writes faster than anyone can read
    """
    fields = _checked(adapter, said)
    if parent is not None:
        parent = _locked(parent)
        _refuse_answer(adapter, parent)
    stay_within(_quota(), by=by, now=now)
    comment = Comment.objects.create(
        adapter=adapter, parent=parent, by=by, written_at=now, **fields
    )
    _note("comment.written", comment, by=by, now=now)
    return comment


@transaction.atomic
def edit(comment: Comment, said: Said, *, by: User, now: datetime) -> Comment:
    """
    Say it otherwise. The same again changes nothing and leaves no Event.

    :raises NotAllowed: if somebody else wrote it
    :raises Invalid: as `write`
    :raises WrongState: if it was taken back, or a reviewer hid it
    """
    comment = _locked(comment)
    _require_writer(comment, by, to="edit")
    if comment.hidden_at is not None:
        raise WrongState("A reviewer hid this comment: it stays as it is.")
    fields = _checked(comment.adapter, said)
    if all(getattr(comment, name) == value for name, value in fields.items()):
        return comment
    for name, value in fields.items():
        setattr(comment, name, value)
    comment.edited_at = now
    comment.save(update_fields=[*fields, "edited_at"])
    _note("comment.edited", comment, by=by, now=now)
    return comment


@transaction.atomic
def take_back(comment: Comment, *, by: User, now: datetime) -> None:
    """
    Take a comment back. Its text is gone; answers to it stay.

    :raises NotAllowed: if somebody else wrote it
    :raises WrongState: if it was taken back already
    """
    comment = _locked(comment)
    _require_writer(comment, by, to="delete")
    comment.text, comment.version, comment.weight = "", None, None
    comment.deleted_at = now
    comment.save(update_fields=["text", "version", "weight", "deleted_at"])
    _note("comment.deleted", comment, by=by, now=now)


@transaction.atomic
def hide(comment: Comment, *, reason: str, by: User, now: datetime) -> Comment:
    """
    Hide a comment from everybody but its writer and reviewers. Hiding it twice is hiding it once.

    :raises NotAllowed: if `by` does not review for the adapter's team
    :raises Invalid: if no reason is given
    :raises WrongState: if it was taken back
    """
    comment = _locked(comment)
    _require_reviewer(comment, by)
    reason = plain.line(reason)
    if not reason or len(reason) > MOST_REASON:
        raise Invalid(f"Say why, in up to {MOST_REASON} letters: its writer will see it.")
    if comment.hidden_at is not None:
        return comment
    comment.hidden_at, comment.hidden_by, comment.hidden_reason = now, by, reason
    comment.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    _note("comment.hidden", comment, by=by, now=now, reason=reason)
    return comment


@transaction.atomic
def show(comment: Comment, *, by: User, now: datetime) -> Comment:
    """
    Show a comment again that was hidden.

    :raises NotAllowed: if `by` does not review for the adapter's team
    :raises WrongState: if it was taken back
    """
    comment = _locked(comment)
    _require_reviewer(comment, by)
    if comment.hidden_at is None:
        return comment
    comment.hidden_at, comment.hidden_by, comment.hidden_reason = None, None, ""
    comment.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    _note("comment.shown", comment, by=by, now=now)
    return comment


def _locked(comment: Comment) -> Comment:
    """:raises WrongState: if it was taken back"""
    found = Comment.objects.select_related("adapter__team", "by")
    row = found.select_for_update(of=("self",)).get(pk=comment.pk)
    if row.deleted_at is not None:
        raise WrongState("Its writer took this comment back.")
    return row


def _require_writer(comment: Comment, by: User, *, to: str) -> None:
    if comment.by_id != by.pk:
        raise NotAllowed(f"Somebody else wrote this comment: only they can {to} it.")


def _require_reviewer(comment: Comment, by: User) -> None:
    people.require(by, Role.REVIEWER, comment.adapter.team, to="hide or show comments")


def _refuse_answer(adapter: Adapter, parent: Comment) -> None:
    if parent.adapter_id != adapter.pk:
        raise Invalid("An answer is about the same adapter as what it answers.")
    if parent.parent_id is not None:
        raise WrongState("That is an answer already: answer the comment that it belongs to.")
    if parent.hidden_at is not None:
        raise WrongState("A reviewer hid that comment: it cannot be answered.")


def _checked(adapter: Adapter, said: Said) -> Mapping[str, Any]:
    text = said.text.replace("\0", "").replace("\r\n", "\n").strip()
    if not text:
        raise Invalid("The comment is empty: write something.")
    if len(text) > MOST_TEXT:
        raise Invalid(f"The comment has {len(text)} letters; {MOST_TEXT} are enough.")
    if said.version is not None and said.version.adapter_id != adapter.pk:
        raise Invalid("A comment is about a version of the adapter that it is on.")
    weight = said.weight
    if weight is not None and (not math.isfinite(weight) or not LOWEST <= weight <= HIGHEST):
        raise Invalid(f"weight: a number from {LOWEST:g} to {HIGHEST:g}, not {weight:g}.")
    return {
        "text": text,
        "version": said.version,
        "weight": None if weight is None else round(weight, 2),
    }


def _quota() -> Quota:
    return Quota(
        verbs=("comment.written",),
        most=settings.COMMENTS_PER_MINUTE,
        window=timedelta(minutes=1),
        says="Comments are limited to {most} a minute: write the next one in {wait}.",
    )


def _note(verb: str, comment: Comment, *, by: User, now: datetime, **detail: Any) -> None:
    events.record(verb, by=by, on=comment.adapter, now=now, comment=str(comment.pk), **detail)
