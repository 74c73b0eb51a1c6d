"""Teams: what there is to see of one, by whoever asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from registry.models import AdapterVersion, BaseModel, Scene, Team, User
from registry.queries import people

State = AdapterVersion.State


@dataclass(frozen=True, slots=True)
class Overview:
    """A team in numbers. `states` counts versions and is empty for strangers."""

    members: int
    published: int  # adapters
    states: dict[str, int]


def may_found(by: User | None) -> bool:
    """Say whether the person may make a team: as the hub's operator has it."""
    if by is None or by.robot_of_id is not None:
        return False
    return by.is_superuser or settings.MEMBERS_FOUND_TEAMS


def overview(team: Team, *, by: User | None) -> Overview:
    published = AdapterVersion.objects.published().filter(adapter__team=team)
    counted = published.aggregate(adapters=Count("adapter", distinct=True), versions=Count("pk"))
    return Overview(
        members=people.members_of(team).count(),
        published=counted["adapters"],
        states=_states(team, published=counted["versions"]) if people.role_in(by, team) else {},
    )


def _states(team: Team, *, published: int) -> dict[str, int]:
    """Return how many versions are in each state; the few that are not published have an index."""
    rows = AdapterVersion.objects.filter(adapter__team=team).exclude(state=State.PUBLISHED)
    rest = dict(rows.values_list("state").annotate(Count("pk")))
    counted = rest | ({State.PUBLISHED: published} if published else {})
    return {str(state): counted[state] for state in sorted(counted)}


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
