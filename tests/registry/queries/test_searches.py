from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry.models import AdapterVersion, Channel
from registry.queries import adapters, searches
from registry.queries.facets import counting, kept
from registry.queries.filters import table
from registry.services import searches as keeping
from tests.factories import EARLIER, AdapterFactory, UserFactory, VersionFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]

ASKED = [
    "q=ink", "q=moon", "q=ink moon&kind=style", "q=!", "q=12345678", "q=deadbeef", "kind=style",
    "trigger_word=inkwash&q=ink", "dialect=kohya", "dialect=peft&q=ink", "deprecated=false",
]  # fmt: skip


@pytest.fixture
def library():
    for n in range(9):
        adapter = AdapterFactory(
            title=["Ink wash", "Moon ink", "Field deadbeef"][n % 3],
            kind=["style", "character"][n % 2],
        )
        VersionFactory(adapter=adapter, published=True)
    blob = adapter.versions.get().files.get().blob
    blob.crc32 = "12345678"
    blob.save()


@pytest.fixture
def person():
    return UserFactory()


def save(person, queries):
    for query in queries:
        keeping.save(title=query, query=query, by=person, now=timezone.now())
    return list(searches.of(person))


@pytest.mark.usefixtures("library")
class TestCounts:
    def test_are_what_each_search_lists(self, person):
        saved = save(person, ASKED)

        counts = searches.counts(saved, by=person)

        listed = [adapters.matching(searches.read(one.query), by=person).count() for one in saved]
        assert counts == listed
        assert len({*listed}) > 3

    def test_are_asked_for_in_one_query_however_many_want_words(self, person):
        saved = save(person, ASKED)
        with CaptureQueriesContext(connection) as few:
            kept.forget()
            searches.counts(saved[:2], by=person)
        with CaptureQueriesContext(connection) as many:
            kept.forget()
            searches.counts(saved, by=person)

        assert len(many) == len(few)

    def test_of_a_state_or_a_channel_are_asked_for_once_for_all_that_name_it(self, team):
        ready = [
            VersionFactory(adapter=AdapterFactory(team=team, title=title), ready=True)
            for title in ("Ink", "Ink moon", "Field")
        ]
        newest = AdapterVersion.objects.published().latest("serial")
        Channel.objects.create(
            adapter=newest.adapter, name="prod", version=newest, moved_at=EARLIER
        )
        person = member(team, "viewer")
        few = save(person, ["state=ready", "channel=prod"])
        with CaptureQueriesContext(connection) as of_few:
            kept.forget()
            assert sorted(searches.counts(few, by=person)) == [1, len(ready)]

        save(person, ["state=ready&q=ink", "state=ready&kind=voice", "channel=prod&q=ink"])
        saved = save(person, ["state=ready&q=moon", "channel=prod&q=field"])
        with CaptureQueriesContext(connection) as of_many:
            kept.forget()
            counts = searches.counts(saved, by=person)

        asked = [searches.read(one.query) for one in saved]
        assert counts == [adapters.matching(one, by=person).count() for one in asked]
        assert len(of_many) == len(of_few) + 2  # the words, of either

    def test_of_words_are_remembered_whatever_else_is_asked(self, django_assert_num_queries):
        counting.total(table.read({"q": ["ink"]}), by=None)

        with django_assert_num_queries(1):  # whether anything has changed
            counting.total(table.read({"q": ["ink"], "kind": ["style"]}), by=None)

    def test_are_right_though_no_more_can_be_remembered(self, person, monkeypatch):
        monkeypatch.setattr("registry.queries.facets.shelf.REMEMBERED", 2)
        saved = save(person, ASKED)
        counts = searches.counts(saved, by=person)
        assert counts == [
            adapters.matching(searches.read(one.query), by=person).count() for one in saved
        ]

    def test_is_none_of_a_search_that_makes_no_sense_any_more(self, person):
        [saved] = save(person, ["q=ink"])
        saved.query = "colour=red"
        assert searches.counts([saved], by=person) == [None]
