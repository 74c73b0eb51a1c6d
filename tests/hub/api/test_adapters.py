from __future__ import annotations

import json

import pytest
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from hub.api.shapes.adapters import AdapterPage, ListedAdapter
from registry.queries import versions
from registry.services import publishing
from tests.factories import (
    AdapterFactory,
    BaseFactory,
    FileFactory,
    TeamFactory,
    VersionFactory,
    member,
    sweep,
)

pytestmark = pytest.mark.django_db


def names(answer):
    assert answer.status_code == 200, answer.content
    return [row["name"] for row in answer.json()["items"]]


class TestList:
    def test_gives_all_that_a_runtime_needs(self, api):
        ink = AdapterFactory(slug="ink-wash", title="Ink wash", tags=["ink"], team__slug="studio")
        version = VersionFactory(
            adapter=ink, published=True, measured_low=0.4, measured_high=1.0, measured_best=0.8
        )
        sweep(version)

        [row] = api.get("/api/adapters").json()["items"]

        assert row["team"] == "studio"
        assert row["name"] == "ink-wash"
        assert row["title"] == "Ink wash"
        assert row["tags"] == ["ink"]
        assert row["base"] == "sdxl-1-0"
        assert row["family"] == "sdxl"
        assert row["version"] == 1
        assert row["trigger_words"] == ["inkwash"]
        assert row["weight"]["low"] == 0.4
        assert row["weight"]["default"] == 0.8
        assert row["sha256"] == version.sha256
        assert row["size"] == version.files.get().size
        assert row["file_name"] == f"ink-wash-v1-{version.sha256[:8]}.safetensors"
        assert row["proof"] == "fits"
        assert row["download_url"].endswith("/api/adapters/studio/ink-wash/versions/1/download")
        assert "/api/previews/" in row["preview_url"]
        assert row["page_url"] == "http://testserver/studio/ink-wash?version=1"

    def test_has_the_shape_that_is_described(self, api):
        sweep(VersionFactory(published=True))

        page = api.get("/api/adapters").json()

        described = AdapterPage(data=page)
        assert set(page) == set(described.fields)
        [row] = page["items"]
        assert set(row) == set(described.fields["items"].child.fields)

    @pytest.mark.parametrize("claimed", [None, 0.5, 1.2])
    def test_writes_rows_as_they_are_described(self, api, rf, claimed):
        version = VersionFactory(
            published=True, weight_default=claimed, measured_low=0.2, measured_best=0.6
        )
        sweep(version)
        FileFactory(version=version, role="config", name="adapter_config.json", blob=None)

        [row] = api.get("/api/adapters").json()["items"]

        request = Request(rf.get("/api/adapters"))
        same = versions.latest(version.adapter.team.slug, version.adapter.slug)
        described = ListedAdapter(same, context={"request": request}).data
        assert row == json.loads(JSONRenderer().render(described))

    def test_shows_only_what_is_published(self, api):
        for state in ("ready", "rejected", "withdrawn"):
            VersionFactory(**{state: True})
        VersionFactory()
        assert names(api.get("/api/adapters")) == []

    @pytest.mark.parametrize("word", ["sdxl-1-0", "sdxl", "SDXL", "stabilityai/sdxl", "pony"])
    def test_narrows_by_any_name_of_a_base(self, api, word):
        sdxl = BaseFactory(slug="sdxl-1-0", family="sdxl", aliases=["stabilityai/sdxl"])
        pony = BaseFactory(slug="pony-6", family="sdxl", aliases=["pony"], parent=sdxl)
        VersionFactory(adapter__slug="for-pony", base=pony, published=True)
        flux = BaseFactory(slug="flux-1", family="flux1")
        VersionFactory(adapter__slug="for-flux", base=flux, published=True)

        assert names(api.get("/api/adapters", {"base": word})) == ["for-pony"]

    def test_knows_no_adapter_for_a_base_that_nobody_knows(self, api):
        VersionFactory(published=True)
        assert names(api.get("/api/adapters", {"base": "nothing-like-it"})) == []

    @pytest.mark.parametrize(
        "query",
        [{"kind": "character"}, {"tag": "ink"}, {"team": "studio"}, {"q": "brush strokes"}],
        ids=lambda query: next(iter(query)),
    )
    def test_narrows_by(self, api, query):
        wanted = AdapterFactory(
            slug="wanted",
            kind="character",
            tags=["ink"],
            team__slug="studio",
            description="Long brush strokes.",
        )
        VersionFactory(adapter=wanted, published=True)
        VersionFactory(published=True)

        assert names(api.get("/api/adapters", query)) == ["wanted"]

    def test_shows_an_adapter_once_by_its_newest_version(self, api):
        ink = AdapterFactory()
        VersionFactory(adapter=ink, published=True)
        VersionFactory(adapter=ink, published=True)
        [row] = api.get("/api/adapters").json()["items"]
        assert row["version"] == 2

    def test_gives_every_adapter_once_over_pages(self, api):
        for index in range(7):
            VersionFactory(adapter__slug=f"no-{index}", published=True)

        seen, address = [], "/api/adapters?limit=3&q=no"
        for _ in range(3):
            page = api.get(address).json()
            seen += [row["name"] for row in page["items"]]
            address = page["next"]

        assert address is None
        assert seen == [f"no-{index}" for index in reversed(range(7))]

    def test_links_to_the_next_page(self, api):
        VersionFactory.create_batch(2, published=True)
        answer = api.get("/api/adapters?limit=1")
        assert answer["Link"] == f'<{answer.json()["next"]}>; rel="next"'

    @pytest.mark.parametrize(
        ("query", "code"),
        [
            ({"cursor": "nonsense"}, "unknown-cursor"),
            ({"limit": 0}, "invalid"),
            ({"limit": 101}, "invalid"),
            ({"limit": "many"}, "invalid"),
            ({"bsae": "sdxl"}, "unknown-parameter"),
            ({"fields": "name,colour"}, "unknown-field"),
            ({"rank_max": "many"}, "invalid"),
        ],
        ids=[
            *("a cursor of nobody's", "no rows", "too many rows", "not a number"),
            *("a name misspelled", "a field of nothing", "a value that cannot be read"),
        ],
    )
    def test_refuses(self, api, query, code):
        answer = api.get("/api/adapters", query)
        assert answer.status_code == 400
        assert answer.json()["code"] == code

    def test_goes_back_as_well_and_keeps_the_question(self, api):
        VersionFactory.create_batch(3, published=True)
        first = api.get("/api/adapters?limit=1&tags_not=a&tags_not=b").json()
        second = api.get(first["next"])

        previous = second.json()["previous"]

        assert "tags_not=a&tags_not=b" in previous
        assert f'<{previous}>; rel="previous"' in second["Link"]
        again = api.get(previous).json()
        assert again["items"] == first["items"]
        assert again["previous"] is None

    def test_gives_only_the_fields_that_are_asked_for(self, api, django_assert_num_queries):
        sweep(VersionFactory(published=True, adapter__slug="ink"))
        with django_assert_num_queries(3) as asked:
            answer = api.get("/api/adapters?fields=name,version")
        assert answer.json()["items"] == [{"name": "ink", "version": 1}]
        assert "previewcell" not in asked[-1]["sql"]

    def test_lists_a_members_own_that_are_not_published(self, api):
        mine = VersionFactory(ready=True, adapter__slug="mine")
        assert api.get("/api/adapters?state=ready").status_code == 403
        api.force_authenticate(member(mine.adapter.team, "viewer"))
        assert names(api.get("/api/adapters?state=ready")) == ["mine"]

    @pytest.mark.parametrize("rows", [1, 12])
    def test_asks_the_database_as_often_for_many_as_for_one(
        self, api, django_assert_num_queries, rows
    ):
        for version in VersionFactory.create_batch(rows, published=True):
            sweep(version)
        # the revision, and the rows
        with django_assert_num_queries(3):
            api.get("/api/adapters")


