"""
What another team does and does not publish changes nothing on anybody else's pages.

Each address is asked for what is a person's own, before and after a team works on the very same
weights, words and pictures: same weights elsewhere, similar adapters, lineage, counts, statistics,
galleries, collections and lists all have to answer as if that team did not exist.
"""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from registry.models import (
    Adapter,
    Ancestor,
    Blob,
    Collection,
    CollectionItem,
    PictureUse,
    Role,
    VersionFile,
)
from registry.services import gallery, voting
from tests.factories import (
    AdapterFactory,
    RequestFactory,
    RunFactory,
    SceneFactory,
    SourceFactory,
    TeamFactory,
    VersionFactory,
    member,
    own_base,
    sweep,
)
from tests.hub.hidden import ROUTES, address, said
from tests.registry.services import painted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent", "blob_root")]

NOW = timezone.now()
# What is of each answer alone, and what tells only that anything at all was written down.
OF_ITS_OWN = re.compile(
    r'(csrfmiddlewaretoken" value="|"X-CSRFToken": "|content=")[^"]{64}'
    r'|"(cursor|next|since|date|lastModified)": ?"[^"]*"|"secret": ?"[^"]*"|since=[\w:%-]+'
)
NOT_ASKED = ("workers", "api/workers")  # when they were last seen


@pytest.fixture(autouse=True)
def _unhurried(settings):
    rates = dict.fromkeys(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])
    rates["sign-in"] = "10/min"
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}


@pytest.fixture
def mine():
    """Return a person's published version, and the words that find what is theirs."""
    team = TeamFactory(slug="mine")
    eve = member(team, Role.ADMIN, username="eve")
    adapter = AdapterFactory(team=team, slug="brush", tags=["ink"], created_by=eve)
    version = VersionFactory(adapter=adapter, published=True, trigger_words=["inkwash"])
    grid = sweep(version)
    picture = gallery.hang(version, painted.png("a brush"), by=eve, now=NOW)
    asked = RequestFactory(version=version, by=eve)
    run = RunFactory(version=version, state="passed", stage="grid", finished_at=NOW)
    SourceFactory(version=version, by=eve)
    voting.vote(version, 0.7, note="good", by=eve, now=NOW)
    collection = Collection.objects.create(
        by=eve, title="Mine", made_at=NOW, changed_at=NOW, team=team, sight="all"
    )
    CollectionItem.objects.create(collection=collection, adapter=adapter, added_at=NOW)
    return version, {
        "team": "mine", "name": "brush", "number": 1, "slug": "mine", "base": version.base.slug,
        "username": "eve", "position": 1, "noun": "run", "row_id": run.pk, "size": "small",
        "kind": "webui", "use": "style", "channel": "stable", "value": version.sha256,
        "hash": version.sha256, "sha256": grid.cells.first().blob_id, "picture_id": picture.pk,
        "request_id": asked.pk, "pk": collection.pk, "path": "README.md", "revision": "v1",
        "rest": "v1/README.md", "serial": version.serial,
    }  # fmt: skip


def work_in_secret(on):
    """Let a team have the same weights, words and pictures, and build upon a version."""
    team = TeamFactory(slug="zorb")
    ada = member(team, Role.ADMIN, username="quokka")
    base = own_base(team, slug="quokka-base", title="Quokka base", parent=on.base)
    adapter = AdapterFactory(team=team, slug="quokka", tags=["ink"], created_by=ada)
    for state in ("ready", "rejected"):
        version = VersionFactory(adapter=adapter, trigger_words=["inkwash"], **{state: True})
        weights = on.files.get(role="weights")
        VersionFile.objects.filter(version=version).update(
            blob=weights.blob_id, sha256=weights.sha256, size=weights.size
        )
        RunFactory(version=version)
        SourceFactory(version=version, by=ada)
        Ancestor.objects.create(version=version, ancestor=on, kind="merged", by=ada, said_at=NOW)
        RequestFactory(version=version, by=ada, other=on)
        grid = sweep(version)
        for cell, theirs in zip(grid.cells.all(), on.grids.get().cells.all(), strict=True):
            own, cell.blob, cell.scene = cell.scene, theirs.blob, theirs.scene
            cell.save()
        own.delete()  # everybody may see what scenes a base has
    VersionFactory(adapter=adapter, ready=True, base=base, parent=version)
    SceneFactory(base=on.base, team=team, title="Quokka")
    gallery.hang(version, painted.png("a quokka"), by=ada, now=NOW)
    hung = PictureUse.objects.get(version=on)
    PictureUse.objects.create(
        picture=hung.picture, position=9, version=version, name="quokka", found_by="hand"
    )
    kept = Collection.objects.create(
        by=ada, title="Quokka", made_at=NOW, changed_at=NOW, team=team, sight="team"
    )
    CollectionItem.objects.create(collection=kept, adapter=on.adapter, added_at=NOW)


QUESTIONS = (
    "/?q=inkwash", "/?tags=ink", "/?base=sdxl", "/?view=table&sort=downloads", "/?creator=quokka",
    "/?team=zorb", "/api/adapters?creator=quokka", "/api/adapters?q=inkwash&sort=title",
    "/api/adapters?team=zorb", "/api/facets?q=inkwash", "/api/facets?tags=ink", "/api/bases",
    "/api/facets?creator=quokka", "/api/v1/models?query=inkwash", "/api/v1/models?tag=ink",
    "/api/v1/models?username=zorb", "/api/models?search=brush", "/api/models?author=zorb",
    "/api/models?filter=ink", "/api/adapters?hash={value}", "/api/collections",
    "/api/compare/several?adapters=mine/brush", "/compare?adapters=mine/brush",
    "/mine/brush?version=1", "/api/statistics", "/api/adapters?sort=downloads&limit=1",
)  # fmt: skip


def asked(by, words):
    """Return what a person is told at each address. It is forgotten: it would count."""
    client = Client(raise_request_exception=False)
    client.force_login(by)
    ats = [address(route, words) for route in ROUTES if route not in NOT_ASKED]
    found = {}
    with transaction.atomic():
        for at in [*ats, *(question.format(**words) for question in QUESTIONS)]:
            one = client.get(at)
            found[at] = (one.status_code, plain(one), *shown(one))
        transaction.set_rollback(True)
    return found


def plain(answer):
    return OF_ITS_OWN.sub("", said(answer).decode(errors="replace"))


def shown(answer):
    return [answer.headers.get(name, "") for name in ("Location", "Link")]


def test_what_is_hidden_changes_no_answer(mine):
    version, words = mine
    before = asked(version.uploaded_by, words)
    assert Adapter.objects.count() == 1
    assert Blob.objects.exists()
    assert [at for at, (status, *_) in before.items() if status == 500] == []

    work_in_secret(version)

    after = asked(version.uploaded_by, words)
    different = [at for at in before if before[at] != after[at]]
    assert [(at, *apart(before[at], after[at])) for at in different] == []


def apart(one, other):
    """Return where two answers begin to differ."""
    pairs = zip(one[1], other[1], strict=False)
    begin = next((at for at, (a, b) in enumerate(pairs) if a != b), 0)
    near = slice(max(begin - 60, 0), begin + 80)
    return one[0], other[0], one[1][near], other[1][near], one[2:], other[2:]
