"""
What happened in a team: its events, the newest first, with a cursor that belongs to the question.

The log is only ever added to and ids grow, so a page is a range of ids: it costs the same however
deep it lies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from registry.errors import Invalid
from registry.models import Adapter, Event, Role, Team, User
from registry.queries import people

PAGE = 50
MAX_PAGE = 500
MOST_EXPORTED = 100_000
KINDS = {  # of events, and their verbs
    "versions": (
        "version.received",
        "version.ready",
        "version.rejected",
        "version.published",
        "version.withdrawn",
        "version.deprecated",
        "version.reinstated",
        "version.labelled",
        "version.changed",
        "version.ancestors",
        "version.redeclared",
        "version.mend-asked",
        "version.mended",
        "version.not-mended",
        "checkpoint.promoted",
        "run.started",
        "run.failed",
        "cells.cancelled",
        "cells.failed",
        "cells.shown",
        "cells.hidden",
    ),
    "reviews": (
        "version.approved",
        "version.sent-back",
        "version.asked-again",
        "version.needs-no-words",
        "team.policy",
        "checkpoint.voted",
        "checkpoint.vote_taken_back",
    ),
    "adapters": (
        "adapter.created",
        "adapter.described",
        "adapter.deleted",
        "adapter.renamed",
        "adapter.changed",
    ),
    "people": (
        "team.founded",
        "team.role",
        "team.removed",
        "team.left",
        "team.account-closed",
        "team.account-reopened",
        "team.invited",
        "team.uninvited",
        "team.joined",
        "team.robot-made",
        "team.robot-renewed",
        "team.robot-revoked",
        "team.secrets-known",
        "team.import-token-kept",
        "team.import-token-dropped",
        "team.changed",
    ),
    "channels": ("channel.moved", "channel.removed"),
    "imports": (
        "import.planned",
        "import.looked",
        "import.started",
        "import.done",
        "import.failed",
        "import.cancelled",
        "source.changed",
    ),
    "community": (
        "comment.written",
        "comment.edited",
        "comment.deleted",
        "comment.hidden",
        "comment.shown",
        "picture.hung",
        "picture.corrected",
        "picture.taken-down",
        "picture.hidden",
        "picture.shown",
        "complaint.made",
        "complaint.settled",
    ),
    "bases": (
        "base.added",
        "base.changed",
        "base.failed",
        "base.ready",
        "base.removed",
        "base.tried-again",
        "scene.added",
        "scene.changed",
    ),
}
# What workers do all day, what people ask them for, and each single vote, is no news to a team.
UNTOLD = (
    *("version.prepared", "version.not-prepared", "cells.asked", "cells.rendered"),
    *("weight.voted", "weight.unvoted", "version.rated", "version.unrated"),
)
FOR_REVIEWERS = ("complaint.made", "complaint.settled")  # who reported whom is no news to all
FOR_ADMINS = ("address",)  # what of an event's detail only they are told


@dataclass(frozen=True, slots=True)
class Filters:
    """Of what to hear. Empty means: of all."""

    kind: str = ""
    by: str = ""  # a user name


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, the newest first, and the cursor of those before them ("" at the end)."""

    events: Sequence[Event]
    next: str


def page(team: Team, filters: Filters, *, by: User, cursor: str = "", limit: int = PAGE) -> Page:
    """
    Return what happened in a team, for its members.

    :raises NotAllowed: if the person is not in the team
    :raises Invalid: if the kind is none, the cursor is none of ours, or the limit out of bounds
    """
    if not 1 <= limit <= MAX_PAGE:
        raise Invalid(f"A page has 1 to {MAX_PAGE} events, not {limit}.")
    role = people.require(by, Role.VIEWER, team, to="see what happened in it")
    found = _of(team, filters, role)
    if cursor:
        found = found.filter(pk__lt=_read(cursor))
    rows = list(found[: limit + 1])
    shown = list(_told(rows[:limit], role))
    return Page(shown, str(shown[-1].pk) if len(rows) > limit else "")


def all_of(team: Team, filters: Filters, *, by: User) -> Iterator[Event]:
    """
    Return all that happened in a team (of very much, the newest), one by one, to be written out.

    :raises NotAllowed: if the person is not in the team
    :raises Invalid: if the kind is none
    """
    role = people.require(by, Role.VIEWER, team, to="see what happened in it")
    found = _of(team, filters, role)[:MOST_EXPORTED].iterator(chunk_size=1000)
    return _told(found, role)


def _told(events: Iterable[Event], role: Role) -> Iterator[Event]:
    """Return the events without what is for admins alone, unless one asks."""
    if role is Role.ADMIN:
        return iter(events)
    return (_without(event, FOR_ADMINS) for event in events)


def _without(event: Event, names: Sequence[str]) -> Event:
    event.detail = {name: said for name, said in event.detail.items() if name not in names}
    return event


def actors(team: Team) -> list[str]:
    """Return who is at work in the team now, by name, and all the robots that it ever had."""
    found = User.objects.filter(Q(memberships__team=team) | Q(robot_of=team)).distinct()
    return list(found.order_by("username").values_list("username", flat=True))


def _of(team: Team, filters: Filters, role: Role) -> QuerySet[Event]:
    untold = UNTOLD if role.includes(Role.REVIEWER) else (*UNTOLD, *FOR_REVIEWERS)
    found = Event.objects.filter(team=team).exclude(verb__in=untold)
    if filters.kind:
        if filters.kind not in KINDS:
            raise Invalid(f"{filters.kind[:20]!r} is no kind of events: {', '.join(KINDS)}.")
        found = found.filter(verb__in=KINDS[filters.kind])
    if filters.by:
        found = found.filter(by__username=filters.by)
    return found.select_related("by", "version__adapter__team", "adapter", "team").order_by("-pk")


def _read(cursor: str) -> int:
    if not cursor.isdecimal() or len(cursor) > 18:
        raise Invalid("That cursor is not one that this hub gave out.", code="unknown-cursor")
    return int(cursor)


def changes_of(adapter: Adapter, *, most: int = PAGE) -> list[Event]:
    """Return how what is said of an adapter and its versions was changed, the newest first."""
    told = (
        *("adapter.changed", "adapter.described"),
        *("version.changed", "version.labelled", "version.ancestors"),
    )
    events = Event.objects.filter(adapter=adapter, verb__in=told)
    return list(events.select_related("by", "adapter", "version").order_by("-at", "-pk")[:most])
