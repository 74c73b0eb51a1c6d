"""
What somebody knows who was an admin of a team: secrets of its tokens, which go on to work.

The hub says so in the team's log, for its admins to hear and to do something about it.
"""

from __future__ import annotations

from datetime import datetime

from registry.models import Team, User
from registry.queries import robots
from registry.services import events


def tell(team: Team, user: User, *, now: datetime) -> None:
    """Say which of the team's tokens the person knows, unless there are none or they may."""
    known = [one.token.title for one in robots.at_large(team, now=now) if one.known_to == user]
    if known:
        events.record(
            "team.secrets-known", on=team, now=now, user=user.username, tokens=sorted(known)
        )
