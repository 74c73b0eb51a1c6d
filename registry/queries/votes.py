"""Votes on the weights of versions: who said what, and on which bases one may say it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from registry.models import AdapterVersion, BaseModel, User, WeightVote
from registry.queries import bases

MOST = 200  # votes of a version that are listed, the newest
MOST_BASES = 60  # to choose from


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes of a version, the newest first; `own` are those of whoever asks."""

    version: AdapterVersion
    votes: tuple[WeightVote, ...]
    own: tuple[WeightVote, ...]


def of_version(version: AdapterVersion, *, by: User | None) -> Votes:
    """Return the votes of a version: two queries at most."""
    rows = version.weight_votes.select_related("by", "base").order_by("-voted_at", "pk")
    own = tuple(rows.filter(by=by)) if by else ()
    return Votes(version, tuple(rows[:MOST]), own)


def bases_of(version: AdapterVersion, *, by: User | None) -> list[BaseModel]:
    """Return the bases that one may vote for: the version's own first, then its relatives."""
    root = version.base.parent_id or version.base_id
    found = bases.in_sight(by).filter(Q(pk=root) | Q(parent=root)).exclude(pk=version.base_id)
    return [version.base, *found.order_by("title", "pk")[:MOST_BASES]]


def is_relative(base: BaseModel, other: BaseModel) -> bool:
    """Say whether both are one base, or derived from one."""
    return (base.parent_id or base.pk) == (other.parent_id or other.pk)
