"""
What reviewers decide on a version: approve it, or send it back with a reason.

Every decision locks the version's row and looks at its state again, so that two reviewers at once
never decide on something that is decided.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from registry.errors import Invalid, NotAllowed, WrongState
from registry.formats import plain
from registry.models import AdapterVersion, Review, Role, User
from registry.queries import people, reviews
from registry.services import events, publishing

MAX_REASON = 1000
Decision = Review.Decision
State = AdapterVersion.State


@transaction.atomic
def approve(version: AdapterVersion, *, by: User, now: datetime) -> AdapterVersion:
    """
    Say that a version may be published; where the team has it so and nothing is missing, it is.

    Approving twice is approving once. One that was sent back is so no longer.

    :raises NotAllowed: if `by` is no approver of the team, uploaded the version, or is a robot
    :raises WrongState: if there is nothing to decide on
    """
    version = publishing.locked(version)
    _require_approver(by, version, to="approve versions")
    if version.uploaded_by_id == by.pk:
        raise NotAllowed("You uploaded this version: somebody else has to approve it.")
    _must_be_open(version)
    if by.username not in reviews.standing(version).approved_by:
        _write(version, Decision.APPROVED, by=by, now=now)
        _set_sent_back(version, None)
        events.record("version.approved", by=by, on=version, now=now)
    publishing.publish_if_due(version, now=now)
    return version


@transaction.atomic
def send_back(version: AdapterVersion, *, reason: str, by: User, now: datetime) -> AdapterVersion:
    """
    Give a version back to its uploader. Approvals before that are void.

    :raises NotAllowed: if `by` is no approver of the team, or is a robot
    :raises Invalid: if no reason is given
    :raises WrongState: if there is nothing to decide on, or it was sent back already
    """
    version = publishing.locked(version)
    _require_approver(by, version, to="send versions back")
    reason = plain.line(reason)
    if not 0 < len(reason) <= MAX_REASON:
        raise Invalid(f"Say in up to {MAX_REASON} letters why it goes back, and what to mend.")
    _must_be_open(version)
    if version.sent_back_at is not None:
        raise WrongState(f"Version {version.number} was sent back already.")
    _write(version, Decision.SENT_BACK, by=by, now=now, reason=reason)
    _set_sent_back(version, now)
    events.record("version.sent-back", by=by, on=version, now=now, reason=reason)
    return version


@transaction.atomic
def ask_again(
    version: AdapterVersion, *, note: str = "", by: User, now: datetime
) -> AdapterVersion:
    """
    Put a version that was sent back before its reviewers again.

    :raises NotAllowed: if `by` may not upload for the team
    :raises WrongState: if it was not sent back
    """
    version = publishing.locked(version)
    people.require(by, Role.CONTRIBUTOR, version.adapter.team, to="ask for review again")
    if version.sent_back_at is None:
        raise WrongState(f"Version {version.number} was not sent back.")
    _write(version, Decision.ASKED_AGAIN, by=by, now=now, reason=note.strip()[:MAX_REASON])
    _set_sent_back(version, None)
    events.record("version.asked-again", by=by, on=version, now=now, reason=note[:MAX_REASON])
    return version


@transaction.atomic
def say_it_needs_no_words(version: AdapterVersion, *, by: User, now: datetime) -> AdapterVersion:
    """
    Say that a version works without trigger words. Saying it twice is saying it once.

    :raises NotAllowed: if `by` may not upload for the team
    :raises Invalid: if the version has trigger words
    """
    version = publishing.locked(version)
    people.require(by, Role.CONTRIBUTOR, version.adapter.team, to="describe its adapters")
    if version.trigger_words:
        raise Invalid(f"Version {version.number} has trigger words: {version.trigger_words[0]}.")
    if not version.needs_no_words:
        version.needs_no_words = True
        version.save(update_fields=["needs_no_words"])
        events.record("version.needs-no-words", by=by, on=version, now=now)
    publishing.publish_if_due(version, now=now)
    return version


def _require_approver(by: User, version: AdapterVersion, *, to: str) -> None:
    team = version.adapter.team
    people.require(by, reviews.approvers_in(team), team, to=to)
    people.require_person(by, to="review")


def _must_be_open(version: AdapterVersion) -> None:
    if version.state not in {State.READY, State.WITHDRAWN}:
        raise WrongState(
            f"Version {version.number} is {version.state}: there is nothing to decide on."
        )


def _write(
    version: AdapterVersion, decision: Decision, *, by: User, now: datetime, reason: str = ""
) -> None:
    version.reviews.create(decision=decision, by=by, at=now, reason=reason)


def _set_sent_back(version: AdapterVersion, at: datetime | None) -> None:
    version.sent_back_at = at
    version.save(update_fields=["sent_back_at"])
