"""What a team shows to other hosts when it imports from them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from registry.models.people import Team, User


class ImportToken(models.Model):
    """A team's token for one host, sealed: what is kept is of no use without the hub's key."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="import_tokens")
    host = models.CharField(max_length=260)  # with its port, where that is not the usual one
    sealed = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "host"], name="import_token_once_a_host"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id}: {self.host}"
