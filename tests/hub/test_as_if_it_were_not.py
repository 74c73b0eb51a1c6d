"""
Whoever is not in a team cannot tell what it has not published from what there is not at all.

A word that leaks is found in tests/hub/test_out_of_sight.py; here the answers to two questions are
held against each other, so that a status, a length or a sentence that differs is found as well.
"""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from registry.models import Collection, Role, Team, User
from registry.services import gallery
from tests.factories import (
    AdapterFactory,
    BaseFactory,
    SceneFactory,
    TeamFactory,
    VersionFactory,
    member,
)
from tests.hub import hidden
from tests.hub.hidden import ROUTES, address, said
from tests.registry.services import painted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent", "blob_root")]

CSRF = re.compile(r'(csrfmiddlewaretoken" value="|"X-CSRFToken": "|content=")[^"]{64}')
# What is hidden, by the names of holes; numbers are too short to be looked for in a page.
VARIED = (
    *(
        "name",
        "username",
        "base",
        "child",
        "value",
        "sha256",
        "import_id",
        "picture_id",
        "comment_id",
    ),
    *("request_id", "token_id", "invitation_id", "pk", "upload_id", "draft_id", "complaint_id"),
    *("preparation_id", "row_id", "serial", "scene_id"),
)
# Days, ids and places in the log, which differ each time.
DIGITS = re.compile(r'\d{4}-\d\d-[\d:T.Z+-]+|[0-9a-f]{8}-[0-9a-f-]{27}|"(id|cursor)":("[^"]*"|\d+)')
HEADER = '{"a.lora_down.weight":{"dtype":"F16","shape":[4,8],"data_offsets":[0,64]}}'
FIELDS = {  # whatever any form or body wants to know
    "about": {}, "across": {"axis": "weight", "values": [0, 1]}, "address": "", "axis": "weight",
    "base": "sdxl-1-0", "content_level": "general", "days": 7, "decision": "approve",
    "description": "x", "files": [], "host": "civitai.com", "in_gallery": True, "kind": "style",
    "name": "x", "note": "x", "number": 1, "operation": "upload", "objects": [],
    "outcome": "upheld", "place": 1, "query": "q=x", "reason": "x", "role": "viewer",
    "scopes": ["read"], "secret": "x" * 40, "sight": "private",
    "stars": 4, "tag": "x", "text": "x", "title": "x",
    "training_step": 100, "uploads": [], "version": 1, "weight": 0.7, "paths": ["README.md"],
    "ancestors": [], "steps": [], "prompt": "x", "value": 1, "channel": "stable", "take": True,
    "slug": "x", "use": "style", "hashes": ["0" * 64],
}  # fmt: skip


@pytest.fixture
def words(team):
    BaseFactory()
    return hidden.things(team)


@pytest.fixture
def stranger():
    """Return a client of who is admin of another team."""
    client = Client(raise_request_exception=False)
    client.force_login(member(TeamFactory(slug="other"), Role.ADMIN, username="eve"))
    return client


@pytest.fixture(autouse=True)
def _unhurried(settings):
    rates = dict.fromkeys(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": rates | {"sign-in": "10/min"}
    }


def told(answer, words, at=""):
    """Return what an answer says, less the words that were in the question."""
    text = said(answer).decode(errors="replace") + answer.headers.get("Location", "")
    text = text.replace(at or " ", " ")
    for name in VARIED:
        text = re.sub(rf"\b{words[name]}\b", "…", text)
    return answer.status_code, CSRF.sub("", text)


def apart(one, other):
    """Return where two answers begin to differ."""
    begin = next((at for at, (a, b) in enumerate(zip(one[1], other[1], strict=False)) if a != b), 0)
    near = slice(max(begin - 40, 0), begin + 60)
    return one[0], other[0], one[1][near], other[1][near]


def is_page(route, method):
    """Say whether it is a page, which forms alone speak to."""
    return method in {"put", "patch", "delete"} and "api/" not in route and "/lfs/" not in route


