"""Tokens that a team keeps for hosts that it imports from."""

from __future__ import annotations

from django.db.models import QuerySet

from registry.models import ImportToken, Team


def of_team(team: Team) -> QuerySet[ImportToken]:
    """Return the team's tokens by host, with who keeps each; not what they are."""
    return team.import_tokens.select_related("by").defer("sealed").order_by("host")
