"""A hub that grows: some more of everything that there may be many of, around one adapter."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from registry.models import (
    AdapterVersion,
    Collection,
    Comment,
    Import,
    Mending,
    Notification,
    Role,
    Scope,
    Team,
    User,
    Worker,
)
from registry.services import (
    accounts,
    channels,
    collections,
    complaining,
    deprecating,
    following,
    gallery,
    invitations,
    lineage,
    rating,
    robots,
    searches,
    upload_drafts,
    voting,
)
from registry.services.imports import tokens
from tests.factories import (
    AdapterFactory,
    EventFactory,
    FileFactory,
    ImportFactory,
    ImportItemFactory,
    RequestFactory,
    SceneFactory,
    SourceFactory,
    TeamFactory,
    UploadFactory,
    VersionFactory,
    keep,
    member,
    own_base,
    sweep,
)
from tests.hub.pages import asked_rows, rows
from tests.registry.services import painted

NOW = timezone.now()


@dataclass(frozen=True, slots=True)
class Hub:
    """What all the rest hangs on."""

    team: Team
    by: User  # a contributor, whose it is
    admin: User  # of the team, and of the hub
    version: AdapterVersion
    collection: Collection
    brought: Import
    rejected: AdapterVersion


def begun(team: Team) -> Hub:
    by = member(team, username="mika")
    admin = member(team, Role.ADMIN, username="ada", is_superuser=True)
    version = rows.shown(team, "zebra", by=by)
    asked_rows.ground(version)
    collection = collections.make(collections.Said("Winter", "Snow."), by=by, now=NOW)
    collections.put_in(collection, version.adapter, by=by, now=NOW)
    brought = ImportFactory(team=team, by=by)
    cat = rows.rejected(team, "cat", by=by)
    return Hub(team, by, admin, version, collection, brought, cat)


def grow(hub: Hub, numbers: range) -> None:
    """Add as many rows of every kind as there are numbers, each its own."""
    for n in numbers:
        other = member(hub.team, username=f"other{n}")
        one = _version(hub, n, other)
        for add in (_people, _work, _says, _kept, _family):
            add(hub, n, other, one)


def _version(hub: Hub, n: int, other: User) -> AdapterVersion:
    adapter = AdapterFactory(team=hub.team, slug=f"one{n}", created_by=other, tags=[f"tag{n}"])
    one = VersionFactory(adapter=adapter, base=hub.version.base, published=True, proof="renders")
    sweep(one)
    SourceFactory(version=one, by=other, group=f"one{n}.safetensors")
    again = VersionFactory(adapter=hub.version.adapter, base=hub.version.base, published=True)
    sweep(again)
    channels.move(hub.version.adapter, f"way{n}", to=again, by=hub.admin, now=NOW)
    deprecating.deprecate(again, reason="Old.", instead=one, by=hub.admin, now=NOW)
    FileFactory(
        version=hub.version, role="checkpoint", name=f"step{n}.safetensors",
        training_step=100 + n, blob=keep(f"step {n}".encode()),
    )  # fmt: skip
    return one


def _people(hub: Hub, n: int, other: User, one: AdapterVersion) -> None:
    team = TeamFactory(slug=f"team{n}", base=hub.version.base)
    accounts.set_role(team=team, user=hub.by, role=Role.VIEWER, by=hub.admin, now=NOW)
    robots.make(hub.team, robots.Wanted(f"robot {n}", Role.VIEWER), by=hub.admin, now=NOW)
    invitations.invite(team=hub.team, role=Role.VIEWER, by=hub.admin, now=NOW)
    accounts.issue_token(user=hub.by, title=f"t{n}", scopes=[Scope.READ], expires_at=None, now=NOW)
    own_base(hub.team, slug=f"own{n}", title=f"Own {n}", parent=hub.version.base)
    SceneFactory(base=hub.version.base, team=hub.team, slug=f"own{n}")
    following.follow(team, by=hub.by, now=NOW)
    tokens.keep(hub.team, f"host{n}.example.org", "s3cret", by=hub.admin, now=NOW)


def _work(hub: Hub, n: int, other: User, one: AdapterVersion) -> None:
    adapter = AdapterFactory(team=hub.team, slug=f"ready{n}", created_by=other)
    ready = VersionFactory(adapter=adapter, ready=True, base=hub.version.base)
    rows.report(ready, file__finite=("warned", "Hm."))
    rows.going_on(hub.team, f"new{n}", by=hub.by)
    failed = {"state": "failed", "reason": "It died.", "finished_at": NOW}
    rows.going_on(hub.team, f"lost{n}", by=hub.by, **failed)
    rows.rejected(hub.team, f"no{n}", by=hub.by)
    RequestFactory(version=hub.version, by=hub.by)
    asked_rows.asked(hub.version, hub.by, in_gallery=True)
    ImportFactory(team=hub.team, by=hub.by, items=2)
    ImportItemFactory(of=hub.brought, position=100 + n, state="made", version=one)
    UploadFactory(by=hub.by, team=hub.team)
    upload_drafts.begin({"title": f"Half {n}"}, [], by=hub.by, now=NOW)
    Mending.objects.create(
        version=hub.rejected, by=hub.by, asked_at=NOW, state="refused", ended_at=NOW, reason="No.",
        steps=["precision"],
    )  # fmt: skip
    Worker.objects.create(
        name=f"w{n}", device="cpu", holds=hub.version.base, started_at=NOW, seen_at=NOW
    )


def _says(hub: Hub, n: int, other: User, one: AdapterVersion) -> None:
    adapter = hub.version.adapter
    comment = Comment.objects.create(
        adapter=adapter, by=other, text=f"Fine {n}.", written_at=NOW, version=one
    )
    Comment.objects.create(adapter=adapter, by=hub.by, text="So?", written_at=NOW, parent=comment)
    voting.vote(hub.version, 0.7, note="Good.", by=other, now=NOW)
    rating.rate(hub.version, "style", rating.Told(4), by=other, now=NOW)
    picture = gallery.hang(hub.version, painted.png(f"<lora:zebra:0.8> {n}"), by=other, now=NOW)
    complaining.complain(adapter, reason="It is mine.", by=other, now=NOW)
    complaining.complain(adapter, reason="Rude.", comment=comment, by=other, now=NOW)
    complaining.complain(adapter, reason="Rude.", picture=picture, by=other, now=NOW)


def _kept(hub: Hub, n: int, other: User, one: AdapterVersion) -> None:
    following.keep_favourite(one.adapter, by=hub.by, now=NOW)
    following.follow(one.adapter, by=hub.by, now=NOW)
    collections.put_in(hub.collection, one.adapter, by=hub.by, now=NOW)
    for by in (hub.by, other):
        said = collections.Said(f"Of {n}", "", sight="team", team=hub.team)
        made = collections.make(said, by=by, now=NOW)
        collections.put_in(made, one.adapter, by=by, now=NOW)
    searches.save(title=f"Search {n}", query=f"tags=tag{n}&q=word{n}", by=hub.by, now=NOW)
    for verb in ("version.published", "version.rejected", "comment.written"):
        event = EventFactory(verb=verb, version=one, adapter=one.adapter, team=hub.team, by=other)
        Notification.objects.create(user=hub.by, event=event)


def _family(hub: Hub, n: int, other: User, one: AdapterVersion) -> None:
    lineage.add(hub.version, lineage.Said("continued", f"ink/one{n}@1"), by=hub.by, now=NOW)
