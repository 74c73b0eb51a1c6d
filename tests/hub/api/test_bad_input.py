"""What people and programs get wrong: one row each, with the status, the code and the sentence."""

from __future__ import annotations

import pytest

from tests.factories import BaseFactory, VersionFactory, token

pytestmark = pytest.mark.django_db

WASH = "/api/adapters/ink/wash"
UPLOAD = {"team": "ink", "name": "x.safetensors", "size": 9, "sha256": "0" * 64}
VERSION = {"base": "sdxl-1-0", "uploads": [{"upload": "00000000-0000-0000-0000-000000000000"}]}
BASE = {"team": "ink", "slug": "sdxl-1-0", "title": "Mine", "parent": "sdxl-1-0"}

# what is wrong → method, address, body, headers, status, code, a piece of the sentence
ROWS = {
    "a token that is wrong": (
        *("GET", "/api/adapters", None, {"Authorization": "Bearer ldx_wrong"}),
        *(401, "not-signed-in", "unknown, revoked or expired"),
    ),
    "no token for a write": (
        *("POST", "/api/uploads", UPLOAD, {"Authorization": ""}),
        *(401, "not-signed-in", ""),
    ),
    "an adapter that is private": (
        *("GET", "/api/adapters/other/secret", None, {}),
        *(404, "not-found", "no adapter called other/secret"),
    ),
    "an adapter that is not there": (
        *("GET", "/api/adapters/other/nothing", None, {}),
        *(404, "not-found", "no adapter called other/nothing"),
    ),
    "a version that is private": (
        *("GET", "/api/adapters/other/secret/versions/1/download", None, {}),
        *(404, "not-found", "no version 1 of other/secret"),
    ),
    "a cursor of another question": (
        *("GET", "{next}&kind=voice", None, {}),
        *(400, "cursor-of-another-query", "belongs to another question"),
    ),
    "a cursor of nobody's": (
        *("GET", "/api/adapters?cursor=abc", None, {}),
        *(400, "unknown-cursor", "not one that this hub gave out"),
    ),
    "a filter misspelt": (
        *("GET", "/api/adapters?bsae=sdxl", None, {}),
        *(400, "unknown-parameter", "no parameter “bsae”"),
    ),
    "too many hashes": (
        *("POST", "/api/by-hash", {"hashes": ["0"] * 100_000}, {}),
        *(413, "too-many-hashes", "At most 10,000 hashes"),
    ),
    "a key of another request": (
        *("POST", "/api/uploads", UPLOAD | {"size": 10}, {"Idempotency-Key": "taken"}),
        *(422, "idempotency-key-reused", "belongs to another request"),
    ),
    "a name that no address takes": (
        *("POST", "/api/adapters/ink/UPPER%20case/versions", VERSION, {}),
        *(404, "not-found", ""),  # the upload is sought first
    ),
    "a base's name that is taken": (
        *("POST", "/api/bases", BASE, {}),
        *(409, "base.name-taken", "sdxl-1-0"),
    ),
    "a team that is not there": (
        *("POST", "/api/uploads", UPLOAD | {"team": "nobody"}, {}),
        *(404, "not-found", "no team called 'nobody'"),
    ),
    "a title that is empty": (
        *("PATCH", "/api/adapters/ink/wash", {"title": ""}, {}),
        *(400, "invalid", "title"),
    ),
    "no bytes": (*("POST", "/api/uploads", UPLOAD | {"size": 0}, {}), *(422, "empty-file", "")),
    "a hash that is none": (
        *("POST", "/api/uploads", UPLOAD | {"sha256": "xyz"}, {}),
        *(422, "upload-refused", "64 hexadecimal digits"),
    ),
    "no JSON": (
        *("POST", "/api/uploads", "{", {"Content-Type": "application/json"}),
        *(400, "malformed", ""),
    ),
    "a method that is not there": (
        *("DELETE", "/api/statistics", None, {}),
        *(405, "method-not-allowed", ""),
    ),
}


@pytest.fixture
def asked(api, contributor):
    """Return a client that shows the contributor's token, and where the second page is."""
    base = BaseFactory()
    VersionFactory(adapter__slug="wash", adapter__team__slug="ink", base=base, published=True)
    VersionFactory(adapter__slug="more", adapter__team__slug="ink", base=base, published=True)
    VersionFactory(adapter__slug="secret", adapter__team__slug="other", base=base, ready=True)
    bearer = f"Bearer {token(contributor)}"
    taken = {"HTTP_IDEMPOTENCY_KEY": "taken", "HTTP_AUTHORIZATION": bearer}
    assert api.post("/api/uploads", UPLOAD, **taken).status_code == 201
    return bearer, api.get("/api/adapters?limit=1").json()["next"]


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_is_refused_with_the_right_status_code_and_sentence(api, asked, row):
    method, address, body, headers, status, code, sentence = row
    bearer, following = asked
    told = {"Authorization": bearer} | headers
    kind = {"content_type": told.pop("Content-Type")} if "Content-Type" in told else {}
    ask = getattr(api, method.lower())

    answer = ask(address.format(next=following), body, headers=told, **kind)

    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert answer.json()["status"] == status
    assert sentence in answer.json()["detail"]


def test_private_and_missing_are_told_apart_by_nothing(api, asked):
    private = api.get("/api/adapters/other/secret").json()
    missing = api.get("/api/adapters/other/nothing").json()
    assert private | {"detail": ""} == missing | {"detail": ""}


def test_a_range_beyond_the_file(api, asked):
    answer = api.get(f"{WASH}/download", HTTP_RANGE="bytes=99999999999-")
    assert answer.status_code == 416
    assert answer["Content-Range"].startswith("bytes */")


def test_a_range_that_is_none_is_no_range(api, asked):
    assert api.get(f"{WASH}/download", HTTP_RANGE="nonsense").status_code == 200


def test_a_title_in_any_script_is_kept_under_an_ascii_name(api, asked):
    bearer, _ = asked
    told = {"title": "水墨 Ökonomie"}
    answer = api.patch(WASH, told, headers={"Authorization": bearer})
    assert (answer.json()["name"], answer.json()["title"]) == ("wash", "水墨 Ökonomie")
