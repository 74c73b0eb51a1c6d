from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from registry.models import DownloadCount
from registry.queries.files import MOST_HASHES
from tests.factories import AdapterFactory, TeamFactory, VersionFactory, member

pytestmark = pytest.mark.django_db


class TestByHashes:
    def test_finds_every_spelling_in_one_query(self, api, django_assert_num_queries):
        version = VersionFactory(published=True)
        blob = version.files.get().blob
        spellings = [blob.sha256.upper(), blob.sha256[:10], blob.autov3, blob.crc32, blob.blake3]

        with django_assert_num_queries(1):
            answer = api.post("/api/by-hash", {"hashes": [*spellings, "f" * 64]})

        assert [row["hash"] for row in answer.json()["items"]] == spellings
        assert {row["sha256"] for row in answer.json()["items"]} == {version.sha256}
        assert answer.json()["unknown"] == ["f" * 64]
        assert api.get(answer.json()["items"][0]["url"]).status_code == 200

    def test_shows_strangers_only_what_is_public(self, api):
        mine = VersionFactory(ready=True)
        assert api.post("/api/by-hash", {"hashes": [mine.sha256]}).json()["items"] == []
        api.force_authenticate(member(mine.adapter.team, "viewer"))
        [row] = api.post("/api/by-hash", {"hashes": [mine.sha256]}).json()["items"]
        assert row["state"] == "ready"

    def test_takes_as_many_as_it_says(self, api):
        hashes = [f"{n:064x}" for n in range(MOST_HASHES)]
        answer = api.post("/api/by-hash", {"hashes": hashes})
        assert answer.status_code == 200
        assert len(answer.json()["unknown"]) == MOST_HASHES

    def test_refuses_a_hundred_thousand_and_says_how_many_it_takes(self, api):
        answer = api.post("/api/by-hash", {"hashes": [f"{n:064x}" for n in range(100_000)]})
        assert answer.status_code == 413
        assert answer.json()["code"] == "too-many-hashes"
        assert "At most 10,000 hashes" in answer.json()["detail"]

    def test_is_closed_where_the_hub_is(self, api, settings):
        settings.READ_NEEDS_SIGN_IN = True
        assert api.post("/api/by-hash", {"hashes": []}).status_code == 401


class TestCompare:
    def test_says_what_differs_and_what_is_shared(self, api):
        ink = AdapterFactory(slug="ink", team=TeamFactory(slug="studio"))
        VersionFactory(adapter=ink, published=True, trigger_words=["a", "b"], training={"steps": 9})
        newer = VersionFactory(adapter=ink, published=True, trigger_words=["b", "c"])
        newer.files.update(rank_high=32)

        shown = api.get("/api/compare?a=studio/ink@1&b=studio/ink").json()

        assert (shown["a"]["version"], shown["b"]["version"]) == (1, 2)
        assert shown["trigger_words"] == {"both": ["b"], "only_a": ["a"], "only_b": ["c"]}
        assert shown["training"] == [{"fact": "steps", "a": 9, "b": None}]
        assert {"fact": "rank_high", "a": 4, "b": 32} in shown["file"]
        assert shown["likeness"]["same_bytes"] is False

    def test_shows_the_norms_of_each_part(self, api):
        version = VersionFactory(published=True, adapter__slug="x", adapter__team__slug="studio")
        blob = version.files.get().blob
        blob.change_signature = {"unet": {"norm": 5.0, "layers": [4.0, 3.0]}}
        blob.save()
        [part] = api.get("/api/compare?a=studio/x@1&b=studio/x").json()["likeness"]["parts"]
        assert (part["part"], part["norm_a"], part["layer_norms_b"]) == ("unet", 5.0, [4.0, 3.0])

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("a=ink&b=ink/x", 400),
            ("b=ink/x", 400),
            ("a=ink/nothing@1&b=ink/nothing@2", 404),
            ("a=ink/x@99999999999999999999&b=ink/x", 400),
        ],
    )
    def test_refuses(self, api, query, status):
        assert api.get(f"/api/compare?{query}").status_code == status

    def test_a_private_one_is_not_there(self, api):
        VersionFactory(ready=True, adapter__slug="x", adapter__team__slug="studio")
        assert api.get("/api/compare?a=studio/x@1&b=studio/x@1").status_code == 404


