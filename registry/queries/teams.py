"""Teams: what there is to see of one, by whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from registry.models import AdapterVersion, BaseModel, Membership, Role, Scene, Team, User
from registry.queries import people

State = AdapterVersion.State


@dataclass(frozen=True, slots=True)
class Overview:
    """A team in numbers. `states` counts versions and is empty for strangers."""

    role: Role | None  # of whoever asks
    members: int
    published: int  # adapters
    states: dict[str, int]


def may_found(by: User | None) -> bool:
    """Say whether the person may make a team: as the hub's operator has it."""
    if by is None or by.robot_of_id is not None:
        return False
    return by.is_superuser or settings.MEMBERS_FOUND_TEAMS


def overview(team: Team, *, by: User | None) -> Overview:
    return overviews([team], by=by)[team.pk]


def overviews(teams: Sequence[Team], *, by: User | None) -> Mapping[int, Overview]:
    """Return these teams in numbers, by their keys: four queries, however many there are."""
    roles = people.roles_of(by, teams)
    members = Membership.objects.filter(team__in=teams, user__robot_of=None)
    counted = dict(members.values_list("team").annotate(Count("pk")))
    published = _published(teams)
    states = _states([team for team in teams if team.pk in roles], published)
    return {
        team.pk: Overview(
            role=roles.get(team.pk),
            members=counted.get(team.pk, 0),
            published=published[team.pk].adapters if team.pk in published else 0,
            states=states.get(team.pk, {}),
        )
        for team in teams
    }


class _Published(NamedTuple):
    adapters: int
    versions: int


def _published(teams: Sequence[Team]) -> dict[int, _Published]:
    rows = AdapterVersion.objects.published().filter(adapter__team__in=teams)
    counted = rows.values_list("adapter__team").annotate(
        Count("adapter", distinct=True), Count("pk")
    )
    return {team: _Published(adapters, versions) for team, adapters, versions in counted}


def _states(
    teams: Sequence[Team], published: Mapping[int, _Published]
) -> dict[int, dict[str, int]]:
    """Return how many versions are in each state; the few that are not published have an index."""
    rows = AdapterVersion.objects.filter(adapter__team__in=teams).exclude(state=State.PUBLISHED)
    rest = rows.values_list("adapter__team", "state").annotate(Count("pk"))
    told = [(team, str(state), many) for team, state, many in rest]
    told += [
        (team.pk, str(State.PUBLISHED), published[team.pk].versions)
        for team in teams
        if team.pk in published
    ]
    found: dict[int, dict[str, int]] = {}
    for team, state, many in sorted(told):
        found.setdefault(team, {})[state] = many
    return found


def bases_with_scenes(team: Team) -> QuerySet[BaseModel]:
    """Return the bases that the team has scenes of its own for, with `own_scenes` counted."""
    own = Count("scenes", filter=Q(scenes__team=team), distinct=True)
    found = BaseModel.objects.filter(scenes__in=Scene.objects.filter(team=team)).distinct()
    return found.annotate(own_scenes=own).order_by("title")


def with_roles(user: User) -> Sequence[tuple[Team, str, int]]:
    """Return the person's teams: each with their role and how many people are in it."""
    here = Team.objects.filter(pk__in=user.memberships.values("team"))
    people_in = Count("memberships", filter=Q(memberships__user__robot_of=None))
    counts = dict(here.annotate(people_in=people_in).values_list("pk", "people_in"))
    rows = people.memberships_of(user)
    return [(one.team, one.get_role_display(), counts[one.team_id]) for one in rows]
