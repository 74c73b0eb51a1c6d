"""What people prefer: so far, how content of each level is shown to them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from registry.models import User
from registry.queries.levels import Levels
from registry.services import events


@transaction.atomic
def set_levels(levels: Levels, *, by: User, now: datetime) -> None:
    """Remember how content is shown to a person. The same again leaves no Event."""
    person = User.objects.select_for_update().get(pk=by.pk)
    if person.levels != levels.word:
        person.levels = levels.word
        person.save(update_fields=["levels"])
        events.record("person.levels", by=by, now=now, levels=levels.ways)
    by.levels = levels.word
