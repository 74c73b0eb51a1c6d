"""What is refused at Civitai's door, and in which words."""

from __future__ import annotations

import json

import pytest

from registry.bases import labels
from registry.models import Scope
from tests.factories import VersionFactory, member, token
from tests.hub.civitai import schemas

pytestmark = pytest.mark.django_db

UNSEEN = ("ready", "rejected", "withdrawn")


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("models?limit=101", "limit is '101': write a whole number from 0 to 100."),
        ("models?limit=-1", "whole number"),
        ("models?limit=1e9", "whole number"),
        ("models?page=0", "page is '0'"),
        ("models?page=2&query=ink", "go on by cursor"),
        ("models?ids=1,x", "ids is 'x'"),
        ("models?ids=99999999999", "whole number from 1 to 2147483647"),
        ("models?ids=00000000000199999999999", "whole number from 1 to 2147483647"),
        ("models?ids=²", "ids is '²'"),
        ("models?types=Painting", "choose among Checkpoint"),
        ("models?sort=Best", "choose among Highest Rated"),
        ("models?period=Decade", "choose among AllTime"),
        ("models?nsfw=maybe", "write true or false"),
        ("models?allowCommercialUse=All", "choose among None"),
        ("models?query=%00", "has a character in it that no text has"),
        ("models?cursor=abc", "none of this hub's"),
        ("models?cursor=1|2|3|4", "none of this hub's"),
        ("models?cursor=1|2|00000000", "belongs to another question"),
        ("images?limit=201", "from 0 to 200"),
        ("images?nsfw=Hard", "choose among None, Soft"),
        ("images?browsingLevel=64", "from 0 to 63"),
        ("tags?page=x", "page is 'x'"),
    ],
)
def test_what_cannot_be_read_is_said(api, path, says):
    answer = api.get(f"/api/v1/{path}")
    assert answer.status_code == 400
    assert schemas.conforms(answer.json(), schemas.ERROR) == ""
    assert says in answer.json()["error"]["issues"][0]["message"]
    assert answer["Content-Type"] == "application/json"


def test_the_labels_that_clients_look_for_in_the_refusal_are_there(api):
    error = api.get("/api/v1/models?baseModels=GetModels").json()["error"]
    older = error["issues"][0]["unionErrors"][0]["issues"][0]["options"]
    newer = json.loads(error["message"])[0]["errors"][0][0]["values"]
    assert older == newer == list(labels.LABELS)


def test_a_cursor_of_another_question_is_refused(api):
    for _ in range(2):
        VersionFactory(published=True)
    cursor = api.get("/api/v1/models?limit=1").json()["metadata"]["nextCursor"]
    assert api.get("/api/v1/models", {"cursor": cursor}).status_code == 200
    assert api.get("/api/v1/models", {"cursor": cursor, "sort": "Oldest"}).status_code == 400
    assert api.get("/api/v1/models", {"cursor": cursor, "tag": "ink"}).status_code == 400
    far = f"9{'9' * 18}|1|{cursor.rpartition('|')[2]}"
    assert api.get("/api/v1/models", {"cursor": far}).status_code == 400


def test_pages_do_not_reach_for_ever(api):
    answer = api.get("/api/v1/models?page=11&limit=100")
    assert answer.status_code == 429
    assert "nextCursor" in answer.json()["error"]


@pytest.mark.parametrize("state", UNSEEN)
def test_what_is_not_published_looks_missing(api, state):
    version = VersionFactory(**{state: True})
    api.force_authenticate(member(version.adapter.team, "admin"))
    for path in (
        f"models/{version.adapter.serial}",
        f"model-versions/{version.serial}",
        f"model-versions/mini/{version.serial}",
        f"model-versions/by-hash/{version.sha256}",
    ):
        answer = api.get(f"/api/v1/{path}")
        assert answer.status_code == 404
        assert "not found" in answer.json()["error"]
    assert api.get("/api/v1/models").json()["items"] == []
    assert api.post("/api/v1/model-versions/by-hash", [version.sha256]).json() == []
    assert api.post("/api/v1/model-versions/by-hash/ids", [version.sha256]).json() == []


@pytest.mark.parametrize(
    "path", ["models/999999", "models/99999999999999999999", "model-versions/0", "vault/get", "x"]
)
def test_what_is_not_there_is_missing(api, path):
    answer = api.get(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert "ot found" in answer.json()["error"]


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("by-hash", [f"{n:064x}" for n in range(101)], "send 100 at most"),
        ("by-hash", [f"{n:064x}" for n in range(100_000)], "Or 10000 at"),
        ("by-hash/ids", [f"{n:064x}" for n in range(100_000)], "send 10000 at most"),
        ("by-hash", ["abc"], "'abc' is no sha256"),
        ("by-hash", [7], "'7' is no sha256"),
        ("by-hash", [["0" * 64]], "is no sha256"),
        ("by-hash", {"hashes": []}, "Send a list of hashes"),
    ],
    ids=["101", "100,000", "100,000 for ids", "short", "a number", "a list", "no list"],
)
def test_lists_of_hashes_are_bounded(api, path, body, says):
    answer = api.post(f"/api/v1/model-versions/{path}", body)
    assert answer.status_code == 400
    assert says in answer.json()["error"]["issues"][0]["message"]


def test_broken_json_is_refused(api):
    answer = api.post("/api/v1/model-versions/by-hash", data='["', content_type="application/json")
    assert answer.status_code == 400
    assert "JSON" in answer.json()["error"]


class TestWhoAsks:
    @pytest.mark.parametrize("path", ["models", "images", "tags", "creators", "enums"])
    def test_a_closed_hub_wants_a_token(self, api, settings, ink_wash, path):
        settings.READ_NEEDS_SIGN_IN = True
        secret = token(member(ink_wash.adapter.team), Scope.READ)
        refused = api.get(f"/api/v1/{path}")
        assert refused.status_code == 401
        assert refused.json()["error"] == "Unauthorized"
        assert refused.json()["message"]
        assert api.get(f"/api/v1/{path}", {"token": secret}).status_code == 200
        bearer = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
        assert api.get(f"/api/v1/{path}", **bearer).status_code == 200

    def test_a_token_to_read_with_may_send_hashes(self, api, settings, ink_wash):
        settings.READ_NEEDS_SIGN_IN = True
        secret = token(member(ink_wash.adapter.team), Scope.READ)
        at = "/api/v1/model-versions/by-hash"
        assert api.post(at, [ink_wash.sha256]).status_code == 401
        answer = api.post(at, [ink_wash.sha256], HTTP_AUTHORIZATION=f"Bearer {secret}")
        assert len(answer.json()) == 1

    def test_a_wrong_token_is_refused_even_where_none_is_needed(self, api, ink_wash):
        answer = api.get("/api/v1/models", HTTP_AUTHORIZATION="Bearer ldx_wrong")
        assert answer.status_code == 401
        assert "make a new one" in answer.json()["message"]

    def test_nobody_is_a_stranger(self, api):
        assert api.get("/api/v1/me").status_code == 401

    def test_pages_of_other_sites_may_ask(self, api, ink_wash):
        at = f"/api/v1/model-versions/by-hash/{ink_wash.sha256}"
        assert api.get(at)["Access-Control-Allow-Origin"] == "*"
        assert api.get("/api/v1/models/0")["Access-Control-Allow-Origin"] == "*"
        preflight = api.options(at)
        assert preflight.status_code == 204
        assert "Authorization" in preflight["Access-Control-Allow-Headers"]
