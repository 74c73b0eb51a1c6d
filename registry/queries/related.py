"""What a version is related to: what it came from, the same weights elsewhere, and its likes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from registry.errors import NotFound
from registry.formats import likeness
from registry.models import AdapterVersion, BaseModel, Blob, User, VersionFile
from registry.queries import files, people, signatures

MOST_SAME = 12
MOST_NEAR = 100  # files whose change is as large, the nearest first
MOST_SIMILAR = 6
LOOKED_AT = 200  # that share a word, or a tag, or are of the same base
MOST_BASES = 8  # one above the other


class Near(NamedTuple):
    """As much of a version as tells what it shares with another."""

    pk: UUID
    number: int
    adapter: UUID
    trigger_words: Sequence[str]
    base: int
    tags: Sequence[str]
    kind: str


class Shared(NamedTuple):
    words: tuple[str, ...]
    tags: tuple[str, ...]
    same_base: bool
    same_kind: bool

    @property
    def score(self) -> int:
        return 4 * len(self.words) + 2 * len(self.tags) + 2 * self.same_base + self.same_kind


@dataclass(frozen=True, slots=True)
class Similar:
    """Another adapter of the same family, and what it shares."""

    version: AdapterVersion
    words: tuple[str, ...]
    tags: tuple[str, ...]
    same_base: bool
    same_kind: bool


def bases(base: BaseModel) -> list[BaseModel]:
    """Return a base and what it was made from, the first ancestor first."""
    chain = [base]
    while chain[0].parent is not None and len(chain) < MOST_BASES:
        chain.insert(0, chain[0].parent)
    return chain


def ancestors(version: AdapterVersion, seen: Sequence[AdapterVersion]) -> list[AdapterVersion]:
    """Return those of the adapter's versions that this one goes back to, the oldest first."""
    by_id = {one.pk: one for one in seen}
    chain: list[AdapterVersion] = []
    parent = by_id.get(version.parent_id) if version.parent_id else None
    while parent is not None and parent not in chain:
        chain.insert(0, parent)
        parent = by_id.get(parent.parent_id) if parent.parent_id else None
    return chain


def descendants(version: AdapterVersion, seen: Iterable[AdapterVersion]) -> list[AdapterVersion]:
    """Return those of the adapter's versions that were made after this one, and from it."""
    found = {version.pk: version}
    for one in sorted(seen, key=lambda other: other.number):
        if one.parent_id in found:
            found[one.pk] = one
    return [one for one in found.values() if one.pk != version.pk]


def same_weights(version: AdapterVersion, *, by: User | None) -> list[AdapterVersion]:
    """
    Return versions of other adapters that hold the same weights, which the person may see.

    Under another header their digest is the same; in another number type or naming, their change.
    """
    try:
        blob = files.weights_of(version).blob
    except NotFound:
        return []
    if blob is None:
        return []
    held = VersionFile.objects.filter(in_sight(by), role=VersionFile.Role.WEIGHTS)
    # Of most of them no more is wanted than to see that they are others; rows are wide.
    keys = _nearest(held.exclude(version__adapter=version.adapter_id), blob)
    # A query of its own for the versions: to tell wide rows apart takes the database long to plan.
    found = set(_alike(blob, keys).values_list("version", flat=True))
    same = AdapterVersion.objects.filter(pk__in=found).select_related("adapter__team", "base")
    return list(same.order_by("-uploaded_at")[:MOST_SAME]) if found else []


def _nearest(held: QuerySet[VersionFile], blob: Blob) -> list[int]:
    """
    Return those of some files that may hold the same weights, the likeliest first.

    First those of which no size is known but whose digest is the same, then those whose change is
    nearest in size. Each side is asked for by itself: along its index, and no further.
    """
    ways = [held.filter(blob__in=_same_numbers(blob)).order_by("-version__uploaded_at")]
    if blob.change_norm:
        size, apart = blob.change_norm, likeness.CLOSE_IN_ALL * blob.change_norm
        above = held.filter(blob__change_norm__range=(size, size + apart))
        below = held.filter(blob__change_norm__range=(size - apart, size))
        ways.append(above.order_by("blob__change_norm", "-version__uploaded_at"))
        ways.append(below.order_by("-blob__change_norm", "-version__uploaded_at"))
    fields = ("pk", "blob__change_norm", "version__uploaded_at")
    first, *others = (way.values_list(*fields)[:MOST_NEAR] for way in ways)
    newest = sorted(first.union(*others), key=lambda row: row[2], reverse=True)
    return [key for key, _, _ in sorted(newest, key=lambda row: _away(blob, row[1]))][:MOST_NEAR]


