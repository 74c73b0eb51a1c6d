"""
What a revision means: the names under which programs ask for a state of an adapter.

A row of `WAYS` is one kind of name. The first that knows a name decides, so nothing that people
choose can hide `main`, `v2` or an id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from registry.errors import NoSuchRevision
from registry.models import Adapter, AdapterVersion, RepoCommit, Role, User
from registry.queries import people, versions

MAIN = "main"
SHA = re.compile(r"[0-9a-f]{40}")
NUMBER = re.compile(r"v([1-9]\d{0,8})")
State = AdapterVersion.State


@dataclass(frozen=True, slots=True)
class Revision:
    """What a name means. `commit` is set where it names that one state, and nothing newer."""

    version: AdapterVersion | None  # None: the adapter has none yet
    commit: RepoCommit | None = None
    moves: bool = False  # of names that are told: whether it points elsewhere some day


def find(adapter: Adapter, name: str, *, by: User | None) -> Revision:
    """
    Return what a revision's name means to this person.

    :raises NoSuchRevision: if nothing of the adapter that they may see goes by that name
    """
    if SHA.fullmatch(name):
        return _by_id(adapter, name, by=by)
    seen = in_sight(adapter, by=by)
    for way in WAYS:
        version = way(adapter, name, seen)
        if version is not None:
            return Revision(version)
    if name == MAIN and not adapter.versions.exists():
        return Revision(None)
    raise _unknown(adapter, name)


def in_sight(adapter: Adapter, *, by: User | None) -> list[AdapterVersion]:
    """
    Return the versions that the person can pin, newest first: published ones and withdrawn ones;
    for its team those too that are not published yet.
    """
    seen = versions.of_adapter(adapter, by=by)
    return [version for version in seen if version.state != State.REJECTED]


def _main(_: Adapter, name: str, seen: Sequence[AdapterVersion]) -> AdapterVersion | None:
    """The newest published version; to its team, where nothing is published yet, the newest."""
    if name not in {MAIN, f"refs/heads/{MAIN}"}:
        return None
    published = (one for one in seen if one.state == State.PUBLISHED)
    waiting = (one for one in seen if one.state != State.WITHDRAWN)
    return next(published, None) or next(waiting, None)


def _numbered(_: Adapter, name: str, seen: Sequence[AdapterVersion]) -> AdapterVersion | None:
    found = NUMBER.fullmatch(name)
    return next((one for one in seen if found and one.number == int(found[1])), None)


def _in_channel(
    adapter: Adapter, name: str, seen: Sequence[AdapterVersion]
) -> AdapterVersion | None:
    channel = adapter.channels.filter(name=name).first()
    return next((one for one in seen if channel and one.pk == channel.version_id), None)


def _labelled(_: Adapter, name: str, seen: Sequence[AdapterVersion]) -> AdapterVersion | None:
    """The newest version of that label."""
    return next((one for one in seen if one.label and one.label == name), None)


WAYS: Sequence[Callable[[Adapter, str, Sequence[AdapterVersion]], AdapterVersion | None]] = (
    _main,
    _numbered,
    _in_channel,
    _labelled,
)


def names(adapter: Adapter, *, by: User | None) -> list[tuple[str, Revision]]:
    """Return all that names a version which the person may find, `main` first, each name once."""
    seen = [one for one in in_sight(adapter, by=by) if one.state != State.WITHDRAWN]
    main = _main(adapter, MAIN, seen)
    found: dict[str, Revision] = {}
    if main is not None or not adapter.versions.exists():
        found[MAIN] = Revision(main, moves=True)
    for version in reversed(seen):
        found.setdefault(f"v{version.number}", Revision(version))
    for channel in adapter.channels.order_by("name"):
        at = next((one for one in seen if one.pk == channel.version_id), None)
        if at is not None:
            found.setdefault(channel.name, Revision(at, moves=True))
    for version in seen:
        if version.label:
            found.setdefault(version.label, Revision(version))
    return list(found.items())


def commits(adapter: Adapter, *, by: User | None) -> QuerySet[RepoCommit]:
    """Return the adapter's commits that the person may see, the newest version's first."""
    found = RepoCommit.objects.filter(adapter=adapter).select_related("version__uploaded_by")
    return found.filter(version__in=in_sight(adapter, by=by)).order_by(
        "-version__number", "-made_at", "-pk"
    )


def _by_id(adapter: Adapter, sha: str, *, by: User | None) -> Revision:
    commit = RepoCommit.objects.select_related("version").filter(adapter=adapter, sha=sha).first()
    if commit is None:
        raise _unknown(adapter, sha)
    if commit.version is None:
        if people.may(by, Role.VIEWER, adapter.team) or not adapter.versions.exists():
            return Revision(None, commit)
        raise _unknown(adapter, sha)
    for version in in_sight(adapter, by=by):
        if version.pk == commit.version_id:
            return Revision(version, commit)
    raise _unknown(adapter, sha)


def _unknown(adapter: Adapter, name: str) -> NoSuchRevision:
    return NoSuchRevision(
        f"{adapter.team.slug}/{adapter.slug} has no revision {name[:80]!r}: ask for main, v1, a "
        "channel, a version's label or a commit's id."
    )
