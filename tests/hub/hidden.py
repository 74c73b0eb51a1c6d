"""A team's own, none of it published; and the addresses of all doors, to be asked for it."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from registry.models import (
    Adapter,
    AdapterVersion,
    Collection,
    Complaint,
    Preparation,
    Role,
    UploadDraft,
)
from registry.services import commenting, gallery, invitations, robots, searches, voting
from registry.services.commenting import Said
from tests.factories import (
    AdapterFactory,
    BaseFactory,
    EventFactory,
    ImportFactory,
    RequestFactory,
    ResultFactory,
    RunFactory,
    SceneFactory,
    SourceFactory,
    UploadFactory,
    VersionFactory,
    member,
    own_base,
    sweep,
)
from tests.registry.services import painted

SECRET = "quokka"  # stands in all that is said of it, and in no address
SERIAL = 765_432
NOW = timezone.now()
ELSEWHERE = ("admin/", "language/", "health/")
HOLE = re.compile(r"<(?:\w+:)?(\w+)>")
GONE = {"sign-out", "sign-in"}  # after which nobody would be asking any more


def doors(resolver=None, before=""):
    """Yield the route of every address there is."""
    for each in (resolver or get_resolver()).url_patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from doors(each, route)
        elif isinstance(each, URLPattern) and each.name not in GONE:
            yield route


ROUTES = sorted(
    {route for route in doors() if "(?" not in route and not route.startswith(ELSEWHERE)}
)


def things(team):
    """Return what stands for the holes of addresses: all of it a team's own, and not published."""
    admin = member(team, Role.ADMIN, username="ada")
    adapter = AdapterFactory(
        team=team, slug="zorb", title=f"A {SECRET}", description=SECRET, tags=[SECRET],
        created_by=admin,
    )  # fmt: skip
    version = VersionFactory(
        adapter=adapter, ready=True, trigger_words=[SECRET], label=SECRET, changes=SECRET,
        base=own_base(team, slug="ours", title=f"Base of the {SECRET}", parent=None),
    )  # fmt: skip
    own_base(team, slug="lesser", title=f"Child of the {SECRET}", parent=BaseFactory())
    # So that it can be told from other numbers where it is said.
    AdapterVersion.objects.filter(pk=version.pk).update(serial=SERIAL)
    Adapter.objects.filter(pk=adapter.pk).update(serial=SERIAL)
    return {
        "team": "ink", "name": "zorb", "number": 1, "username": "ada", "position": 1,
        "slug": "ink", "base": "ours", "child": "lesser", "noun": "run", "size": "small",
        "kind": "webui", "use": "style", "act": "edit", "channel": "stable", "secret": "made-up",
        "path": "README.md", "revision": "v1", "repo": "ink/zorb", "version_id": SERIAL,
        "runtime": "webui", "file": "adapter.safetensors", "rest": "v1/README.md",
        "serial": SERIAL, **dict.fromkeys(("value", "hash", "oid"), version.sha256),
    } | _about(version, admin) | _work(version, admin)  # fmt: skip


def _about(version, admin):
    """Return the ids of what was found of the version, and is said of it."""
    adapter = version.adapter
    grid = sweep(version)
    run = RunFactory(version=version, reason=SECRET)
    ResultFactory(run=run, problem=SECRET)
    SourceFactory(version=version, by=admin, record={SECRET: SECRET})
    comment = commenting.write(adapter, Said(SECRET), by=admin, now=NOW)
    picture = gallery.hang(version, painted.png(f"a {SECRET}"), by=admin, now=NOW)
    voting.vote(version, 0.7, note=SECRET, by=admin, now=NOW)
    asked = RequestFactory(version=version, by=admin, in_gallery=True)
    asked.grid = grid
    asked.save()
    complaint = Complaint.objects.create(
        adapter=adapter, comment=comment, by=admin, reason=SECRET, made_at=NOW
    )
    cell = grid.cells.first()
    return {
        "row_id": run.pk, "sha256": cell.blob_id, "picture_id": picture.pk,
        "comment_id": comment.pk, "request_id": asked.pk, "complaint_id": complaint.pk,
        "grid": grid.pk,
    }  # fmt: skip


def _work(version, admin):
    """Return the ids of what the team works with."""
    team = version.adapter.team
    wanted = robots.Wanted(SECRET, Role.VIEWER)
    robot, _secret = robots.make(team, wanted, by=admin, now=NOW)
    invitation, _secret = invitations.invite(team=team, role=Role.VIEWER, by=admin, now=NOW)
    collection = Collection.objects.create(
        by=admin, title=SECRET, made_at=NOW, changed_at=NOW, team=team, sight="team"
    )
    EventFactory(verb="team.changed", team=team, by=admin, detail={"fields": [SECRET]})
    upload = UploadFactory(by=admin, team=team, name=f"{SECRET}.safetensors")
    draft = UploadDraft.objects.create(
        by=admin, about={"title": SECRET}, files=[], begun_at=NOW, changed_at=NOW
    )
    scene = SceneFactory(base=version.base, team=team, title=SECRET, prompt=SECRET)
    brought = ImportFactory(by=admin, team=team, name=SECRET)
    saved = searches.save(title=SECRET, query="q=x", by=admin, now=NOW)
    prepared = Preparation.objects.create(
        key="f" * 64, version=version, layout="peft", size=1, by=admin, notes=[SECRET],
        queued_at=NOW, wanted_at=NOW,
    )  # fmt: skip
    return {
        "token_id": robot.pk, "invitation_id": invitation.pk, "pk": collection.pk,
        "upload_id": upload.pk, "draft_id": draft.pk, "scene_id": scene.pk,
        "import_id": brought.pk, "search_id": saved.pk, "preparation_id": prepared.pk,
    }  # fmt: skip


def made_up(words):
    """Return words of the same forms for which nothing is here; the team alone is."""
    ids = {name: uuid4() for name, word in words.items() if isinstance(word, UUID)}
    digests = dict.fromkeys(("value", "sha256", "hash", "oid"), "9" * 64)
    numbers = dict.fromkeys(("serial", "scene_id", "search_id"), 987_654)
    named = {
        "name": "wusk",
        "username": "odo",
        "base": "theirs",
        "child": "none-such",
        "repo": "ink/wusk",
    }
    return words | ids | digests | numbers | named


def address(route, words):
    if route.startswith(("bases/", "api/bases/")):
        words = words | {"slug": words["base"]}
    return "/" + HOLE.sub(lambda hole: str(words.get(hole[1], "made-up")), route)


def said(answer):
    return b"".join(answer) if answer.streaming else answer.content
