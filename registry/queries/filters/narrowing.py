"""From a value to what has to hold of a version, for those filters that are not one comparison."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from registry.content_levels import LEVELS
from registry.exports.licences import SELLING, Permissions, permissions
from registry.models import Adapter, AdapterVersion, BaseModel, SearchEntry, VersionFile
from registry.proof_levels import PROOFS
from registry.queries import files, search_words

NOTHING = Q(pk__in=[])
HASH = re.compile(r"[0-9A-Fa-f]{8}|[0-9A-Fa-f]{10}|[0-9A-Fa-f]{12}|[0-9A-Fa-f]{64}")
MOST_OF_A_HASH = 200  # versions
PERMITS: dict[str, Callable[[Permissions], bool]] = {
    "no-credit": lambda allowed: allowed.no_credit,
    "commercial-images": lambda allowed: "Image" in allowed.commercial,
    "commercial-services": lambda allowed: "Rent" in allowed.commercial,
    "selling": lambda allowed: SELLING[-1] in allowed.commercial,
    "derivatives": lambda allowed: allowed.derivatives,
    "other-licence": lambda allowed: allowed.different_licence,
}
TEXT_ENCODER = Q(fit__components__contains=[{"component": "text_encoder"}]) | Q(
    fit__components__contains=[{"component": "text_encoder_2"}]
)


def proved(level: str) -> Q:
    """Hold for what is proved to the level, or beyond it."""
    return Q(proof__in=PROOFS[PROOFS.index(level) :])


def of_bases(names: Sequence[str]) -> Q:
    """Return that it was declared for what any of these names means, children included."""
    called = NOTHING
    for name in names:
        called |= Q(base__in=BaseModel.objects.called(name))
    return called


def of_family(names: Sequence[str]) -> Q:
    return Q(base__family__in=names)


def weights_file(**wanted: object) -> Q:
    """Return that the version's weights file is such a one."""
    weights = VersionFile.objects.filter(version=OuterRef("pk"), role=VersionFile.Role.WEIGHTS)
    return Q(Exists(weights.filter(**wanted)))


def of_algorithms(words: Sequence[str]) -> Q:
    """Return that one of these is among the algorithms of its weights file: `lora, loha`."""
    named = Q()
    for word in words:
        named |= Q(algorithm__iregex=rf"(^|, ){re.escape(word)}(,|$)")
    weights = VersionFile.objects.filter(version=OuterRef("pk"), role=VersionFile.Role.WEIGHTS)
    return Q(Exists(weights.filter(named)))


def with_hash(value: str) -> Q:
    """Return that one of its files has this hash, in any of six spellings."""
    of_it = VersionFile.objects.filter(version=OuterRef("pk"), blob__in=files.by_hash(value))
    return Q(Exists(of_it))


def at_most(level: str) -> Q:
    return Q(adapter__content_level__in=LEVELS[: LEVELS.index(level) + 1])


def allowing(wanted: Sequence[str]) -> Q:
    """Return that its licence, on its base's, is known to allow all of this."""
    own = _licences()
    allowed = NOTHING
    for base in BaseModel.objects.order_by().values_list("licence", flat=True).distinct():
        good = [
            each for each in own if all(PERMITS[one](permissions(each, base)) for one in wanted)
        ]
        if good:
            allowed |= Q(adapter__licence__in=good, base__licence=base)
    return allowed


def _licences() -> list[str]:
    """Return all licences that adapters have: from one to the next along their index."""
    table = connection.ops.quote_name(Adapter._meta.db_table)  # noqa: SLF001
    following = f"SELECT licence FROM {table} WHERE licence > one.licence ORDER BY licence LIMIT 1"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE one AS ((SELECT licence FROM {table} ORDER BY licence LIMIT 1) "  # noqa: S608
            f"UNION ALL SELECT ({following}) FROM one WHERE one.licence IS NOT NULL) "
            "SELECT licence FROM one WHERE licence IS NOT NULL"
        )
        return [licence for (licence,) in cursor.fetchall()]


def good_at(weight: float) -> Q:
    return Q(measured_low__lte=weight, measured_high__gte=weight)


def with_text_encoder(wanted: bool) -> Q:  # noqa: FBT001  a value that was asked for, no switch
    return TEXT_ENCODER if wanted else ~TEXT_ENCODER


def changed_since(moment: datetime) -> Q:
    """Return that it was published since, or its adapter changed (a title, a description)."""
    return Q(published_at__gte=moment) | Q(adapter__changed_at__gte=moment)


def with_words(text: str) -> Q:
    """Return that all words are found, or that a file has this hash, if one has."""
    if HASH.fullmatch(text.strip()):
        versions = list(_of_hash(text).values_list("pk", flat=True))
        if versions:
            return Q(pk__in=versions)
    words = search_words.query(text)
    return Q(search_entry__words=Typed(words)) if words else NOTHING


def found_by(text: str) -> Sequence[QuerySet[Any]]:
    """
    Return what `with_words` holds for, in whatever state, as rows that have a `serial`.

    It is the first of these in which there is anything. No more than the entries of the search is
    read for words.
    """
    words = search_words.query(text)
    entries = (
        SearchEntry.objects.filter(words=Typed(words)) if words else SearchEntry.objects.none()
    )
    return [_of_hash(text), entries] if HASH.fullmatch(text.strip()) else [entries]


def _of_hash(text: str) -> QuerySet[AdapterVersion]:
    """Return versions of which a file has this hash, in any of six spellings."""
    of_it = VersionFile.objects.filter(blob__in=files.by_hash(text.strip()))
    return AdapterVersion.objects.filter(pk__in=of_it.values("version")[:MOST_OF_A_HASH])


class Typed(SearchQuery):
    """What `search_words.query` wrote: it is a tsquery already, and no parser sees it."""

    template = "(%(expressions)s)::tsquery"

    def __init__(self, words: str) -> None:
        super().__init__(Value(words), search_type="raw")
