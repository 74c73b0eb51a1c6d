"""Rating versions for a use, rating them anew, and taking that back."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from registry.errors import Invalid, NotFound
from registry.exports.table import RUNTIMES
from registry.models import AdapterVersion, Rating, User
from registry.queries import people, ratings
from registry.services import events
from registry.services.quotas import Quota, stay_within

LEAST, MOST = 1, 5
LOWEST, HIGHEST = -4.0, 4.0
SLUGS = tuple(runtime.slug for runtime in RUNTIMES)
QUOTA = Quota(
    verbs=("version.rated", "version.unrated"),
    most=30,
    window=timedelta(minutes=1),
    says="Ratings are limited to {most} a minute: go on in {wait}.",
)


@dataclass(frozen=True, slots=True)
class Told:
    """How good it was, and how it was used, if the person says."""

    stars: int
    weight: float | None = None
    runtime: str = ""


@transaction.atomic
def rate(version: AdapterVersion, use: str, told: Told, *, by: User, now: datetime) -> Rating:
    """
    Say how good a version is for a use. Said anew, it takes the place of what was said.

    The same again changes nothing and leaves no Event.

    :raises Invalid: if such an adapter has no such use, or anything is out of bounds
    :raises NotAllowed: if a robot asks
    :raises QuotaReached: if the person rates faster than anyone can try things out
    """
    people.require_person(by, to="rate")
    _refuse_nonsense(version, use, told)
    weight = None if told.weight is None else round(told.weight, 2)
    before = Rating.objects.select_for_update().filter(version=version, by=by, use=use).first()
    said = {"stars": told.stars, "weight": weight, "runtime": told.runtime}
    if before and all(getattr(before, name) == value for name, value in said.items()):
        return before
    stay_within(QUOTA, by=by, now=now)
    row, _ = Rating.objects.update_or_create(
        version=version, by=by, use=use, defaults=said | {"rated_at": now}
    )
    was = before.stars if before else None
    events.record("version.rated", by=by, on=version, now=now, use=use, stars=row.stars, was=was)
    return row


@transaction.atomic
def take_back(version: AdapterVersion, use: str, *, by: User, now: datetime) -> None:
    """
    Forget what this person said of a version for a use.

    :raises NotFound: if they have said nothing
    :raises QuotaReached: if the person rates faster than anyone can try things out
    """
    row = Rating.objects.filter(version=version, by=by, use=use).first()
    if row is None:
        raise NotFound(f"You have not rated version {version.number} for that use.")
    stay_within(QUOTA, by=by, now=now)
    row.delete()
    events.record("version.unrated", by=by, on=version, now=now, use=use, was=row.stars)


def _refuse_nonsense(version: AdapterVersion, use: str, told: Told) -> None:
    known = ratings.uses_of(version)
    if use not in known:
        raise Invalid(f"use is {use[:40]!r}: write one of {', '.join(known)}.")
    if not LEAST <= told.stars <= MOST:
        raise Invalid(f"stars: a whole number from {LEAST} to {MOST}, not {told.stars}.")
    weight = told.weight
    if weight is not None and (not math.isfinite(weight) or not LOWEST <= weight <= HIGHEST):
        raise Invalid(f"weight: a number from {LOWEST:g} to {HIGHEST:g}, not {weight:g}.")
    if told.runtime and told.runtime not in SLUGS:
        raise Invalid(f"runtime is {told.runtime[:40]!r}: write one of {', '.join(SLUGS)}.")
