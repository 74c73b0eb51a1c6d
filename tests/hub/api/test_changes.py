from __future__ import annotations

import os
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from registry.models import Event, Role
from registry.queries.changes import Place, write_cursor
from registry.services import channels, events, labels, publishing
from tests.factories import AdapterFactory, TeamFactory, VersionFactory, member

# What is still going on is not in the feed, so nothing here may run within one transaction.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("blob_root")]
AT = "/api/changes"


@pytest.fixture
def adapter(team):
    return AdapterFactory(team=team, slug="wash")


@pytest.fixture
def reviewer(team):
    return member(team, Role.REVIEWER, username="rhea")


def begin(api):
    answer = api.get(AT)
    assert answer.status_code == 200
    assert answer.json()["items"] == []
    return answer.json()["cursor"]


def follow(api, cursor, **filters):
    answer = api.get(AT, {"since": cursor} | filters)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def told(feed):
    return [(one["change"], one["name"], one["version"]) for one in feed["items"]]


class TestFeed:
    def test_begins_with_where_it_is_and_what_to_list(self, api, adapter):
        VersionFactory(adapter=adapter, published=True)
        events.record("version.published", on=adapter.versions.get(), now=timezone.now())

        answer = api.get(AT, {"base": "sdxl-1-0"}).json()

        assert answer["items"] == []
        assert answer["full_listing"] == "http://testserver/api/adapters?base=sdxl-1-0"
        assert follow(api, answer["cursor"])["items"] == []

    def test_tells_what_was_published_moved_and_withdrawn(self, api, adapter, reviewer):
        cursor = begin(api)
        version = VersionFactory(adapter=adapter, ready=True)
        now = timezone.now()
        publishing.publish(version, by=reviewer, now=now)
        channels.move(adapter, "prod", to=version, by=reviewer, now=now, reason="Good.")
        publishing.withdraw(version, reason="Bad.", by=reviewer, now=now)

        feed = follow(api, cursor)

        assert told(feed) == [
            ("published", "wash", 1),
            ("channel-moved", "wash", 1),
            ("channel-removed", "wash", 1),
            ("withdrawn", "wash", 1),
        ]
        moved = feed["items"][1]
        assert (moved["by"], moved["channel"], moved["was"], moved["to"], moved["reason"]) == (
            "rhea",
            "prod",
            None,
            1,
            "Good.",
        )
        assert moved["url"] == "http://testserver/api/adapters/ink/wash/versions/1"
        assert follow(api, feed["cursor"])["items"] == []

    def test_tells_that_a_version_was_labelled(self, api, adapter, team):
        cursor = begin(api)
        version = VersionFactory(adapter=adapter, published=True)
        labels.put(version, "final", by=member(team), now=timezone.now())
        labels.take(adapter, "final", by=member(team), now=timezone.now())
        feed = follow(api, cursor)
        assert told(feed) == [("changed", "wash", 1)] * 2
        assert [one["was"] for one in feed["items"]] == [None, None]

    def test_comes_in_pages_that_neither_overlap_nor_leave_out(self, api, adapter):
        cursor = begin(api)
        version = VersionFactory(adapter=adapter, published=True)
        for _ in range(5):
            events.record("version.published", on=version, now=timezone.now())

        seen, more = [], True
        while more:
            feed = follow(api, cursor, limit=2)
            seen += told(feed)
            cursor, more = feed["cursor"], feed["more"]

        assert len(seen) == 5

    def test_says_304_while_nothing_has_happened(self, api, adapter):
        cursor = begin(api)
        first = api.get(AT, {"since": cursor})
        again = {"HTTP_IF_NONE_MATCH": first["ETag"]}
        assert api.get(AT, {"since": cursor}, **again).status_code == 304

        version = VersionFactory(adapter=adapter, published=True)
        events.record("version.published", on=version, now=timezone.now())

        assert api.get(AT, {"since": cursor}, **again).status_code == 200

    def test_narrows_to_a_base_a_team_or_a_channel(self, api, adapter, reviewer):
        cursor = begin(api)
        other = VersionFactory(adapter__team=TeamFactory(slug="oil"), base__slug="sd-1-5",
                               published=True)  # fmt: skip
        version = VersionFactory(adapter=adapter, published=True)
        for one in (other, version):
            events.record("version.published", on=one, now=timezone.now())
        for name in ("prod", "staging"):
            channels.move(adapter, name, to=version, by=reviewer, now=timezone.now())

        assert {one["team"] for one in follow(api, cursor, team="oil")["items"]} == {"oil"}
        assert {one["team"] for one in follow(api, cursor, base="sd-1-5")["items"]} == {"oil"}
        [moved] = follow(api, cursor, channel="prod")["items"]
        assert moved["channel"] == "prod"

    def test_asks_the_database_as_often_for_many(self, api, adapter, django_assert_max_num_queries):
        cursor = begin(api)
        version = VersionFactory(adapter=adapter, published=True)
        for _ in range(20):
            events.record("version.published", on=version, now=timezone.now())
        with django_assert_max_num_queries(5):
            assert len(follow(api, cursor)["items"]) == 20


