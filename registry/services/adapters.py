"""
An adapter as such, apart from its versions: its name, and what is said of it.

An adapter comes to be with its first version, or before it: programs that speak of repositories
make one first and fill it later. Until something of it is published only its team sees it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from registry.errors import Invalid, NameTaken, WrongState
from registry.formats import plain
from registry.models import Adapter, BaseModel, Kind, Role, Team, User
from registry.queries import people
from registry.services import events, publishing, searching

SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
# What clients of model hubs cannot ask for, or would take for something else.
UNREACHABLE = re.compile(r".*(--|\.\.|\.git$|\.ipynb$|[.-]$)")


@dataclass(frozen=True, slots=True)
class About:
    """What is said of an adapter; None: leave it as it is."""

    title: str | None = None
    description: str | None = None
    kind: str | None = None
    tags: Sequence[str] | None = None
    licence: str | None = None
    content_level: str | None = None


def create(*, team: Team, slug: str, title: str, by: User, now: datetime) -> Adapter:
    """
    Make an adapter without a version.

    :raises NotAllowed: if `by` may not upload for the team
    :raises Invalid: if that cannot be an adapter's name
    :raises NameTaken: if the team has an adapter of that name
    """
    people.require(by, Role.CONTRIBUTOR, team, to="make adapters")
    _refuse_name(slug)
    try:
        with transaction.atomic():
            adapter = Adapter.objects.create(
                team=team,
                slug=slug,
                title=one_line(title)[:120] or slug,
                **_usual(team),
                created_by=by,
                created_at=now,
                changed_at=now,
            )
            events.record("adapter.created", by=by, on=adapter, now=now)
    except IntegrityError as error:
        if "adapter_name_once" in str(error):
            raise _taken(team, slug) from error
        raise
    return adapter


def for_version(
    about: About, *, slug: str, team: Team, base: BaseModel, by: User, now: datetime
) -> Adapter:
    """
    Return the adapter of that name, locked; made by what is said of it, if it is new.

    :raises Invalid: if it is new and that cannot be an adapter's name
    """
    if not Adapter.objects.filter(team=team, slug=slug).exists():  # older ones may be called so
        _refuse_name(slug)
    adapter, new = Adapter.objects.get_or_create(
        team=team,
        slug=slug,
        defaults={
            **_usual(team),
            **{name: one for name, one in _fields(about).items() if one != ""},
            "modality": base.modality,
            "created_by": by,
            "created_at": now,
            "changed_at": now,
        },
    )
    if new:
        events.record("adapter.created", by=by, on=adapter, now=now)
    adapter = Adapter.objects.select_for_update().get(pk=adapter.pk)  # versions have turns
    if not new and adapter.modality != base.modality and not adapter.versions.exists():
        adapter.modality = base.modality  # it was made before anyone knew
        adapter.save(update_fields=["modality"])
    return adapter


@transaction.atomic
def describe(adapter: Adapter, about: About, *, by: User, now: datetime) -> bool:
    """
    Say something else of an adapter, and return whether anything changed by it.

    :raises NotAllowed: if `by` may not upload for the team
    """
    people.require(by, Role.CONTRIBUTOR, adapter.team, to="describe its adapters")
    adapter = Adapter.objects.select_for_update(of=("self",)).get(pk=adapter.pk)
    wanted = _fields(about)
    changed = [name for name, value in wanted.items() if getattr(adapter, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(adapter, name, wanted[name])
    adapter.changed_at = now
    adapter.save(update_fields=[*changed, "changed_at"])
    searching.refresh_adapter(adapter)
    events.record("adapter.described", by=by, on=adapter, now=now, fields=changed)
    publishing.publish_those_due(adapter, now=now)
    return True


@transaction.atomic
def remove(adapter: Adapter, *, by: User, now: datetime) -> None:
    """
    Forget an adapter that never had a version.

    :raises NotAllowed: if `by` may not upload for the team
    :raises WrongState: if it has versions: those are withdrawn, and stay (ADR 6)
    """
    people.require(by, Role.CONTRIBUTOR, adapter.team, to="delete its adapters")
    adapter = Adapter.objects.select_for_update(of=("self",)).get(pk=adapter.pk)
    _must_be_without_versions(adapter, "deleted")
    team, slug = adapter.team, adapter.slug
    adapter.delete()
    events.record("adapter.deleted", by=by, on=team, now=now, adapter=slug)


@transaction.atomic
def rename(adapter: Adapter, *, team: Team, slug: str, by: User, now: datetime) -> Adapter:
    """
    Give an adapter that has no version yet another name, or to another team.

    :raises NotAllowed: if `by` may not upload for both teams
    :raises Invalid: if that cannot be an adapter's name
    :raises NameTaken: if the team has an adapter of that name
    :raises WrongState: if it has versions, which are known under the name that it has
    """
    for each in (adapter.team, team):
        people.require(by, Role.CONTRIBUTOR, each, to="rename its adapters")
    _refuse_name(slug)
    adapter = Adapter.objects.select_for_update(of=("self",)).get(pk=adapter.pk)
    _must_be_without_versions(adapter, "renamed")
    if Adapter.objects.filter(team=team, slug=slug).exclude(pk=adapter.pk).exists():
        raise _taken(team, slug)
    was = f"{adapter.team.slug}/{adapter.slug}"
    adapter.team, adapter.slug, adapter.changed_at = team, slug, now
    adapter.save(update_fields=["team", "slug", "changed_at"])
    events.record("adapter.renamed", by=by, on=adapter, now=now, was=was)
    return adapter


def _usual(team: Team) -> dict[str, str]:
    """Return what a new adapter of the team has unless somebody says otherwise."""
    return {"licence": team.licence, "content_level": team.content_level}


def _fields(about: About) -> dict[str, object]:
    """Return what is said, as it is kept."""
    said = {
        "title": (one_line(about.title)[:120] or None) if about.title else None,
        "description": about.description,
        "kind": about.kind if about.kind in Kind.values else None,
        "tags": None if about.tags is None else tidy_tags(about.tags),
        "licence": about.licence,
        "content_level": about.content_level,
    }
    return {name: value for name, value in said.items() if value is not None}


def one_line(title: str) -> str:
    """Return a title as it is kept: it stands in mails and headings, where it ends no line."""
    return plain.line(title)


def tidy_tags(tags: Sequence[str]) -> list[str]:
    """Return tags as they are kept: small letters, each once, in order."""
    return sorted({tag.lower() for tag in plain.words(tags)})


def _refuse_name(slug: str) -> None:
    if not SLUG.fullmatch(slug) or UNREACHABLE.match(slug):
        raise Invalid(
            f"{slug[:80]!r} cannot be an adapter's name in addresses: use up to 80 small Latin "
            "letters, digits and single hyphens, dots or underscores."
        )


def _must_be_without_versions(adapter: Adapter, what: str) -> None:
    if adapter.versions.exists():
        raise WrongState(
            f"{adapter.team.slug}/{adapter.slug} has versions, which stay as long as anyone may "
            f"have pinned them, so it cannot be {what}: withdraw them on its page."
        )


def _taken(team: Team, slug: str) -> NameTaken:
    return NameTaken(f"{team.slug}/{slug} exists already: choose another name.")