def ask(client, method, route, words):
    at = address(route, words)
    if method in {"get", "head", "delete"}:
        return getattr(client, method)(at)
    if at.startswith("/api/") or method in {"put", "patch"}:
        return getattr(client, method)(at, FIELDS, content_type="application/json")
    plain = {name: value for name, value in FIELDS.items() if isinstance(value, str | int | float)}
    return getattr(client, method)(at, plain)


@pytest.fixture
def mine(stranger):
    """Return the ids of what the stranger has: an adapter, a picture, a collection."""
    eve = User.objects.get(username="eve")
    adapter = AdapterFactory(team=Team.objects.get(slug="other"), slug="mine", created_by=eve)
    version = VersionFactory(adapter=adapter, published=True, proof="renders")
    SceneFactory(base=version.base)
    now = timezone.now()
    picture = gallery.hang(version, painted.png("mine"), by=eve, now=now)
    collection = Collection.objects.create(by=eve, title="Mine", made_at=now, changed_at=now)
    complaint = "a complaint"
    return {"mine": f"/api/adapters/other/mine/versions/{version.number}", "picture": picture.pk,
            "collection": collection.pk, "complaint": complaint}  # fmt: skip


ACROSS = {"axis": "weight", "values": [0, 1]}
NAMING = [  # what names something hidden where it is not looked for first: {hole} stands for it
    ("put", "{mine}/lineage", {"ancestors": [{"kind": "merged", "of": "ink/{name}@1"}]}),
    ("post", "{mine}/deprecate", {"reason": "x", "successor": "ink/{name}@1"}),
    ("post", "{mine}/deprecate", {"reason": "x", "successor": "ink/{name}"}),
    ("post", "{mine}/declare", {"base": "{base}"}),
    ("put", "{mine}/votes", {"weight": 0.7, "base": "{base}"}),
    ("post", "/api/requests", {"adapters": ["other/mine@1", "ink/{name}@1"], "across": ACROSS}),
    ("post", "/api/requests", {"adapters": ["other/mine@1", "ink/{name}"], "across": ACROSS}),
    ("patch", "/api/gallery/{picture}", {"made_with": [{"adapter": "ink/{name}", "version": 1}]}),
    ("put", "/api/collections/{collection}/ink/{name}", {}),
    ("delete", "/api/collections/{collection}/ink/{name}", {}),
    ("post", "/api/adapters/other/mine/comments", {"text": "x", "parent": "{comment_id}"}),
    ("post", "/api/adapters/other/mine/complaints", {"reason": "x", "comment": "{comment_id}"}),
    ("post", "/api/adapters/other/mine/complaints", {"reason": "x", "picture": "{picture_id}"}),
    ("post", "/api/adapters/other/new/versions",
     {"base": "sdxl-1-0", "uploads": [{"upload": "{upload_id}"}]}),
    ("post", "/api/uploads",
     {"team": "other", "name": "x.safetensors", "size": 1000, "sha256": "{value}"}),
    ("post", "/api/inspect",
     {"name": "x.safetensors", "size": 1000, "header": "{}", "sha256": "{value}"}),
    ("post", "/api/inspect", {"name": "x.safetensors", "size": 1000, "header": HEADER,
                              "base": "{base}"}),
    ("post", "/api/drafts", {"files": [{"name": "x", "size": 1, "upload": "{upload_id}"}]}),
    ("post", "/api/drafts", {"about": {"base": "{base}", "team": "ink", "adapter": "{name}"}}),
    ("put", "/api/account/bases", {"bases": ["{base}"]}),
    ("patch", "/api/teams/other", {"base": "{base}"}),
    ("post", "/api/teams/other/scenes", {"title": "x", "prompt": "x", "base": "{base}"}),
    ("post", "/api/bases", {"title": "x", "slug": "x", "team": "other", "parent": "{base}"}),
    ("post", "/api/searches", {"title": "x", "query": "base={base}"}),
    ("post", "/api/notifications/seen", {"ids": [1, 2, 3, 4]}),
    ("post", "/api/by-hash", {"hashes": ["{value}"]}),
    ("get", "/api/by-hash/{value}", {}),
    ("get", "/api/adapters?base={base}", {}),
    ("get", "/api/adapters?hash={value}", {}),
    ("get", "/api/facets?base={base}", {}),
    ("get", "/api/changes?base={base}", {}),
    ("get", "/api/compare?a=other/mine@1&b=ink/{name}@1", {}),
    ("get", "/api/compare/several?adapters=other/mine@1,ink/{name}@1", {}),
    ("get", "/api/compare/layers?adapters=other/mine@1,ink/{name}@1", {}),
    ("get", "{mine}/previews/sheet?grid={grid}", {}),
    ("get", "{mine}/previews?grid={grid}", {}),
    ("get", "{mine}/download?file={value}", {}),
    ("get", "{mine}/layouts/{preparation_id}", {}),
    ("get", "/compare?adapters=ink/{name}@1", {}),
    ("get", "/compare/ask?adapters=other/mine@1&adapters=ink/{name}@1", {}),
    ("get", "/compare/asked?requests={request_id}", {}),
    ("get", "/upload?draft={draft_id}", {}),
    ("get", "/upload?adapter=ink/{name}", {}),
    ("get", "/?base={base}", {}),
    ("get", "/?base={child}", {}),
    ("get", "/api/facets?base={child}", {}),
    ("put", "/api/account/bases", {"bases": ["{child}"]}),
    ("get", "/?q={name}", {}),
    ("get", "/api/v1/models?query={name}", {}),
    ("get", "/api/v1/models?ids={serial}", {}),
    ("get", "/api/v1/images?modelVersionId={serial}", {}),
    ("get", "/api/v1/model-versions/by-hash/{value}", {}),
    ("post", "/api/v1/model-versions/by-hash", ["{value}"]),
    ("post", "/api/v1/model-versions/by-hash/ids", ["{value}"]),
    ("get", "/api/models?search={name}", {}),
    ("get", "/api/models?filter=base_model:{base}", {}),
    ("get", "/ink/{name}/resolve/main/README.md", {}),
]  # fmt: skip


