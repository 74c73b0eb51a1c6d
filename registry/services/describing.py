"""
What is said of an adapter and of its versions, changed by their team.

The bytes of a version never change, nor what was measured of them; what people say of it may, and
each change is an event that keeps what stood there before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from registry.content_levels import LEVELS
from registry.errors import Invalid, WrongState
from registry.formats import plain
from registry.models import Adapter, AdapterVersion, Kind, Role, User
from registry.queries import people
from registry.services import adapters, events, publishing, searching

CHANGEABLE = ("title", "description", "kind", "tags", "licence", "content_level")
WORDS = ("trigger_words", "optional_words", "negative_words")
WEIGHTS = ("weight_low", "weight_high", "weight_default")
OF_VERSIONS = (*WORDS, *WEIGHTS, "changes")
LONGEST_KEPT = 500  # characters of what stood there before


@transaction.atomic
def change(adapter: Adapter, *, by: User, now: datetime, **said: Any) -> Adapter:
    """
    Say something else of an adapter: any of `CHANGEABLE`.

    :raises NotAllowed: if `by` is no contributor of its team
    :raises Invalid: if a kind or content level is not known, or the title empty
    """
    people.require(by, Role.CONTRIBUTOR, adapter.team, to="change what is said of an adapter")
    if "title" in said:
        said["title"] = adapters.one_line(said["title"])
    _refuse_nonsense(said)
    adapter = (
        Adapter.objects.select_for_update(of=("self",)).select_related("team").get(pk=adapter.pk)
    )
    if "tags" in said:
        said["tags"] = adapters.tidy_tags(said["tags"])
    changed = sorted(name for name in said if getattr(adapter, name) != said[name])
    if not changed:
        return adapter
    was = _before(adapter, changed)
    for name in changed:
        setattr(adapter, name, said[name])
    adapter.changed_at = now
    adapter.save(update_fields=[*changed, "changed_at"])
    searching.refresh_adapter(adapter)
    events.record("adapter.changed", by=by, on=adapter, now=now, fields=changed, was=was)
    publishing.publish_those_due(adapter, now=now)
    return adapter


@transaction.atomic
def change_version(
    version: AdapterVersion, *, by: User, now: datetime, **said: Any
) -> AdapterVersion:
    """
    Say something else of a version: any of `OF_VERSIONS`. What was measured stays as it was.

    :raises NotAllowed: if `by` is no contributor of its team
    :raises WrongState: if the version was rejected
    :raises Invalid: if the weights are not in order
    """
    team = version.adapter.team
    people.require(by, Role.CONTRIBUTOR, team, to="change what is said of a version")
    whole = AdapterVersion.objects.select_related("adapter__team")
    version = whole.select_for_update(of=("self",)).get(pk=version.pk)
    if version.state == AdapterVersion.State.REJECTED:
        raise WrongState(
            f"Version {version.number} was rejected, so nobody fetches it: say it of the next one."
        )
    said |= {name: plain.words(said[name]) for name in WORDS if name in said}
    changed = sorted(name for name in said if getattr(version, name) != said[name])
    if not changed:
        return version
    was = _before(version, changed)
    for name in changed:
        setattr(version, name, said[name])
    _refuse_disorder(version)
    version.save(update_fields=changed)
    version.adapter.changed_at = now
    version.adapter.save(update_fields=["changed_at"])
    searching.refresh(AdapterVersion.objects.filter(pk=version.pk))
    events.record("version.changed", by=by, on=version, now=now, fields=changed, was=was)
    publishing.publish_those_due(version.adapter, now=now)
    return version


def _before(row: Adapter | AdapterVersion, changed: list[str]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in changed}
    return {
        name: value[:LONGEST_KEPT] if isinstance(value, str) else value
        for name, value in values.items()
    }


def _refuse_disorder(version: AdapterVersion) -> None:
    low, high = version.weight_low, version.weight_high
    if low is not None and high is not None and low > high:
        raise Invalid(f"The weight range goes from {low:g} down to {high:g}: swap the two.")


def _refuse_nonsense(said: dict[str, Any]) -> None:
    if "title" in said and not said["title"].strip():
        raise Invalid("An adapter has a title: write one.")
    for name, known in (("kind", Kind.values), ("content_level", LEVELS)):
        if name in said and said[name] not in known:
            raise Invalid(f"{name} is {said[name][:40]!r}: write one of {', '.join(known)}.")
