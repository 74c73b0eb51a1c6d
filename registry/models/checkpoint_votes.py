"""What members think of the checkpoints of a training run."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from registry.models.adapters import AdapterVersion, VersionFile
from registry.models.people import User


class CheckpointVote(models.Model):
    """Which file of a training run a member takes for the best; one vote a person and run."""

    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="checkpoint_votes")
    file = models.ForeignKey(VersionFile, models.CASCADE, related_name="votes")
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "by"], name="checkpoint_vote_once"),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} for {self.file_id}"
