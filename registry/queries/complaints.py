"""Complaints: those that wait for the reviewers of a team."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Max, QuerySet

from registry.errors import NotFound
from registry.models import Complaint, Role, Team, User
from registry.queries import people

MOST = 100  # that are listed, the oldest first


def open_of(team: Team, *, by: User) -> list[Complaint]:
    """
    Return the open complaints about a team's adapters, the oldest first.

    :raises NotAllowed: if the person does not review for the team
    """
    people.require(by, Role.REVIEWER, team, to="read what was reported")
    return list(_open().filter(adapter__team=team)[:MOST])


def open_for(by: User) -> list[Complaint]:
    """Return the open complaints that the person may settle, of all their teams."""
    return list(_for(by)[:MOST])


def count_for(by: User) -> int:
    """Return how many wait for this person: for the review queue and the head of pages."""
    return _for(by).count()


def _for(by: User) -> QuerySet[Complaint]:
    if by.is_superuser:
        return _open()
    return _open().filter(adapter__team__in=people.team_keys_of(by, at_least=Role.REVIEWER))


def in_sight(complaint_id: UUID, *, by: User) -> Complaint:
    """:raises NotFound: if there is none, or the person does not review for its team"""
    found = _whole().filter(pk=complaint_id).first()
    if found is None or not people.may(by, Role.REVIEWER, found.adapter.team):
        raise NotFound(f"There is no complaint {complaint_id} for you to settle.")
    return found


def _open() -> QuerySet[Complaint]:
    """Return what is open, the oldest first, each with its adapter's newest version: `newest`."""
    newest = Max("adapter__versions__number")
    return _whole().filter(outcome="").annotate(newest=newest).order_by("made_at", "pk")


def _whole() -> QuerySet[Complaint]:
    return Complaint.objects.select_related(
        "adapter__team", "by", "comment__by", "picture__by", "settled_by"
    )
