"""What a person keeps, follows and has heard of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from registry.errors import NotFound
from registry.models import (
    Adapter,
    AdapterVersion,
    Collection,
    CollectionItem,
    Favourite,
    Follow,
    Mailing,
    Notification,
    Role,
    Team,
    User,
)
from registry.queries import people

MOST_COUNTED = 99


@dataclass(frozen=True, slots=True)
class Kept:
    """How a person stands to one adapter."""

    favourite: bool
    followed: bool
    follows_team: bool
    collections: Sequence[tuple[Collection, bool]]  # that they may change, and whether it is in


def kept(adapter: Adapter, *, by: User) -> Kept:
    inside = set(
        CollectionItem.objects.filter(adapter=adapter).values_list("collection_id", flat=True)
    )
    follows = Follow.objects.filter(user=by)
    return Kept(
        favourite=by.favourites.filter(adapter=adapter).exists(),
        followed=follows.filter(adapter=adapter).exists(),
        follows_team=follows.filter(team=adapter.team_id).exists(),
        collections=[(one, one.pk in inside) for one in changeable(by)],
    )


def follows_team(team: Team, *, by: User) -> bool:
    return Follow.objects.filter(user=by, team=team).exists()


def favourites(by: User) -> QuerySet[Favourite]:
    """Return the favourites of which anything is in the person's sight, the newest first."""
    return by.favourites.filter(_shown(by)).order_by("-added_at", "pk")


def newest_of(adapters: Sequence[UUID], *, by: User | None) -> Sequence[AdapterVersion]:
    """Return the newest published version of each adapter (or of a member's, any), in order."""
    found = (
        AdapterVersion.objects.filter(_in_sight(by), adapter__in=adapters)
        .select_related("adapter__team")
        .order_by("number")
    )
    newest: dict[UUID, AdapterVersion] = {}
    for version in found:  # a published one before any other, and of those the newest
        best = newest.get(version.adapter_id)
        is_public = version.state == AdapterVersion.State.PUBLISHED
        if best is None or is_public or best.state != AdapterVersion.State.PUBLISHED:
            newest[version.adapter_id] = version
    return [newest[key] for key in adapters if key in newest]


def _in_sight(by: User | None) -> Q:
    public = Q(state=AdapterVersion.State.PUBLISHED)
    if by is None:
        return public
    return Q() if by.is_superuser else public | Q(adapter__team__in=people.teams_of(by))


def _shown(by: User | None) -> Exists:
    """Return that anything of an adapter is in sight, for rows that have an `adapter`."""
    return Exists(AdapterVersion.objects.filter(_in_sight(by), adapter=OuterRef("adapter")))


def collections(by: User | None) -> QuerySet[Collection]:
    """Return the collections that a person may see, those changed last first."""
    seen = Q(sight=Collection.Sight.ALL)
    if by is not None:
        seen |= Q(by=by) | Q(sight=Collection.Sight.TEAM, team__in=people.teams_of(by))
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


def collection(pk: UUID, *, by: User | None) -> Collection:
    """:raises NotFound: if there is none, or this person may not see it"""
    found = collections(by).filter(pk=pk).first()
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
    return in_order(one.items.filter(_shown(by))).select_related("adapter__team")


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
        (by_adapter[version.adapter_id], version) for version in newest_of([*by_adapter], by=by)
    ]


def follows(by: User) -> QuerySet[Follow]:
    return by.follows.select_related("adapter__team", "team").order_by("-since")


def notifications(by: User) -> QuerySet[Notification]:
    """Return what the person is to hear of, the newest first."""
    found = by.notifications.select_related(
        "event__by", "event__team", "event__adapter__team", "event__version__base"
    )
    return found.order_by("-event_id")


def unseen(by: User) -> int:
    """Count what is new, up to `MOST_COUNTED`."""
    return len(by.notifications.unseen().order_by()[:MOST_COUNTED].values_list("pk"))


def mailing(by: User) -> Mailing:
    return Mailing.objects.filter(user=by).first() or Mailing(user=by)
