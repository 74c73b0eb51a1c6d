"""Invitations: by the secret in a link, and those of a team."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import QuerySet

from registry.models import Invitation, Team


def by_secret(secret: str, *, now: datetime, lock: bool = False) -> Invitation | None:
    """Return the open invitation whose link has this secret, with its team, or None."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    found = Invitation.objects.open(now).select_related("team", "by").filter(digest=digest)
    return (found.select_for_update(of=("self",)) if lock else found).first()


def open_of(team: Team, *, now: datetime) -> QuerySet[Invitation]:
    """Return the team's invitations that can still be used, the newest first."""
    return Invitation.objects.open(now).filter(team=team).select_related("by").order_by("-made_at")
