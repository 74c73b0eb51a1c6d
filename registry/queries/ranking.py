"""
How well words fit what has them, and what fits them best.

A tenth of a library may have the words that somebody types. All of it is ranked, so nothing is read
for that but the words, and what is kept beside them of how a version stands.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db.models import BigIntegerField, Case, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from registry.models import SearchEntry
from registry.models.sorting import FIRST_YEAR
from registry.queries import search_words
from registry.queries.filters.narrowing import HASH, Typed
from registry.queries.filters.table import Asked

BEHIND = -10_000_000  # what a deprecated version's rank is lowered by: more than any rank
WEIGHTS = [0.05, 0.2, 0.5, 1.0]  # of words in D (a description) to A (a name)
BEST = 8  # times as many as are wanted are read of what has the words
# Filters that leave much of a library; others leave so little that it is ranked sooner by itself.
WIDE = {"q", "state", "kind", "permits", "algorithm", "text_encoder", "deprecated", "modality"}
WIDE |= {"content", "content_max", "proof", "weight", "rank_max", "rank_min"}
STANDS = Q(ranked_at__gte=datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))  # of an entry: not deprecated

Read = Callable[[QuerySet[Any], int], list[dict[str, Any]]]


def rank(words: str, asked: Asked, stands: Q) -> Combinable:
    """Return how well words fit, lowered beyond all others unless the version still `stands`."""
    fits = SearchRank(F(words), _typed(asked), weights=WEIGHTS)
    # Whole numbers, made by rounding: a cursor has to find the very same one again.
    whole = Cast(fits * Value(1e6), BigIntegerField())
    return whole + Case(When(stands, then=Value(0)), default=Value(BEHIND))


def likeliest(
    found: QuerySet[Any], asked: Asked, read: Read, *, most: int
) -> list[dict[str, Any]] | None:
    """
    Return what fits best of what was found: rows with `pk`, `rank` and `ranked_at`.

    `read` returns the first so many of some rows, in the order that is wanted. The best of all that
    has the words are read so; then it is looked at, from the first one on and until there are
    enough, which of them are found. None where the other filters leave too few of those, or where
    that does not tell all: what is not published has no rank, and a hash is found by itself.
    """
    is_wide = asked.state == "published" and {*asked.values} <= WIDE
    if not is_wide or HASH.fullmatch(asked.text.strip()):
        return None
    having = SearchEntry.objects.filter(words=_typed(asked), ranked_at__isnull=False)
    best = read(having.annotate(rank=rank("words", asked, STANDS)), BEST * most)
    rows: list[dict[str, Any]] = []
    start, many = 0, 2 * most
    while start < len(best) and len(rows) < most:
        few = best[start : start + many]
        fit = set(found.filter(pk__in=[row["pk"] for row in few]).values_list("pk", flat=True))
        rows += [row for row in few if row["pk"] in fit]
        start, many = start + many, 4 * many
    return rows[:most] if len(rows) >= most or len(best) < BEST * most else None


def _typed(asked: Asked) -> Typed:
    return Typed(search_words.query(asked.text))