class TestStatistics:
    def test_count_what_is_published(self, api):
        VersionFactory(published=True, downloads=5, adapter__kind="style")
        VersionFactory(ready=True)
        counted = api.get("/api/statistics").json()
        assert (counted["adapters"], counted["versions"], counted["downloads"]) == (1, 1, 5)
        assert counted["by_kind"] == [{"name": "style", "adapters": 1, "downloads": 5}]

    def test_of_an_adapter_leave_out_what_is_not_public(self, api):
        ink = AdapterFactory(slug="ink", team=TeamFactory(slug="studio"))
        VersionFactory(adapter=ink, published=True, downloads=2)
        VersionFactory(adapter=ink, withdrawn=True, downloads=3)
        VersionFactory(adapter=ink, ready=True, downloads=9)
        counted = api.get("/api/adapters/studio/ink/statistics").json()
        assert counted["downloads"] == 5
        assert [row["version"] for row in counted["versions"]] == [2, 1]


class TestDays:
    AT = "/api/adapters/studio/ink/statistics"

    @pytest.fixture
    def today(self, monkeypatch):
        now = datetime(2026, 11, 29, 23, 30, tzinfo=timezone(timedelta(hours=-5)))  # the 30th
        monkeypatch.setattr("hub.api.facts.timezone.now", lambda: now)
        return date(2026, 11, 30)

    @pytest.fixture
    def ink(self, today):
        ink = AdapterFactory(slug="ink", team=TeamFactory(slug="studio"))
        first = VersionFactory(adapter=ink, withdrawn=True)
        second = VersionFactory(adapter=ink, published=True)
        for version, ago, client, fetched in (
            *((first, 0, "hub", 2), (first, 0, "civitai", 1), (first, 89, "browser", 5)),
            *((second, 0, "hub", 7), (second, 90, "other", 100)),
            (VersionFactory(adapter=ink, ready=True), 0, "hub", 1000),
            (VersionFactory(published=True, adapter__team=ink.team), 0, "hub", 10000),
        ):
            day = today - timedelta(days=ago)
            DownloadCount.objects.create(version=version, day=day, client=client, downloads=fetched)
        return ink

    def test_every_one_of_the_last_ninety_has_a_row(self, api, ink):
        told = api.get(self.AT).json()

        assert (told["first"], told["last"]) == ("2026-09-02", "2026-11-30")
        assert len(told["daily"]) == 90
        assert told["daily"][-1] == {
            "day": "2026-11-30", "downloads": 10,
            "clients": {"hub": 9, "loradex": 0, "civitai": 1, "browser": 0, "other": 0},
        }  # fmt: skip
        assert told["daily"][0]["clients"]["browser"] == 5
        assert {row["downloads"] for row in told["daily"][1:-1]} == {0}
        assert sum(told["clients"].values()) == 15

    def test_fewer_of_one_version_may_be_asked_for(self, api, ink):
        told = api.get(self.AT, {"days": 7, "version": 2}).json()

        assert [row["downloads"] for row in told["daily"]] == [0, 0, 0, 0, 0, 0, 7]

    def test_what_is_not_public_has_none(self, api, ink):
        told = api.get(self.AT, {"version": 3}).json()
        assert sum(row["downloads"] for row in told["daily"]) == 0

    @pytest.mark.parametrize(
        "days", ["0", "367", "-1", "x", "\N{ARABIC-INDIC DIGIT FIVE}", "9" * 5000, "0000000000007"]
    )
    def test_no_other_number_is_taken(self, api, ink, days):
        answer = api.get(self.AT, {"days": days})
        assert answer.status_code == 400
        assert "from 1 to 366" in answer.json()["detail"]

    def test_they_cost_one_query_more(self, api, ink, django_assert_max_num_queries):
        with django_assert_max_num_queries(6):
            api.get(self.AT)
