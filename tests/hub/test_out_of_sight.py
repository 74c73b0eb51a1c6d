"""
What a team has not published is out of sight at every door, whatever is asked of it.

It walks all addresses of the hub by all methods: a door that is added is walked by itself.
"""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from registry.models import Collection, Event, Role, UploadDraft, User
from registry.services import commenting, gallery, invitations, robots, searches, voting
from registry.services.commenting import Said
from tests.factories import (
    AdapterFactory,
    EventFactory,
    ImportFactory,
    RequestFactory,
    ResultFactory,
    RunFactory,
    SceneFactory,
    SourceFactory,
    TeamFactory,
    UploadFactory,
    VersionFactory,
    member,
    own_base,
    sweep,
)
from tests.registry.services import painted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent", "blob_root")]

SECRET = "quokka"  # stands in all that is said of it, and in no address
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


@pytest.fixture
def words(team):
    """Return what stands for the holes of addresses: all of it a team's own, and not published."""
    admin = member(team, Role.ADMIN, username="ada")
    adapter = AdapterFactory(
        team=team, slug="wash", title=f"A {SECRET}", description=SECRET, tags=[SECRET],
        created_by=admin,
    )  # fmt: skip
    version = VersionFactory(
        adapter=adapter, ready=True, trigger_words=[SECRET], label=SECRET, changes=SECRET,
        base=own_base(team, slug="ours", title=f"Base of the {SECRET}", parent=None),
    )  # fmt: skip
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
    cell = grid.cells.first()
    return {
        "team": "ink", "name": "wash", "number": 1, "username": "ada", "position": 1,
        "slug": "ink", "noun": "run", "row_id": run.pk, "size": "small", "kind": "webui",
        "use": "style", "act": "edit", "channel": "stable", "value": version.sha256,
        "sha256": cell.blob_id, "import_id": brought.pk, "picture_id": picture.pk,
        "comment_id": comment.pk, "request_id": asked.pk, "token_id": robot.pk,
        "invitation_id": invitation.pk, "pk": collection.pk, "upload_id": upload.pk,
        "draft_id": draft.pk, "scene_id": scene.pk, "search_id": saved.pk,
        "complaint_id": comment.pk, "preparation_id": run.pk, "secret": "made-up",
        "path": "README.md", "revision": "v1", "repo": "ink/wash", "version_id": version.serial,
        "hash": version.sha256, "runtime": "webui", "file": "adapter.safetensors",
        "oid": version.sha256,
    }  # fmt: skip


def address(route, words):
    words = words | ({"slug": "ours"} if route.startswith(("bases/", "api/bases/")) else {})
    return "/" + HOLE.sub(lambda hole: str(words.get(hole[1], "made-up")), route)


def said(answer):
    return b"".join(answer) if answer.streaming else answer.content


def ask(client, method, at):
    body = {"content_type": "application/json"} if method in {"put", "patch"} else {}
    return getattr(client, method)(at, {}, headers={"HX-Request": "true"}, **body)


def told(client, words, *methods):
    """Return what speaks of the secret, breaks, or is done to the team: method, address, what."""
    found, last = [], Event.objects.latest("pk").pk
    for route in ROUTES:
        at = address(route, words)
        for method in methods:
            answer = ask(client, method, at)
            if SECRET in said(answer).decode(errors="replace").lower():
                found.append((method, at, "says it"))
            if answer.status_code >= 500 and answer.status_code != 501:  # said on purpose
                found.append((method, at, answer.status_code))
            done = Event.objects.filter(pk__gt=last, team__slug="ink")
            found.extend((method, at, event.verb) for event in done)
            last = Event.objects.latest("pk").pk
    return found


def test_a_stranger_is_told_nothing(words):
    assert told(Client(raise_request_exception=False), words, "get") == []


def test_an_admin_of_another_team_is_told_nothing_and_changes_nothing(words):
    client = Client(raise_request_exception=False)
    client.force_login(member(TeamFactory(slug="other"), Role.ADMIN))

    assert told(client, words, "get", "post", "put", "patch", "delete") == []


def test_its_own_admin_is_told_at_most_doors_and_changes_nothing_by_looking(words):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username="ada"))

    found = told(client, words, "get")

    assert {what for _, _, what in found} == {"says it"}
    assert len(found) > 50


@pytest.mark.parametrize(
    "at",
    [
        "/?state=ready",
        "/?base=ours",
        "/?view=table&team=ink",
        "/api/adapters?state=ready",
        "/api/adapters?team=ink",
        "/api/adapters?hash={sha256}",
        "/api/facets?state=ready",
        "/api/facets?base=ours",
        "/api/v1/models?limit=9",
        "/api/models?author=ink",
        "/api/changes",
        "/compare?adapters=ink/wash@1",
        "/compare?add=ink/wash@1",
        "/compare/asked?requests={request_id}",
        "/api/compare?a=ink/wash@1&b=ink/wash@1",
        "/api/compare/several?adapters=ink/wash@1",
        "/upload?draft={draft_id}",
        "/review",
        "/complaints",
        "/notifications",
    ],
)
def test_no_question_brings_it_up(at, words):
    client = Client()
    client.force_login(member(TeamFactory(slug="other"), Role.ADMIN))

    answer = client.get(at.format(**words), follow=True)

    assert SECRET not in said(answer).decode(errors="replace").lower()