def filled(told, words):
    """Return a body with the words in the place of their holes."""
    if isinstance(told, dict):
        return {name: filled(each, words) for name, each in told.items()}
    if isinstance(told, list):
        return [filled(each, words) for each in told]
    named = re.fullmatch(r"(.*)\{(\w+)\}(.*)", str(told), re.DOTALL)
    return f"{named[1]}{words[named[2]]}{named[3]}" if named else told


@pytest.mark.parametrize(("method", "at", "body"), NAMING)
def test_naming_what_is_hidden_is_answered_like_naming_nothing(
    method, at, body, words, stranger, mine
):
    answers = []
    for each in (words, hidden.made_up(words)):
        with transaction.atomic():
            told_of = filled(body, each)
            more = {"data": told_of, "content_type": "application/json"} if body else {}
            answer = getattr(stranger, method)(at.format(**mine, **each), **more)
            answers.append(told(answer, each))
            transaction.set_rollback(True)

    assert DIGITS.sub("…", answers[0][1]) == DIGITS.sub("…", answers[1][1])
    assert answers[0][0] == answers[1][0] < 500


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
def test_what_is_hidden_is_answered_like_what_is_not_there(method, words, stranger):
    others = hidden.made_up(words)
    different = []
    for route in ROUTES:
        if address(route, words) == address(route, others) or is_page(route, method):
            continue
        answers = []
        for each in (words, others):
            with transaction.atomic():
                answers.append(told(ask(stranger, method, route, each), each, address(route, each)))
                transaction.set_rollback(True)
        if answers[0] != answers[1]:
            different.append((route, *apart(*answers)))

    assert different == []
