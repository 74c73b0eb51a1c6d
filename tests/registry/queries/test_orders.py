from __future__ import annotations

from datetime import timedelta

import pytest

from registry.errors import Invalid
from registry.models import Adapter, AdapterVersion
from registry.queries import gallery, listing, orders
from registry.queries.filters.table import Asked
from registry.services import deprecating
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


LATER = EARLIER + timedelta(days=400)
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


class TestTitle:
    def test_is_of_any_script_and_minds_neither_case_nor_accents_nor_width(self):
        wanted = ["(art)", "Apfel 2", "apfel 10", "ÄPFEL 11", "éclair", "Ｅｍｂｅｒ", "Zebra"]
        wanted += ["ωb", "Ωmega", "жар", "Жук", "かき", "水墨"]
        for n, title in enumerate(sorted(wanted)):
            VersionFactory(published=True, adapter__title=title, adapter__slug=f"no-{n}")

        rows = page(sort="title").rows

        assert [row["adapter__title"] for row in rows] == wanted

    def test_follows_what_is_changed(self, five):
        Adapter.objects.filter(slug="no-3").update(title="Aardvark")
        assert names(page(sort="title"))[0] == "no-3"


class TestName:
    def test_is_the_adapters_whichever_the_team(self):
        for team, name in (("b", "ash"), ("a", "oak"), ("c", "elm-2"), ("c", "elm.1")):
            VersionFactory(published=True, adapter__slug=name, adapter__team__slug=f"team-{team}")
        assert names(page(sort="name")) == ["ash", "elm-2", "elm.1", "oak"]


class TestDeprecated:
    @pytest.fixture
    def reviewer(self, five):
        return member(five[0].adapter.team, "reviewer")

    @pytest.fixture
    def two_of_five(self, five, reviewer):
        for version in (five[4], five[2]):
            deprecating.deprecate(version, reason="Old.", by=reviewer, now=LATER)
        return five

    @pytest.mark.parametrize("sort", ["updated", "relevance"])
    def test_come_after_all_others_in_the_usual_orders(self, two_of_five, sort):
        asked = ASKED.get(sort, Asked())
        assert names(page(asked, sort=sort)) == ["no-3", "no-1", "no-0", "no-4", "no-2"]
        assert names(page(asked)) == names(page(asked, sort=sort))

    @pytest.mark.parametrize(
        "sort", [order for order in orders.BY_NAME if order not in {"updated", "relevance"}]
    )
    def test_stand_among_the_others_in_an_order_of_facts(self, two_of_five, sort):
        found = page(sort=sort)
        assert "no-2" in names(found)[:3]
        assert found.behind is None

    @pytest.mark.parametrize("sort", ["updated", "relevance"])
    @pytest.mark.parametrize("limit", [1, 2, 3, 5])
    def test_begin_at_one_place_on_whichever_page_that_is(self, two_of_five, sort, limit):
        asked = ASKED.get(sort, Asked())
        turned = page(asked, sort=sort, limit=limit)
        there, back = [turned], []
        while turned.next:
            turned = page(asked, sort=sort, limit=limit, cursor=turned.next)
            there.append(turned)
        while turned.previous:
            turned = page(asked, sort=sort, limit=limit, cursor=turned.previous)
            back.append(turned)

        assert [name for one in there for name in names(one)] == names(page(asked, sort=sort))
        assert begin(there) == ["no-4"]
        assert begin(back[::-1]) == begin(there[: len(back)])

    def test_are_said_to_begin_nowhere_where_there_is_nothing_else(self, five, reviewer):
        for version in five:
            deprecating.deprecate(version, reason="Old.", by=reviewer, now=LATER)
        assert page().behind is None

    def test_come_back_to_their_place_once_they_are_reinstated(self, two_of_five, reviewer):
        deprecating.reinstate(two_of_five[4], by=reviewer, now=LATER)
        assert names(page())[0] == "no-4"


def begin(pages):
    return [names(one)[one.behind] for one in pages if one.behind is not None]


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
