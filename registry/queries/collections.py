"""Collections: which a person may see or change, and what is in one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from registry.errors import NotFound
from registry.models import Adapter, AdapterVersion, Collection, CollectionItem, Role, User
from registry.queries import people, sight


def listed(by: User | None) -> QuerySet[Collection]:
    """Return the collections that a person may see, those changed last first."""
    seen = Q(sight=Collection.Sight.ALL)
    if by is not None:
        seen |= Q(by=by) | Q(sight=Collection.Sight.TEAM, team__in=people.team_keys_of(by))
    return (
        Collection.objects.filter(seen)
        .select_related("by", "team")
        .annotate(count=Count("items"))
        .order_by("-changed_at", "pk")
    )


def changeable(by: User) -> Sequence[Collection]:
    """Return the collections that a person may change, by their titles."""
    teams = people.teams_of(by, at_least=Role.CONTRIBUTOR)
    of_teams = Q(team__in=teams) & ~Q(sight=Collection.Sight.PRIVATE)
    found = Collection.objects.filter(Q(by=by) | of_teams).select_related("team", "by")
    return list(found.order_by("title", "pk"))


def around(adapter: Adapter, *, by: User) -> Sequence[tuple[Collection, bool]]:
    """Return the collections that a person may change, each with whether the adapter is in it."""
    items = CollectionItem.objects.filter(adapter=adapter)
    inside = set(items.values_list("collection_id", flat=True))
    return [(one, one.pk in inside) for one in changeable(by)]


def in_sight(pk: UUID, *, by: User | None) -> Collection:
    """:raises NotFound: if there is none, or this person may not see it"""
    found = listed(by).filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such collection, or it is not shown to you.")
    return found


def may_change(one: Collection, by: User | None) -> bool:
    if by is None:
        return False
    return may_share(one, by) or _holds(Role.CONTRIBUTOR, one, by)


def may_share(one: Collection, by: User) -> bool:
    """Say whether the person decides who sees a collection: its maker, or its team's admins."""
    if one.by_id == by.pk or by.is_superuser:
        return True
    return _holds(Role.ADMIN, one, by)


def _holds(role: Role, one: Collection, by: User) -> bool:
    """Say whether the collection is a team's concern, not its maker's alone, and theirs in it."""
    if one.team is None or one.sight == Collection.Sight.PRIVATE:
        return False
    return people.may(by, role, one.team)


def items_of(one: Collection, *, by: User | None) -> QuerySet[CollectionItem]:
    """Return what is in a collection and in this person's sight, in its order."""
    return in_order(one.items.filter(sight.shown(by))).select_related("adapter__team")


def in_order(items: QuerySet[CollectionItem]) -> QuerySet[CollectionItem]:
    """Order what is in a collection as people have placed it; above that the newest first."""
    return items.order_by("place", "-added_at", "pk")


def neighbours(one: Collection, *, by: User | None) -> dict[int, tuple[int | None, int | None]]:
    """
    Return, by item, the places among all that are in a collection of what stands before it and
    behind it in this person's sight: where it goes when it is moved past that.
    """
    whole = in_order(one.items.all()).values_list("pk", flat=True)
    places = {pk: place for place, pk in enumerate(whole, 1)}
    seen = list(items_of(one, by=by).values_list("pk", flat=True))
    around = zip(seen, [None, *seen][:-1], [*seen, None][1:], strict=True)
    return {
        pk: (places[before] if before else None, places[behind] if behind else None)
        for pk, before, behind in around
    }


def with_newest(
    items: Iterable[CollectionItem], *, by: User | None
) -> Sequence[tuple[CollectionItem, AdapterVersion]]:
    """Return items, each with the newest version in sight, in their order."""
    by_adapter = {item.adapter_id: item for item in items}
    return [
        (by_adapter[version.adapter_id], version)
        for version in sight.newest_of([*by_adapter], by=by)
    ]
