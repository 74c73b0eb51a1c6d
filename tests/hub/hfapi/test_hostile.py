"""Nonsense at this door: whatever is asked, the answer is a refusal in a sentence, and no fault."""

from __future__ import annotations

import random

import pytest
from django.utils.http import urlencode

from tests.factories import AdapterFactory, VersionFactory, sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
WORDS = (
    "", ".", "..", "%00", "%2F", "%2f%2e%2e", "a" * 300, "狐", "%FF%FE", "main", "v1", "v0",
    "v99999999999999999999", "-1", "0" * 40, "refs%2Fpr%2F1", "refs", "heads", "README.md",
    "images", "%F0%9F%98%80", "'", '"', "<script>", "\\", "?", "#", "{}", "ink", "wash", "%0A", "@",
)  # fmt: skip
PLACES = (
    "/ink/wash/resolve/{}/{}", "/ink/{}/resolve/main/{}", "/{}/wash/resolve/v1/{}",
    "/models/ink/wash/resolve/{}/{}", "/ink/wash/raw/{}/{}", "/{}/resolve/{}/x",
    "/api/models/{}/{}", "/api/models/ink/wash/revision/{}{}", "/api/models/ink/wash/tree/{}/{}",
    "/api/models/ink/wash/commits/{}{}", "/api/models/ink/{}/refs{}", "/api/datasets/{}/{}",
)  # fmt: skip
FIELDS = (
    "filter", "search", "author", "sort", "direction", "limit", "cursor", "expand", "full",
    "recursive", "blobs", "pipeline_tag", "gated",
)  # fmt: skip
HEADERS = (
    {}, {"HTTP_RANGE": "bytes=5-2"}, {"HTTP_RANGE": "bytes=-0"}, {"HTTP_RANGE": "lines=1-2"},
    {"HTTP_IF_NONE_MATCH": "\xff"}, {"HTTP_AUTHORIZATION": "Bearer"},
    {"HTTP_AUTHORIZATION": "Bearer \xe9"}, {"HTTP_AUTHORIZATION": "Basic eDp5"},
    {"HTTP_ACCEPT": "image/png"}, {"HTTP_IF_RANGE": "x", "HTTP_RANGE": "bytes=0-"},
)  # fmt: skip


@pytest.fixture
def _wash(team, blob_root):
    adapter = AdapterFactory(team=team, slug="wash")
    sweep(VersionFactory(adapter=adapter, published=True, label="a/b"))


@pytest.mark.usefixtures("_wash")
class TestNonsense:
    @pytest.mark.parametrize("place", PLACES)
    def test_in_addresses_is_no_fault(self, api, place):
        drawn = random.Random(place)
        for _ in range(25):
            address = place.format(drawn.choice(WORDS), drawn.choice(WORDS))
            query = urlencode({drawn.choice(FIELDS): drawn.choice(WORDS)})
            ask = drawn.choice([api.get, api.head])
            answer = ask(f"{address}?{query}", **drawn.choice(HEADERS))

            assert answer.status_code < 500, address
            if answer.status_code in {400, 401, 404} and "x-error-message" in answer.headers:
                assert answer["X-Error-Message"].isascii()

    def test_in_lists_is_no_fault(self, api):
        drawn = random.Random(0)
        for _ in range(120):
            fields = {drawn.choice(FIELDS): drawn.choice(WORDS) for _ in range(3)}
            query = "&".join(f"{name}={value}" for name, value in fields.items())

            assert api.get(f"/api/models?{query}").status_code < 500, query

    @pytest.mark.parametrize(
        "content",
        [b"", b"paths=", b"paths=%00", b"paths=a&paths=b", b"\xff\xfe", b"x" * 5000, b"expand=1"],
    )
    @pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json"])
    def test_in_forms_is_no_fault(self, api, content, kind):
        address = "/api/models/ink/wash/paths-info/main"

        assert api.post(address, content, content_type=kind).status_code < 500

    @pytest.mark.parametrize("data", [[], {}, "x", 1, None, {"paths": [1]}, {"paths": {"a": 1}}])
    def test_in_json_is_no_fault(self, api, data):
        answer = api.post("/api/models/ink/wash/paths-info/main", data, format="json")

        assert answer.status_code == 400

    def test_a_label_with_a_slash_is_a_revision_all_the_same(self, api):
        assert api.head("/ink/wash/resolve/a%2Fb/README.md").status_code == 200
        assert api.get("/api/models/ink/wash/tree/a%2Fb/images").status_code == 200
