"""What fits words best is the same, however little is read to find it."""

from __future__ import annotations

import random

import pytest

from registry.models import AdapterVersion, SearchEntry
from registry.queries import listing, orders, ranking
from registry.queries.filters import table
from registry.services import deprecating, searching
from tests.factories import (
    EARLIER,
    AdapterFactory,
    BaseFactory,
    TeamFactory,
    VersionFactory,
    member,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]

ASKED = ["q=ink", "q=ink&kind=style", "q=ink moon", "q=水墨", "q=ink&team=blue", "q=!", "q=oil"]
ASKED += ["q=ink&base=sdxl", "q=ink&deprecated=true", "q=nothing of that name"]


@pytest.fixture
def library():
    """Make some dozen adapters with words here and there, drawn by chance but always the same."""
    drawn = random.Random(8)
    bases = [BaseFactory(slug="sdxl-1-0", family="sdxl"), BaseFactory(slug="flux", family="flux1")]
    teams = [TeamFactory(slug=slug) for slug in ("red", "blue")]
    for n in range(24):
        adapter = AdapterFactory(
            team=teams[n % 8 == 0],
            title=" ".join(drawn.choices(["ink", "moon", "水墨", "field"], k=3)),
            description=" ".join(drawn.choices(["ink", "wash", "tide"], k=9)),
            kind=drawn.choice(["style", "character"]),
        )
        for _ in range(drawn.choice([1, 1, 2])):
            VersionFactory(adapter=adapter, base=drawn.choice(bases), published=True)
    versions = list(AdapterVersion.objects.order_by("serial"))
    for version in versions[::7]:
        reviewer = member(version.adapter.team, "reviewer")
        deprecating.deprecate(version, reason="Old.", by=reviewer, now=EARLIER)
    AdapterVersion.objects.filter(pk__in=[one.pk for one in versions[3::9]]).update(
        state="withdrawn"
    )


def asked(query):
    pairs = [pair.partition("=")[::2] for pair in query.split("&")]
    return table.read({name: [text] for name, text in pairs})


def there_and_back(query, limit):
    """Return all pages of a list, followed to its end and back to its beginning."""
    pages = [listing.page(asked(query), orders.Window(limit=limit), by=None)]
    for way in ("next", "previous"):
        while getattr(pages[-1], way):
            window = orders.Window(limit=limit, cursor=getattr(pages[-1], way))
            pages.append(listing.page(asked(query), window, by=None))
    return [([row["pk"] for row in page.rows], page.behind, page.next) for page in pages]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(("limit", "best"), [(2, 2), (3, 8), (24, 8)])
def test_it_is_what_ranking_all_of_it_finds(limit, best, monkeypatch):
    monkeypatch.setattr(ranking, "BEST", best)
    quick = {query: there_and_back(query, limit) for query in ASKED}
    monkeypatch.setattr(ranking, "likeliest", lambda *_, **__: None)

    assert quick == {query: there_and_back(query, limit) for query in ASKED}


def test_what_was_asked_is_told_by_the_entries_alone(library, django_assert_num_queries):
    with django_assert_num_queries(3):  # the best by their words, which are found, and the rows
        listing.page(asked("q=ink"), orders.Window(), by=None)


def test_a_hash_is_found_though_no_word_is(blob_root):
    version = VersionFactory(published=True)
    blob = version.files.get().blob
    blob.crc32 = "12345678"
    blob.save()

    for text in ("12345678", " 12345678 "):
        found = listing.page(table.read({"q": [text]}), orders.Window(), by=None)
        assert [row["pk"] for row in found.rows] == [version.pk]


class TestEntry:
    """The database keeps it in step with how the version stands, whatever changes that."""

    def test_says_nothing_of_what_is_not_published(self):
        version = VersionFactory(ready=True)
        assert entry(version) == (version.serial, None)

    def test_follows_it_from_one_state_to_another(self):
        version = VersionFactory(ready=True)
        rows = AdapterVersion.objects.filter(pk=version.pk)

        rows.update(state="published", published_at=EARLIER)
        assert entry(version) == (version.serial, EARLIER)

        rows.update(deprecated_at=EARLIER)
        assert entry(version) == (version.serial, rows.get().ranked_at)
        assert rows.get().ranked_at.year < 1900

        rows.update(state="withdrawn", reason="It was a mistake.")
        assert entry(version) == (version.serial, None)

    def test_is_as_it_stands_once_it_is_written_late(self):
        version = VersionFactory(published=True)
        SearchEntry.objects.all().delete()

        searching.fill()

        version.refresh_from_db()
        assert entry(version) == (version.serial, version.ranked_at)

    def test_keeps_it_where_words_are_written_anew(self):
        version = VersionFactory(published=True)
        version.refresh_from_db()
        searching.refresh_adapter(version.adapter)
        assert entry(version) == (version.serial, version.ranked_at)


def entry(version):
    version.refresh_from_db()
    found = SearchEntry.objects.get(version=version)
    return found.serial, found.ranked_at
