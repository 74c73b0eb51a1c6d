"""How many adapters a list has, and how many it would have with one choice more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.db.models import Count

from registry.models import AdapterVersion, User
from registry.queries import adapters, bases
from registry.queries.facets import kept, rest, shelf
from registry.queries.facets.bases import Tree
from registry.queries.facets.kept import Kept
from registry.queries.facets.shelf import Shelf
from registry.queries.facets.table import BITS, FACETS, Facet
from registry.queries.filters.table import Asked

MOST = 30  # choices of one facet
State = AdapterVersion.State
Place = tuple[str, str]  # a state, and a channel, "" for none


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet, and how many adapters there are with it."""

    value: str
    count: int
    title: str = ""  # "" where the value says it
    under: str = ""  # in a tree, the value that it stands beneath
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """How many adapters match, and the choices of each facet."""

    total: int
    facets: Mapping[str, Sequence[Choice]]


def count(asked: Asked, *, by: User | None) -> Counted:
    """
    Return how many adapters match, and the choices that leave any.

    :raises NotAllowed: if a state is asked for that only teams see, by a stranger
    """
    found = _Found(*_shelf_for(asked, by, kept.published()), asked)
    facets = {"base": found.bases(by)} | {facet.name: found.choices(facet) for facet in FACETS}
    if by is not None:
        facets["state"] = _states(by)
    return Counted(total=found.rows().bit_count(), facets=facets)


def narrowest(names: Sequence[str]) -> Sequence[str]:
    """Return these names of bases without those that mean all that another one means, and more."""
    tree = kept.published().tree
    meant = {name: tree.called([name]) for name in names}
    return [
        name for name in names if not any(each and each < meant[name] for each in meant.values())
    ]


def total(asked: Asked, *, by: User | None) -> int:
    """Return how many adapters match, and nothing else."""
    return totals([asked], by=by)[0]


def totals(questions: Sequence[Asked], *, by: User | None) -> list[int]:
    """
    Return how many adapters match each question, as `total` does of one.

    What is published is looked up once for all, and so is all that bits do not know of it: words
    above all. A channel, and a state that only teams see, are looked up once for all that name it.
    """
    published = kept.published()
    alike: dict[Place, list[Asked]] = {}
    for asked in questions:
        alike.setdefault(_place(asked), []).append(asked)
    shelves = {place: _shelf_for(some[0], by, published) for place, some in alike.items()}
    for place, some in alike.items():
        rest.look_up(shelves[place][0], some)
    return [_Found(*shelves[_place(asked)], asked).rows().bit_count() for asked in questions]


def _place(asked: Asked) -> Place:
    return asked.state, asked.values.get("channel", "")


def _shelf_for(asked: Asked, by: User | None, published: Kept) -> tuple[Shelf, Tree]:
    if _place(asked) == (State.PUBLISHED, ""):
        return published.shelf, published.tree
    return shelf.fill(adapters.in_state(asked, by=by)), published.tree


class _Found:
    """The rows of a shelf that match, filter by filter."""

    def __init__(self, shelf: Shelf, tree: Tree, asked: Asked) -> None:
        self._shelf, self._tree, self._asked = shelf, tree, asked
        self._by = {
            name: BITS[name](shelf, value) for name, value in asked.values.items() if name in BITS
        }
        self._by["rest"] = rest.rows(shelf, asked)
        if "family" in asked.values:
            wanted = tree.of_families(asked.values["family"])
            self._by["family"] = shelf.columns["base"].any_of(wanted)
        self._listed = self._of_bases(asked.values.get("base", ()))

    def rows(self, *, without: str = "") -> int:
        """Return the rows that match; `without` one filter."""
        return self._beside(without) & self._listed

    def choices(self, facet: Facet) -> Sequence[Choice]:
        among = self.rows(without=self._left_out(facet))
        counted: Counter[str] = Counter()
        for value, many in self._shelf.columns[facet.column].count(among).items():
            for choice in facet.values(value):
                counted[choice] += many
        for value in self._chosen(facet):
            counted.setdefault(value, 0)  # what is chosen can be taken away again
        order = facet.order or sorted(counted, key=lambda value: (-counted[value], value))
        shown = [value for value in order if value in counted]
        return [Choice(value, counted[value]) for value in shown[:MOST]]

    def _left_out(self, facet: Facet) -> str:
        """Return the filter whose choices are alternatives to those that are counted."""
        if facet.name == "tags":
            return "tags_any"
        return facet.name if facet.widens else ""

    def _chosen(self, facet: Facet) -> Sequence[str]:
        names = ("tags", "tags_any") if facet.name == "tags" else (facet.name,)
        values = [self._asked.values.get(name, ()) for name in names]
        return [one for each in values for one in ([each] if isinstance(each, str) else each)]

    def bases(self, by: User | None) -> Sequence[Choice]:
        among = self._beside("")
        column = self._shelf.columns["base"]
        chosen = self._asked.values.get("base", ())
        used = {*column.values(), *self._in_sight(self._tree.called(chosen), by)}
        nodes = (
            (node, (among & self._of_bases((node.value,))).bit_count())
            for node in self._tree.nodes(used)
        )
        return [
            Choice(node.value, many, node.title, node.under, node.depth)
            for node, many in nodes
            if many or node.value in chosen
        ]

    def _in_sight(self, named: Set[int], by: User | None) -> Set[int]:
        """Return those of some bases that the person may know of."""
        perhaps = self._tree.of_teams(named)
        if not perhaps:
            return named
        seen = bases.in_sight(by).filter(pk__in=perhaps).values_list("pk", flat=True)
        return (named - perhaps) | set(seen)

    def _beside(self, without: str) -> int:
        bits = [bits for name, bits in self._by.items() if name != without]
        return reduce(and_, bits, self._shelf.everything)

    def _of_bases(self, names: Sequence[str]) -> int:
        if "channel" in self._asked.values:
            listed = self._shelf.everything  # one version of each adapter, whichever it is
            bases = self._shelf.columns["base"].any_of(self._tree.called(names))
            return listed & bases if names else listed
        if not names:
            return self._shelf.newest
        return self._shelf.for_bases(self._tree.called(names))


def _states(by: User) -> Sequence[Choice]:
    """Return how many versions the person's teams have in each state."""
    counted = dict(
        AdapterVersion.objects.filter(adapters.of_own_teams(by))
        .exclude(state=State.PUBLISHED)
        .values_list("state")
        .annotate(many=Count("pk"))
    )
    return [Choice(state, counted[state]) for state in State.values if state in counted]
