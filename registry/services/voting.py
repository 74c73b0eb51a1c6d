"""Votes on weights: `works for me at 0.7`. Said, said again, and taken back."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from django.db import transaction

from registry.errors import Invalid, NotFound
from registry.formats import plain
from registry.models import AdapterVersion, BaseModel, User, WeightVote
from registry.queries import people, votes
from registry.services import events
from registry.services.quotas import Quota, stay_within
from registry.sweeps.votes import range_of

LOWEST, HIGHEST = -4.0, 4.0
MOST_NOTE = 280  # letters
QUOTA = Quota(
    verbs=("weight.voted", "weight.unvoted"),
    most=30,
    window=timedelta(minutes=1),
    says="Votes are limited to {most} a minute: go on in {wait}.",
)


@transaction.atomic
def vote(
    version: AdapterVersion,
    weight: float,
    *,
    base: BaseModel | None = None,
    note: str = "",
    by: User,
    now: datetime,
) -> WeightVote:
    """
    Say that a version works for this person at a weight, on its own base unless another is named.

    Who has said so of this version and base already says it anew. The same again changes nothing
    and leaves no Event.

    :raises Invalid: if the weight is out of bounds, the base is not a relative of the version's, or
        the note is too long
    :raises NotAllowed: if a robot asks
    :raises QuotaReached: if the person votes faster than anyone can try things out
    """
    people.require_person(by, to="vote")
    note = plain.line(note)
    _refuse_nonsense(version, weight, base, note)
    said = {"weight": round(weight, 2), "note": note}
    version = _locked(version)
    base = base or version.base
    before = WeightVote.objects.filter(version=version, base=base, by=by).first()
    if before and (before.weight, before.note) == (said["weight"], note):
        return before
    stay_within(QUOTA, by=by, now=now)
    row, _ = WeightVote.objects.update_or_create(
        version=version, base=base, by=by, defaults=said | {"voted_at": now}
    )
    _count(version)
    events.record(
        "weight.voted", by=by, on=version, now=now, base=base.slug, weight=row.weight,
        was=before.weight if before else None,
    )  # fmt: skip
    return row


@transaction.atomic
def take_back(
    version: AdapterVersion, *, base: BaseModel | None = None, by: User, now: datetime
) -> None:
    """
    Forget what this person said of a version on a base (its own, unless another is named).

    :raises NotFound: if they have said nothing
    :raises QuotaReached: if the person votes faster than anyone can try things out
    """
    version = _locked(version)
    base = base or version.base
    row = WeightVote.objects.filter(version=version, base=base, by=by).first()
    if row is None:
        raise NotFound(f"You have not voted on version {version.number} with {base.title}.")
    stay_within(QUOTA, by=by, now=now)
    row.delete()
    _count(version)
    events.record("weight.unvoted", by=by, on=version, now=now, base=base.slug, was=row.weight)


def _count(version: AdapterVersion) -> None:
    """Keep with the version what its votes come to, so that lists need not ask for them."""
    weights = list(version.weight_votes.values_list("weight", flat=True))
    found = range_of(weights)
    version.votes = len(weights)
    version.voted_low = found.low if found else None
    version.voted_high = found.high if found else None
    version.voted_best = found.best if found else None
    version.save(update_fields=["votes", "voted_low", "voted_high", "voted_best"])


def _locked(version: AdapterVersion) -> AdapterVersion:
    found = AdapterVersion.objects.select_related("adapter__team", "base")
    return found.select_for_update(of=("self",)).get(pk=version.pk)


def _refuse_nonsense(
    version: AdapterVersion, weight: float, base: BaseModel | None, note: str
) -> None:
    if not math.isfinite(weight) or not LOWEST <= weight <= HIGHEST:
        raise Invalid(f"weight: a number from {LOWEST:g} to {HIGHEST:g}, not {weight:g}.")
    if base is not None and not votes.is_relative(base, version.base):
        raise Invalid(
            f"{base.title} has other layers than {version.base.title}, which version "
            f"{version.number} is made for: choose a base derived from it."
        )
    if len(note) > MOST_NOTE:
        raise Invalid(f"The note has {len(note)} letters; {MOST_NOTE} are enough.")
