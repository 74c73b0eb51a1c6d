"""Bases as a tree: families, the bases of each, and what is derived from those."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from registry.bases.family_titles import title_of
from registry.models import BaseModel


@dataclass(frozen=True, slots=True)
class Known:
    """A base, as far as the tree tells bases apart."""

    pk: int
    slug: str
    title: str
    family: str
    aliases: Sequence[str]
    parent: int | None
    team: int | None = None  # whose own it is


@dataclass(frozen=True, slots=True)
class Node:
    """A family or a base; `value` is what the filter `base` takes, `under` its parent's value."""

    value: str
    title: str
    under: str
    depth: int


@dataclass(frozen=True)
class Tree:
    """All bases of the hub."""

    bases: Sequence[Known] = field(default_factory=tuple)

    @cached_property
    def _by_pk(self) -> dict[int, Known]:
        return {base.pk: base for base in self.bases}

    def called(self, names: Iterable[str]) -> frozenset[int]:
        """Return the ids of what these mean, as `BaseModel.objects.called` does."""
        words = {name.strip().lower() for name in names}
        return frozenset(pk for word in words for pk in self._by_name.get(word, ()))

    def of_teams(self, named: Iterable[int]) -> set[int]:
        """Return those of some bases that are a team's own, and so may be hidden."""
        return {pk for pk in named if self._by_pk[pk].team is not None}

    def of_families(self, families: Iterable[str]) -> set[int]:
        wanted = set(families)
        return {base.pk for base in self.bases if base.family in wanted}

    def nodes(self, used: Iterable[int]) -> Iterator[Node]:
        """Yield the nodes that lead to the bases in use, each after what it stands under."""
        shown = {above for pk in used for above in self._upwards(pk)}
        families = sorted({self._by_pk[pk].family for pk in shown})
        for family in families:
            yield Node(family, title_of(family), "", 0)
            tops = [pk for pk in shown if self._is_top(pk, family)]
            yield from self._beneath(tops, shown, under=family, depth=1)

    def _beneath(
        self, among: Iterable[int], shown: set[int], *, under: str, depth: int
    ) -> Iterator[Node]:
        for base in sorted((self._by_pk[pk] for pk in among), key=lambda base: base.title.lower()):
            inner = [pk for pk in shown if self._by_pk[pk].parent == base.pk]
            if base.slug == base.family:  # the family's name means it already
                yield from self._beneath(inner, shown, under=under, depth=depth)
                continue
            yield Node(base.slug, base.title, under, depth)
            yield from self._beneath(inner, shown, under=base.slug, depth=depth + 1)

    def _is_top(self, pk: int, family: str) -> bool:
        base = self._by_pk[pk]
        above = self._by_pk.get(base.parent) if base.parent else None
        return base.family == family and above is None

    def _upwards(self, pk: int) -> Iterator[int]:
        at: int | None = pk
        for _ in range(len(self.bases)):  # a circle of parents ends, too
            if at is None or at not in self._by_pk:
                return
            yield at
            at = self._by_pk[at].parent

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for base in self.bases:
            for name in self._names(base):
                found.setdefault(name, []).append(base.pk)
        return found

    def _names(self, base: Known) -> set[str]:
        above = self._by_pk.get(base.parent) if base.parent else None
        beyond = self._by_pk.get(above.parent) if above and above.parent else None
        names = {base.slug, base.family, *base.aliases}
        if above:
            names |= {above.slug, *above.aliases}
        if beyond:
            names.add(beyond.slug)
        return names


def tree() -> Tree:
    """Return the tree of all bases: one query."""
    fields = ("pk", "slug", "title", "family", "aliases", "parent", "team")
    rows = BaseModel.objects.order_by("pk").values_list(*fields)
    return Tree(tuple(Known(*row) for row in rows))
