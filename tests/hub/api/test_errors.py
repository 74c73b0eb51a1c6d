from __future__ import annotations

import inspect

import pytest
from rest_framework.exceptions import Throttled

from hub.api.errors import STATUS_OF, TITLE_OF, status_of, to_response
from registry import errors

REFUSALS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.RegistryError)
]


@pytest.mark.parametrize("kind", REFUSALS, ids=lambda kind: kind.__name__)
def test_every_refusal_has_a_status_and_a_sentence(kind):
    answer = to_response(kind("Say why."), {})
    assert answer.status_code in TITLE_OF
    more = {"missing": []} if kind is errors.PolicyUnmet else {}
    assert answer.data == more | {
        "type": f"urn:loradex:problem:{kind.code}",
        "title": TITLE_OF[answer.status_code],
        "status": answer.status_code,
        "code": kind.code,
        "detail": "Say why.",
    }
    assert answer.content_type == "application/problem+json"


def test_the_nearest_kind_decides():
    assert status_of(errors.DuplicateUpload("x")) == 409
    assert status_of(errors.UploadRefused("x")) == 422
    assert status_of(errors.LeaseLost("x")) == STATUS_OF[errors.WrongState]


def test_a_bug_is_left_to_crash():
    assert to_response(KeyError("oops"), {}) is None


def test_a_wait_is_told():
    assert to_response(Throttled(wait=4.2), {})["Retry-After"] == "5"


@pytest.mark.django_db
class TestOverTheWire:
    def test_an_address_of_nothing(self, api):
        answer = api.get("/api/nothing/here")
        assert answer.status_code == 404
        assert answer.json()["detail"].startswith("There is nothing at /api/nothing/here")

    def test_a_method_that_is_not_there(self, api, contributor):
        api.force_authenticate(contributor)
        answer = api.delete("/api/adapters")
        assert answer.status_code == 405
        assert answer.json()["code"] == "method-not-allowed"

    def test_a_refusal_speaks_the_language_that_is_asked_for(self, api):
        told = api.get("/api/adapters/ink/zebra", headers={"Accept-Language": "zh-CN"}).json()

        assert told["code"] == "not-found"
        assert told["detail"] == "没有名为 ink/zebra 的适配器。"

    def test_text_that_is_no_json(self, api, contributor):
        api.force_authenticate(contributor)
        answer = api.post("/api/uploads", "{", content_type="application/json")
        assert answer.status_code == 400
        assert answer.json()["code"] == "malformed"

    def test_a_body_of_another_kind(self, api, contributor):
        api.force_authenticate(contributor)
        answer = api.post("/api/uploads", "a=b", content_type="text/plain")
        assert answer.status_code == 415

    @pytest.mark.parametrize(
        "path", ["adapters/ink/a%00b", "bases/a%00b", "by-hash/a%00b", "previews/a%00b.webp"]
    )
    def test_a_name_that_no_database_takes(self, api, path):
        assert api.get(f"/api/{path}").status_code == 404
