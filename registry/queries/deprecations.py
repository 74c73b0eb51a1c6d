"""Deprecated versions: why they are, and what to use instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from registry.errors import NotFound
from registry.models import Adapter, AdapterVersion, User
from registry.queries import adapters, versions

NAMED = re.compile(r"(?P<team>[\w-]+)/(?P<name>[\w.-]+?)(?:@v?(?P<number>\d{1,9}))?")
State = AdapterVersion.State


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Why a version is deprecated; `instead` is a version, or an adapter as a whole."""

    since: datetime
    reason: str
    instead: AdapterVersion | Adapter | None

    @property
    def successor(self) -> str:
        """What to use instead, as programs name it: `team/name@3`, `team/name` or ""."""
        return name_of(self.instead) if self.instead else ""

    @property
    def version(self) -> AdapterVersion | None:
        """The version to use instead, where it is one."""
        return self.instead if isinstance(self.instead, AdapterVersion) else None

    @property
    def title(self) -> str:
        """What to use instead, as people name it."""
        if self.instead is None:
            return ""
        adapter = self.instead if isinstance(self.instead, Adapter) else self.instead.adapter
        return f"{adapter.title} v{self.version.number}" if self.version else adapter.title

    @property
    def sentence(self) -> str:
        said = f"It is deprecated: {self.reason.rstrip('.')}."
        return f"{said} Use {self.successor} instead." if self.instead else said


def of_version(version: AdapterVersion) -> Deprecation | None:
    """Return why the version is deprecated, None where it is not."""
    if version.deprecated_at is None:
        return None
    return Deprecation(version.deprecated_at, version.deprecation, _instead(version))


def all_of(adapter: Adapter) -> QuerySet[AdapterVersion]:
    """Return the deprecated versions of an adapter, by their numbers."""
    return adapter.versions.exclude(deprecated_at=None).order_by("number")


def _instead(version: AdapterVersion) -> AdapterVersion | Adapter | None:
    """Return the successor, unless that is out of sight by now."""
    if version.successor_id is not None:
        known = AdapterVersion.objects.select_related("adapter__team")
        return known.filter(pk=version.successor_id, state=State.PUBLISHED).first()
    if version.successor_adapter_id is not None:
        adapter = Adapter.objects.select_related("team").get(pk=version.successor_adapter_id)
        return adapter if adapters.is_public(adapter) else None
    return None


def name_of(thing: AdapterVersion | Adapter) -> str:
    if isinstance(thing, Adapter):
        return f"{thing.team.slug}/{thing.slug}"
    return f"{name_of(thing.adapter)}@{thing.number}"


def successor_named(
    text: str, *, of: AdapterVersion, by: User | None
) -> AdapterVersion | Adapter | None:
    """
    Return what somebody wrote as the successor of a version: `3` of the same adapter, `team/name@3`
    or `team/name`; None for nothing.

    :raises NotFound: if there is no such thing, or they may not see it
    """
    text = text.strip()
    if not text:
        return None
    adapter = of.adapter
    if text.removeprefix("v").isdecimal() and len(text) < 10:
        number = int(text.removeprefix("v"))
        return versions.in_sight(adapter.team.slug, adapter.slug, number, by=by)
    found = NAMED.fullmatch(text)
    if found is None:
        raise NotFound(f"{text[:80]!r} names no version: write 3, team/name@3 or team/name.")
    if found["number"]:
        return versions.in_sight(found["team"], found["name"], int(found["number"]), by=by)
    return adapters.named(found["team"], found["name"], by=by)