class TestWhatIsPrivate:
    def test_is_told_to_its_team_alone(self, api, team, adapter):
        cursor = begin(api)
        VersionFactory(adapter=adapter, ready=True)
        events.record("adapter.described", on=adapter, now=timezone.now())

        assert told(follow(api, cursor)) == []
        api.force_authenticate(member(TeamFactory(slug="oil")))
        assert told(follow(api, cursor)) == []
        api.force_authenticate(member(team, Role.VIEWER))
        assert told(follow(api, cursor)) == [("changed", "wash", None)]

    def test_is_public_once_something_of_it_is(self, api, adapter):
        cursor = begin(api)
        VersionFactory(adapter=adapter, published=True)
        events.record("adapter.described", on=adapter, now=timezone.now())
        assert told(follow(api, cursor)) == [("changed", "wash", None)]

    def test_is_told_to_be_deleted_to_those_who_knew_of_it(self, api, team):
        cursor = begin(api)
        events.record("adapter.deleted", on=team, now=timezone.now(), adapter="draft")

        assert told(follow(api, cursor)) == []
        api.force_authenticate(member(team, Role.VIEWER))
        assert told(follow(api, cursor)) == [("deleted", "draft", None)]

    def test_never_tells_what_is_no_change_to_see(self, api, team, adapter):
        cursor = begin(api)
        version = VersionFactory(adapter=adapter, published=True)
        events.record("version.received", on=version, now=timezone.now())
        api.force_authenticate(member(team, Role.ADMIN))
        assert told(follow(api, cursor)) == []


class TestCursor:
    @pytest.mark.parametrize(
        "since", ["x", "WzEsMV0:abc", "1", "\0", "é", "WzAsMF0", "a" * 200], ids=repr
    )
    def test_that_is_garbage_is_refused(self, api, since):
        answer = api.get(AT, {"since": since})
        assert answer.status_code == 400

    def test_of_another_hub_is_refused(self, api, settings):
        events.record("team.founded", on=TeamFactory(), now=timezone.now())
        cursor = begin(api)
        settings.SECRET_KEY = "another hub's"
        answer = api.get(AT, {"since": cursor})
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown-cursor")
        assert "list the adapters anew" in answer.json()["detail"]

    def test_past_what_there_is_is_refused(self, api):
        answer = api.get(AT, {"since": write_cursor(Place(10, 10))})
        assert (answer.status_code, answer.json()["code"]) == (400, "unknown-cursor")

    @pytest.mark.parametrize("limit", ["0", "501", "x"])
    def test_needs_a_limit_within_bounds(self, api, limit):
        assert api.get(AT, {"since": begin(api), "limit": limit}).status_code == 400


@contextmanager
def another_connection():
    address = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    with psycopg.connect(address) as other:
        yield other


class TestWithOthersAtWork:
    """Ids come into sight out of their order, and the feed must not."""

    def test_waits_for_whoever_began_earlier(self, api, adapter):
        version = VersionFactory(adapter=adapter, published=True)
        cursor = begin(api)
        with another_connection() as other:
            other.execute(
                "INSERT INTO registry_event (at, verb, detail, adapter_id, version_id, team_id) "
                "VALUES (now(), 'version.withdrawn', '{}', %s, %s, %s)",
                [adapter.pk, version.pk, adapter.team_id],
            )
            late = events.record("version.published", on=version, now=timezone.now())
            assert Event.objects.get() == late  # the earlier one is not in sight yet

            held_up = follow(api, cursor)
            assert told(held_up) == []
            other.commit()

        both = follow(api, held_up["cursor"])
        assert [one["change"] for one in both["items"]] == ["withdrawn", "published"]

    def test_passes_over_what_was_given_up(self, api, adapter):
        version = VersionFactory(adapter=adapter, published=True)
        cursor = begin(api)
        with another_connection() as other:
            other.execute("INSERT INTO registry_event (at, verb, detail) VALUES (now(), 'x', '{}')")
            events.record("version.published", on=version, now=timezone.now())
            other.rollback()
        assert told(follow(api, cursor)) == [("published", "wash", 1)]

    def test_misses_nothing_that_many_write_at_once(self, api, adapter):
        """Eight writers commit in no order; whoever polls meanwhile sees each event once."""
        version = VersionFactory(adapter=adapter, published=True)
        cursor, seen = begin(api), []
        insert = (
            "INSERT INTO registry_event (at, verb, detail, adapter_id, version_id, team_id) "
            "VALUES (now(), 'version.published', '{}', %s, %s, %s) RETURNING id"
        )
        row = [adapter.pk, version.pk, adapter.team_id]
        address = make_conninfo(os.environ["DATABASE_URL"], dbname=connection.settings_dict["NAME"])
        writers = [psycopg.connect(address) for _ in range(8)]
        try:
            for turn in range(40):
                writers[turn * 5 % 8].execute(insert, row)
                writers[turn * 3 % 8].commit()
                feed = follow(api, cursor)
                seen += feed["items"]
                cursor = feed["cursor"]
            for writer in writers:
                writer.commit()
        finally:
            for writer in writers:
                writer.close()
        seen += follow(api, cursor)["items"]
        assert len(seen) == 40


class TestAfterAMove:
    def test_of_the_database_followers_begin_anew_and_miss_nothing(self, api, adapter):
        version = VersionFactory(adapter=adapter, published=True)
        cursor = begin(api)
        events.record("version.published", on=version, now=timezone.now())
        old = follow(api, cursor)["cursor"]
        Event.objects.update(transaction=2**40)  # as a server that is far ahead had it

        assert api.get(AT, {"since": old}).status_code == 400
        anew = begin(api)
        events.record("version.withdrawn", on=version, now=timezone.now())
        assert told(follow(api, anew)) == [("withdrawn", "wash", 1)]
