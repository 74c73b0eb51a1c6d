"""What people look for again and again."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from registry.models.people import User


class SavedSearch(models.Model):
    """A question of one person's, under a name of theirs."""

    user = models.ForeignKey(User, models.CASCADE, related_name="searches")
    title = models.CharField(max_length=80)
    query = models.CharField(max_length=1000)  # filters and an order, as an address says them
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "title"], name="search_title_once"),
        ]

    def __str__(self) -> str:
        return self.title
