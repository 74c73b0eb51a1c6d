"""
A team's own bases: added, changed, tried again, removed.

A base with a parent has its parent's layers and is ready at once. One that is given by its
configuration waits until a worker has made its manifest (registry/services/making.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from registry import jobs
from registry.bases import catalogue, given, repo_ids
from registry.errors import Invalid, NameTaken, NotAllowed, WrongState
from registry.formats import plain
from registry.formats.families import Family
from registry.models import BaseModel, Blueprint, Role, Team, User
from registry.queries import bases, people
from registry.services import events

MOST_MAKING = 10  # of one team at a time: workers are there for adapters too
MOST_ALIASES = 20
LONGEST_ALIAS = 200
NAMES_OF_OURS = {"new", *Family}  # a page, and what whole families are asked for by
DEFAULTS: Mapping[str, tuple[float, float]] = {
    "steps": (1, 200),
    "guidance": (0, 50),
    "width": (64, 4096),
    "height": (64, 4096),
}
NO_DEFAULT = "base.defaults"
State = BaseModel.State


@dataclass(frozen=True, slots=True)
class Description:
    """What a team says of a base of its own, beside what it is made of."""

    title: str
    slug: str
    repo: str = ""
    aliases: Sequence[str] = ()
    licence: str = ""
    licence_url: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)


def add(
    description: Description,
    *,
    team: Team,
    parent: str = "",
    configs: Mapping[str, Any] | None = None,
    by: User,
    now: datetime,
) -> BaseModel:
    """
    Add a base of the team's own: with the layers of `parent`, or of the `configs` given.

    :raises NotAllowed: if `by` may not upload for the team
    :raises NotFound: if no base in sight is called as the parent is
    :raises UploadRefused: if the configurations are not to be built
    :raises Invalid: if the rest makes no sense, or another base has the name
    :raises WrongState: if workers have enough to do for the team already
    """
    people.require(by, Role.CONTRIBUTOR, team, to="add a base")
    if bool(parent) == bool(configs):
        raise Invalid(
            "Give either the parent whose layers it has, or its configuration.",
            code="base.layers",
        )
    fields = _fields(description) | {"team": team, "added_by": by, "added_at": now}
    fields |= _of_parent(parent, by=by) if parent else {}
    built = given.check(configs) if configs else None
    if built and team.bases.filter(state=State.MAKING).count() >= MOST_MAKING:
        raise WrongState(
            f"{MOST_MAKING} bases of the team {team.slug} are being made: wait for one of them.",
            code="base.too-many",
        )
    try:
        with transaction.atomic():
            return _create(fields, built, by=by, now=now)
    except IntegrityError as error:
        if "slug" in str(error):
            raise _taken(description.slug) from error
        raise


def _of_parent(name: str, *, by: User) -> dict[str, Any]:
    parent = bases.for_upload(name, by=by)
    if parent.parent and parent.parent.parent:
        raise Invalid(
            f"{parent.title} is a child of a child already: take {parent.parent.title} as parent.",
            code="base.parent",
        )
    return {
        "parent": parent,
        "family": parent.family,
        "modality": parent.modality,
        "pipeline": parent.pipeline,
        "verified": parent.verified,
    }


def _create(
    fields: dict[str, Any], built: given.Given | None, *, by: User, now: datetime
) -> BaseModel:
    _refuse_names_of_others([fields["slug"], *fields["aliases"]])
    if built:
        # Until its layers are known it is of no family but its own.
        fields |= {"state": State.MAKING, "family": fields["slug"][:30]}
        fields |= {"modality": built.modality, "pipeline": built.pipeline}
    base = BaseModel.objects.create(**fields)
    if built:
        files = {name: dict(config) for name, config in built.files.items()}
        jobs.send_blueprint(Blueprint.objects.create(base=base, configs=files, queued_at=now))
    events.record("base.added", by=by, on=base.team, now=now, base=base.slug)
    return base


@transaction.atomic
def change(base: BaseModel, *, by: User, now: datetime, **said: Any) -> BaseModel:
    """
    Say something else of a team's base: title, repo, aliases, licence, licence_url or defaults.

    :raises NotAllowed: if `by` neither added it nor reviews for its team
    :raises Invalid: if it makes no sense, or another base has the name
    """
    base = _locked(base)
    _require(by, base, to="change this base")
    told = {name: getattr(base, name) for name in Description.__dataclass_fields__}
    fields = _fields(Description(**told | said | {"slug": base.slug}))
    _refuse_names_of_others(fields["aliases"], but=base)
    changed = {*said, "aliases"} if "repo" in said else set(said)
    for name in changed:
        setattr(base, name, fields[name])
    base.save(update_fields=changed)
    events.record("base.changed", by=by, on=base.team, now=now, base=base.slug, fields=sorted(said))
    return base


@transaction.atomic
def make_again(base: BaseModel, *, by: User, now: datetime) -> BaseModel:
    """
    Have the manifest of a base made once more, that could not be made.

    :raises NotAllowed: if `by` may not upload for its team
    :raises WrongState: if it has not failed
    """
    base = _locked(base)
    people.require(by, Role.CONTRIBUTOR, _team(base), to="have this base made again")
    if base.state != State.FAILED:
        raise WrongState(f"{base.title} has not failed: there is nothing to try again.")
    base.state, base.reason = State.MAKING, ""
    base.save(update_fields=["state", "reason"])
    blueprint = Blueprint.objects.select_for_update().get(base=base)
    blueprint.attempt, blueprint.queued_at, blueprint.sent_at = 0, now, None
    blueprint.save(update_fields=["attempt", "queued_at", "sent_at"])
    jobs.send_blueprint(blueprint)
    events.record("base.tried-again", by=by, on=base.team, now=now, base=base.slug)
    return base


@transaction.atomic
def remove(base: BaseModel, *, by: User, now: datetime) -> None:
    """
    Remove a team's base that nothing was ever declared for.

    :raises NotAllowed: if `by` neither added it nor reviews for its team
    :raises WrongState: if there are versions or children of it
    """
    base = _locked(base)
    _require(by, base, to="remove this base")
    if base.versions.exists():
        raise WrongState(
            f"{base.title} cannot be removed: versions were uploaded for it.", code="base.in-use"
        )
    if child := base.children.first():
        raise WrongState(
            f"{base.title} cannot be removed: {child.title} has its layers.", code="base.in-use"
        )
    events.record("base.removed", by=by, on=base.team, now=now, base=base.slug)
    base.delete()


def may_change(base: BaseModel, by: User | None) -> bool:
    """Say whether the person may change or remove a base."""
    if base.team is None or by is None:
        return False
    mine = base.added_by_id == by.pk and people.may(by, Role.CONTRIBUTOR, base.team)
    return mine or people.may(by, Role.REVIEWER, base.team)


def _require(by: User, base: BaseModel, *, to: str) -> None:
    if not may_change(base, by):
        people.require(by, Role.REVIEWER, _team(base), to=to)


def _team(base: BaseModel) -> Team:
    if base.team is None:
        raise NotAllowed(
            f"{base.title} is a base of the catalogue, the same on every hub: add one of your own "
            "with it as the parent."
        )
    return base.team


def _locked(base: BaseModel) -> BaseModel:
    found = BaseModel.objects.select_for_update(of=("self",)).select_related("team")
    return found.get(pk=base.pk)


# --- What is said of it --------------------------------------------------------------------------


def _fields(description: Description) -> dict[str, Any]:
    title = plain.line(description.title)
    if not title or len(title) > 120:
        raise Invalid("Give the base a title of at most 120 letters.", code="base.title")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", description.slug) or len(description.slug) > 60:
        raise Invalid(
            f"{description.slug[:80]!r} cannot be a base's name in addresses: use small Latin "
            "letters and digits, with single hyphens between them, 60 at most.",
            code="base.slug",
        )
    return {
        "title": title,
        "slug": description.slug,
        "repo": _repo(description),
        "aliases": _aliases(description),
        "licence": description.licence.strip()[:120],
        "licence_url": description.licence_url.strip()[:200],
        "defaults": _defaults(description.defaults),
    }


def _repo(description: Description) -> str:
    repo = description.repo.strip()
    if repo and not repo_ids.is_id(repo):
        raise Invalid(
            f"{repo[:80]!r} is no repository: write its owner and its name with a slash between "
            "them, spelled as they are there.",
            code="base.repo",
        )
    return repo


def _aliases(description: Description) -> list[str]:
    given = (description.repo, *description.aliases)
    names = {catalogue.normal(alias) for alias in given} - {"", description.slug}
    bad = next((one for one in names if len(one) > LONGEST_ALIAS or not one.isprintable()), None)
    if bad is not None or len(names) > MOST_ALIASES:
        raise Invalid(
            f"A base has at most {MOST_ALIASES} other names of at most {LONGEST_ALIAS} letters.",
            code="base.aliases",
        )
    return sorted(names)


def _defaults(defaults: Mapping[str, Any]) -> dict[str, float]:
    for name, value in defaults.items():
        if name not in DEFAULTS:
            known = ", ".join(DEFAULTS)
            raise Invalid(f"defaults: there is no {name[:40]!r}, only {known}.", code=NO_DEFAULT)
        low, high = DEFAULTS[name]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:
            raise Invalid(
                f"defaults: {name} is a number from {low:g} to {high:g}.", code=NO_DEFAULT
            )
    return dict(defaults)


def _refuse_names_of_others(names: Sequence[str], *, but: BaseModel | None = None) -> None:
    """Keep every name to one base: what a runtime asks for must never become another's."""
    others = BaseModel.objects.exclude(pk=but.pk) if but else BaseModel.objects.all()
    for name in names:
        known = catalogue.named(name)
        same = Q(slug=name) | Q(aliases__contains=[name]) | Q(family=name)
        mine = but is not None and name == but.family
        if known or name in NAMES_OF_OURS or (not mine and others.filter(same).exists()):
            raise _taken(name)


def _taken(name: str) -> NameTaken:
    return NameTaken(
        f"Another base is called {name!r} already: choose another name.", code="base.name-taken"
    )