class TestETag:
    def test_spares_an_answer_that_has_not_changed(self, api, django_assert_num_queries):
        VersionFactory(published=True)
        first = api.get("/api/adapters?base=sdxl")

        with django_assert_num_queries(1):
            again = api.get("/api/adapters?base=sdxl", HTTP_IF_NONE_MATCH=first["ETag"])

        assert first["ETag"].startswith('W/"')
        assert again.status_code == 304
        assert again["ETag"] == first["ETag"]

    def test_changes_when_something_is_published(self, api):
        version = VersionFactory(ready=True)
        first = api.get("/api/adapters")

        publishing.publish(version, by=member(version.adapter.team, "admin"), now=timezone.now())

        again = api.get("/api/adapters", HTTP_IF_NONE_MATCH=first["ETag"])
        assert len(names(again)) == 1

    def test_is_another_for_another_question(self, api):
        first = api.get("/api/adapters?base=sdxl")
        again = api.get("/api/adapters?base=flux1", HTTP_IF_NONE_MATCH=first["ETag"])
        assert again.status_code == 200


class TestOne:
    def test_shows_its_versions_newest_first(self, api):
        ink = AdapterFactory(slug="ink", team__slug="studio")
        VersionFactory(adapter=ink, withdrawn=True)
        VersionFactory(adapter=ink, published=True)
        VersionFactory(adapter=ink, ready=True)

        shown = api.get("/api/adapters/studio/ink").json()

        assert shown["title"] == "Ink"
        assert [one["version"] for one in shown["versions"]] == [2, 1]

    def test_shows_a_member_what_is_not_published(self, api):
        ink = AdapterFactory(slug="ink", team__slug="studio")
        VersionFactory(adapter=ink)
        api.force_authenticate(member(ink.team, "viewer"))
        assert len(api.get("/api/adapters/studio/ink").json()["versions"]) == 1

    def test_is_not_there_for_strangers_before_it_is_published(self, api):
        VersionFactory(ready=True, adapter__slug="ink", adapter__team=TeamFactory(slug="studio"))
        answer = api.get("/api/adapters/studio/ink")
        assert answer.status_code == 404
        assert answer.json()["detail"] == "There is no adapter called studio/ink."

    @pytest.mark.parametrize("versions", [1, 8])
    def test_asks_the_database_as_often_for_many_versions(
        self, api, django_assert_num_queries, versions
    ):
        ink = AdapterFactory(slug="ink", team__slug="studio")
        VersionFactory.create_batch(versions, adapter=ink, published=True)
        with django_assert_num_queries(6):
            api.get("/api/adapters/studio/ink")
