"""What is said of an adapter, changed by its team. Its versions never change."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from registry.errors import Invalid
from registry.models import Adapter, Kind, Role, User
from registry.queries import people
from registry.queries.filters.narrowing import LEVELS
from registry.services import events, publishing, searching

CHANGEABLE = ("title", "description", "kind", "tags", "licence", "content_level")


@transaction.atomic
def change(adapter: Adapter, *, by: User, now: datetime, **said: Any) -> Adapter:
    """
    Say something else of an adapter: any of `CHANGEABLE`.

    :raises NotAllowed: if `by` is no contributor of its team
    :raises Invalid: if a kind or content level is not known, or the title empty
    """
    people.require(by, Role.CONTRIBUTOR, adapter.team, to="change what is said of an adapter")
    _refuse_nonsense(said)
    adapter = (
        Adapter.objects.select_for_update(of=("self",)).select_related("team").get(pk=adapter.pk)
    )
    if "tags" in said:
        said["tags"] = sorted({tag.strip().lower() for tag in said["tags"] if tag.strip()})
    changed = sorted(name for name in said if getattr(adapter, name) != said[name])
    if not changed:
        return adapter
    for name in changed:
        setattr(adapter, name, said[name])
    adapter.changed_at = now
    adapter.save(update_fields=[*changed, "changed_at"])
    searching.refresh_adapter(adapter)
    events.record("adapter.changed", by=by, on=adapter, now=now, fields=changed)
    publishing.publish_those_due(adapter, now=now)
    return adapter


def _refuse_nonsense(said: dict[str, Any]) -> None:
    if "title" in said and not said["title"].strip():
        raise Invalid("An adapter has a title: write one.")
    for name, known in (("kind", Kind.values), ("content_level", LEVELS)):
        if name in said and said[name] not in known:
            raise Invalid(f"{name} is {said[name][:40]!r}: write one of {', '.join(known)}.")