def _away(blob: Blob, norm: float | None) -> float:
    """Return how far a size is from a blob's; what is not known comes first."""
    return abs(norm - blob.change_norm) if norm is not None and blob.change_norm else -1.0


def _same_numbers(blob: Blob) -> QuerySet[Blob]:
    same = Q(tensor_digest=blob.tensor_digest) if blob.tensor_digest else Q()
    return Blob.objects.filter(Q(pk=blob.pk) | same)


def _alike(blob: Blob, keys: Sequence[int]) -> QuerySet[VersionFile]:
    """Return those of some files that hold the same weights as a blob."""
    own = VersionFile.objects.filter(pk__in=keys, blob__in=_same_numbers(blob))
    found = set(own.values_list("pk", flat=True))
    if blob.change_signature:
        likely = signatures.alike(keys, blob.change_signature).exclude(pk__in=found)
        rows = likely.values_list("pk", "blob__change_signature")
        found |= {key for key, other in rows if likeness.alike(blob.change_signature, other)}
    return VersionFile.objects.filter(pk__in=found)


def in_sight(by: User | None) -> Q:
    """Narrow files to those of versions that the person may see."""
    seen = Q(version__state__in=AdapterVersion.PUBLIC)
    if by is None:
        return seen
    if by.is_superuser:
        return Q()
    return seen | Q(version__adapter__team__in=people.team_keys_of(by))


def similar(version: AdapterVersion) -> list[Similar]:
    """
    Return published adapters of the same family that share most with a version, best first.

    Of each version little more than its name is at hand.
    """
    told = [(one, _shared(version, one)) for one in _near(version)]
    newest: dict[UUID, tuple[UUID, Shared]] = {}
    for one, shared in sorted(told, key=lambda pair: -pair[0].number):
        if shared.words or shared.tags or (shared.same_base and shared.same_kind):
            newest.setdefault(one.adapter, (one.pk, shared))
    best = sorted(newest.values(), key=lambda pair: -pair[1].score)[:MOST_SIMILAR]
    named = _named([key for key, _ in best])
    return [Similar(named[key], *shared) for key, shared in best if key in named]


def _candidates(version: AdapterVersion) -> list[UUID]:
    """Return versions that may share something: by word and by tag, and the newest of its base."""
    published = AdapterVersion.objects.published().exclude(adapter=version.adapter_id)
    by = [published.filter(base=version.base_id).order_by("-ranked_at", "-pk")]
    if version.trigger_words:
        by.append(published.filter(trigger_words__overlap=version.trigger_words))
    if version.adapter.tags:
        by.append(published.filter(adapter__tags__overlap=version.adapter.tags))
    first, *others = (each.values_list("pk", flat=True)[:LOOKED_AT] for each in by)
    return list(first.union(*others))


def _near(version: AdapterVersion) -> list[Near]:
    """Return those of the same family, as narrow rows: there are hundreds, and six are shown."""
    published = AdapterVersion.objects.published().filter(pk__in=_candidates(version))
    found = published.filter(base__family=version.base.family).order_by("-ranked_at")
    fields = ("pk", "number", "adapter", "trigger_words", "base", "adapter__tags", "adapter__kind")
    return [Near(*row) for row in found.values_list(*fields)]


def _named(keys: Sequence[UUID]) -> dict[UUID, AdapterVersion]:
    found = AdapterVersion.objects.filter(pk__in=keys).select_related("adapter__team", "base")
    names = ("number", "trigger_words", "base__slug", "adapter__slug", "adapter__team__slug")
    return {one.pk: one for one in found.only(*names, "adapter__tags", "adapter__kind")}


def _shared(version: AdapterVersion, other: Near) -> Shared:
    return Shared(
        words=tuple(word for word in version.trigger_words if word in other.trigger_words),
        tags=tuple(tag for tag in version.adapter.tags if tag in other.tags),
        same_base=version.base_id == other.base,
        same_kind=version.adapter.kind == other.kind,
    )
