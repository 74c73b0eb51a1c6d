from __future__ import annotations

from datetime import timedelta

import pytest

from registry.errors import Invalid
from registry.models import Adapter, AdapterVersion
from registry.queries import gallery, listing, orders
from registry.queries.filters.table import Asked
from tests.factories import EARLIER, VersionFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def five():
    made = [VersionFactory(published=True, adapter__slug=f"no-{n}") for n in range(5)]
    for n, version in enumerate(made):
        AdapterVersion.objects.filter(pk=version.pk).update(downloads=[7, 7, 9, 0, 7][n])
        Adapter.objects.filter(pk=version.adapter_id).update(
            created_at=EARLIER + timedelta(days=-n), team=made[0].adapter.team
        )
    return made


def page(asked=Asked(), **window):  # noqa: B008  it is frozen
    return listing.page(asked, orders.Window(**window), by=None)


def names(turned):
    return [row["adapter__slug"] for row in turned.rows]


ASKED = {"relevance": Asked({"q": "no"})}


class TestPage:
    @pytest.mark.parametrize("sort", list(orders.BY_NAME))
    @pytest.mark.parametrize("limit", [1, 2, 5])
    def test_gives_everything_once_there_and_back(self, five, sort, limit):
        asked = ASKED.get(sort, Asked())
        whole = names(page(asked, sort=sort))

        there, turned = [], page(asked, sort=sort, limit=limit)
        pages = [turned]
        while turned.next:
            turned = page(asked, sort=sort, limit=limit, cursor=turned.next)
            pages.append(turned)
        there = [name for one in pages for name in names(one)]

        back = [turned]
        while turned.previous:
            turned = page(asked, sort=sort, limit=limit, cursor=turned.previous)
            back.append(turned)

        assert there == whole
        assert len(whole) == 5
        assert [names(one) for one in back] == [names(one) for one in reversed(pages)]

    def test_has_nothing_before_the_first(self, five):
        first = page(limit=2)
        again = page(limit=2, cursor=page(limit=2, cursor=first.next).previous)
        assert first.previous == ""
        assert again.previous == ""
        assert names(again) == names(first)

    @pytest.mark.parametrize(
        ("sort", "first"),
        [
            ("updated", "no-4"),
            ("created", "no-0"),
            ("downloads", "no-2"),
            ("name", "no-0"),
            ("title", "no-0"),
        ],
    )
    def test_begins_with(self, five, sort, first):
        assert names(page(sort=sort))[0] == first

    def test_what_is_published_meanwhile_moves_nothing(self, five):
        first = page(limit=2)
        VersionFactory(published=True, adapter__slug="newer")
        second = page(limit=2, cursor=first.next)
        assert names(second) == ["no-2", "no-1"]

    def test_orders_what_was_never_published_by_when_it_came(self):
        ready = VersionFactory(ready=True)
        person = member(ready.adapter.team, "viewer")
        asked = Asked({"state": "ready"})
        turned = listing.page(asked, orders.Window(), by=person)
        assert [row["number"] for row in turned.rows] == [1]


class TestRelevance:
    def test_is_a_name_then_a_trigger_word_then_a_tag_then_a_description(self):
        in_text = VersionFactory(published=True, adapter__description="All of neon.")
        in_tag = VersionFactory(published=True, adapter__tags=["neon"])
        in_word = VersionFactory(published=True, trigger_words=["neon"])
        in_title = VersionFactory(published=True, adapter__title="Neon")

        found = names(page(Asked({"q": "neon"})))

        wanted = [in_title, in_word, in_tag, in_text]
        assert found == [version.adapter.slug for version in wanted]

    def test_is_the_usual_order_of_the_front_page_too(self):
        VersionFactory(published=True, adapter__title="Neon", adapter__slug="first")
        VersionFactory(published=True, adapter__description="neon")
        seen = gallery.page(Asked({"q": "neon"}), orders.Window(), by=None).rows
        assert seen[0]["adapter__slug"] == "first"


class TestRefusals:
    @pytest.mark.parametrize(
        "other",
        [
            {"asked": Asked({"kind": ["style"]})},
            {"sort": "downloads"},
        ],
        ids=["another filter", "another order"],
    )
    def test_a_cursor_of_another_question(self, five, other):
        cursor = page(limit=1).next
        with pytest.raises(Invalid, match="belongs to another question") as refusal:
            page(cursor=cursor, **other)
        assert refusal.value.code == "cursor-of-another-query"

    @pytest.mark.parametrize("cursor", ["nonsense", "é", "W10", "e30", "bnVsbA", "0/0"])
    def test_a_cursor_of_nobodys(self, cursor):
        with pytest.raises(Invalid, match="not one that this hub gave out") as refusal:
            page(cursor=cursor)
        assert refusal.value.code == "unknown-cursor"

    @pytest.mark.parametrize("limit", [0, 101])
    def test_too_few_or_too_many(self, limit):
        with pytest.raises(Invalid, match="1 to 100"):
            page(limit=limit)

    def test_an_order_of_nobodys(self):
        with pytest.raises(Invalid, match="sort is 'colour': write one of updated"):
            page(sort="colour")

    def test_relevance_to_nothing(self):
        with pytest.raises(Invalid, match="give q as well"):
            page(sort="relevance")
