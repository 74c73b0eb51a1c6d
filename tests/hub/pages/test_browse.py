from __future__ import annotations

import html
import re

import pytest
from django.utils import timezone

from registry.models import Adapter
from registry.services import deprecating, searches
from tests.factories import BaseFactory, VersionFactory, sweep
from tests.hub.pages import rows

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


class TestBrowse:
    def test_teaches_when_nothing_is_published(self, client):
        page = client.get("/")

        assert page.status_code == 200
        assert "Nothing is published yet" in page.text

    def test_shows_what_one_must_know_of_an_adapter(self, client, zebra):
        page = client.get("/").text

        assert "ink/zebra" in page
        assert "zebrastyle" in page
        assert "weight 0.4 – 1" in page
        assert "Renders" in page

    def test_shows_the_picture_at_the_suggested_weight(self, client, zebra):
        page = client.get("/").text

        cell = zebra.grids.get().cells.get(row=0, weight=0.8)
        assert f'<img src="/api/previews/{cell.blob_id}.webp"' in page

    def test_shows_what_is_said_where_there_are_no_pictures(self, client, zebra):
        cells = zebra.grids.get().cells
        cells.update(medium="text", blob=None, text="Once there was a circle")
        cells.filter(weight=0.8).update(text="Arr! Once there sailed a circle")

        page = client.get("/").text

        assert "Arr! Once there sailed a circle" in page
        assert "No pictures" not in page

    def test_hides_what_is_not_published(self, client, team, person):
        rows.going_on(team, "secret", by=person)

        assert "secret" not in client.get("/").text

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=zebrastyle", True),
            ("q=nothing-like-it", False),
            ("base=shapes", True),
            ("base=sdxl", False),
            ("kind=style", True),
            ("kind=voice", False),
            ("kind=voice&kind=style", True),
            ("tag=stripes", True),
            ("tags=stripes", True),
            ("tags_not=stripes", False),
            ("rank_max=1", False),
            ("team=elsewhere", False),
        ],
    )
    def test_narrows_by_what_stands_in_the_address(self, client, zebra, query, found):
        assert ("ink/zebra" in client.get(f"/?{query}").text) is found

    def test_says_how_to_widen_when_nothing_matches(self, client, zebra):
        page = client.get("/?q=nothing-like-it&kind=style").text

        assert "Nothing matches" in page
        assert '<a href="/?kind=style">without “nothing-like-it”</a>' in page
        assert "Show everything" in page

    def test_repeats_no_way_out_where_there_is_one(self, client, zebra):
        page = client.get("/?q=nothing-like-it").text

        assert "Try a shorter word" in page
        assert "without “nothing-like-it”" not in page
        assert "Show everything" in page

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("?text=neon", "/?q=neon"),
            ("?text=neon&kind=style", "/?kind=style&q=neon"),
            ("?text=", "/"),
        ],
    )
    def test_keeps_old_addresses_working(self, client, db, old, new):
        assert client.get(f"/{old}")["Location"] == new

    def test_refuses_what_it_does_not_know_by_name(self, client):
        page = client.get("/?kind=styles")

        assert page.status_code == 400
        assert "kind is" in page.text

    def test_answers_htmx_with_the_results_alone(self, client, zebra):
        page = client.get("/?base=shapes&q=", headers=HTMX)

        assert page.text.lstrip().startswith('<div id="results"')
        assert page["HX-Push-Url"] == "/?base=shapes"
        assert "HX-Request" in page["Vary"]

    def test_pages_by_a_key_and_adds_to_the_list(self, client):
        for _ in range(25):
            VersionFactory(published=True, content=b"\0" * 8)
        first = client.get("/").text
        more = first.split('class="more" hx-get="')[1].split('"')[0].replace("&amp;", "&")

        second = client.get(more, headers=HTMX).text

        assert first.count('<article class="card"') == 24
        assert second.count('<article class="card"') == 1
        assert "<html" not in second

    def test_begins_anew_with_a_cursor_that_is_none(self, client, zebra):
        assert client.get("/?base=shapes&cursor=!!")["Location"] == "/?base=shapes"

    def test_costs_the_same_for_one_card_and_for_many(
        self, client, zebra, django_assert_max_num_queries
    ):
        for _ in range(8):
            sweep(VersionFactory(published=True))

        with django_assert_max_num_queries(8):
            assert client.get("/").status_code == 200

    def test_asks_strangers_to_sign_in_where_the_hub_is_closed(self, client, zebra, settings):
        settings.READ_NEEDS_SIGN_IN = True

        assert client.get("/")["Location"] == "/sign-in?next=/"
        assert client.get("/sign-in").status_code == 200


class TestFacets:
    def test_count_what_there_would_be_with_one_choice_more(self, client, zebra, team, person):
        neon = rows.shown(team, "neon", by=person)
        Adapter.objects.filter(pk=neon.adapter_id).update(kind="character")

        page = client.get("/?kind=style").text

        assert re.search(r'value="style" form="filters" checked>', page)
        assert re.search(r'<span>Character</span> <span class="count number">.*?1</span>', page)
        assert "1</b> adapter" in page

    def test_show_what_stands_beneath_a_family_that_is_looked_into(self, client, zebra):
        sdxl = BaseFactory(slug="sdxl-1-0", title="SDXL 1.0", family="sdxl")
        pony = BaseFactory(slug="pony", title="Pony", family="sdxl", parent=sdxl)
        VersionFactory(published=True, base=pony)

        assert "SDXL 1.0" not in re.split("found", client.get("/").text)[0]
        page = client.get("/?base=sdxl").text
        assert page.index("SDXL 1.0") < page.index("Pony")
        # What is narrower decides.
        assert 'value="pony" form="filters" checked' in client.get("/?base=sdxl,pony").text
        assert 'value="sdxl" form="filters" checked' not in client.get("/?base=sdxl,pony").text

    def test_give_members_the_states_of_their_teams_versions(self, signed_in, zebra, team, person):
        rows.going_on(team, "secret", by=person)
        assert "ink/secret" in signed_in.get("/?state=waiting").text

    def test_refuse_strangers_what_only_teams_see(self, client, db):
        assert client.get("/?state=waiting").status_code == 403

    def test_several_tags_are_all_needed_or_any_will_do(self, client, zebra):
        page = client.get("/?tags=stripes,dots").text
        assert 'href="/?tags_any=stripes,dots"' in page
        assert 'href="/?tags=stripes,dots"' in client.get("/?tags_any=stripes,dots").text


def test_a_card_leads_to_the_version_that_was_found(client, zebra):
    VersionFactory(adapter=zebra.adapter, published=True, base=BaseFactory(slug="newer"))

    assert '<a href="/ink/zebra?version=1"' in client.get("/?base=shapes").text
    assert '<a href="/ink/zebra"' in client.get("/").text


class TestTable:
    def test_shows_a_line_each_and_goes_on_with_lines(self, client):
        for _ in range(25):
            VersionFactory(published=True, content=b"\0" * 8)
        first = client.get("/?view=table&sort=downloads").text
        more = first.split('class="more" hx-get="')[1].split('"')[0].replace("&amp;", "&")

        second = client.get(more, headers=HTMX).text

        assert first.count('<tr class="line"') == 24
        assert second.count('<tr class="line"') == 1


class TestSavedSearches:
    def test_stand_above_the_list_and_on_their_page(self, signed_in, zebra):
        signed_in.post("/searches/save", {"title": "Stripes", "query": "tags=stripes"})

        assert '<a class="chip" href="/?tags=stripes"' in signed_in.get("/").text
        page = signed_in.get("/searches").text
        assert "Stripes" in page
        assert "1 adapter" in page

    def test_are_renamed_and_removed(self, signed_in, person):
        search = searches.save(title="One", query="", by=person, now=timezone.now())

        signed_in.post(f"/searches/{search.pk}", {"title": "Other"})
        assert person.searches.get().title == "Other"

        signed_in.post(f"/searches/{search.pk}/remove")
        assert not person.searches.exists()

    def test_are_refused_with_a_sentence(self, signed_in, person):
        page = signed_in.post("/searches/save", {"title": "", "query": "kind=style"}, follow=True)
        assert "Give the search a name" in page.text
        assert page.redirect_chain == [("/?kind=style", 302)]


class TestUsedBases:
    def test_are_what_a_bare_address_begins_with(self, signed_in, zebra):
        signed_in.post("/fits", {"base": "shapes"})

        assert signed_in.get("/")["Location"] == "/?base=shapes"
        page = signed_in.get("/?base=shapes").text
        assert "What you use" in page
        assert '<a class="chip on" href="/?base=">' in page  # and everything is one click away
        assert "What fits shapes" in signed_in.get("/?base=").text

    def test_are_kept_in_a_strangers_cookie(self, client, zebra):
        client.post("/fits", {"base": "shapes"})
        assert client.get("/")["Location"] == "/?base=shapes"

        client.post("/fits")
        assert client.get("/").status_code == 200

    def test_are_bases_that_there_are(self, client, zebra):
        assert "no base model called" in client.post("/fits", {"base": "x"}, follow=True).text


class TestOrders:
    def test_are_offered_by_what_people_call_them(self, client, zebra):
        page = client.get("/?sort=name").text

        assert '<option value="name" selected>Name</option>' in page
        assert '<option value="title" >Title</option>' in page
        assert "Best match" not in page
        assert '<option value="" selected>Best match</option>' in client.get("/?q=zebra").text

    @pytest.mark.parametrize("view", ["cards", "table"])
    def test_a_line_says_where_the_deprecated_ones_begin(self, client, zebra, team, person, view):
        old = rows.shown(team, "older", by=person)
        deprecating.deprecate(old, reason="Blurry.", by=person, now=timezone.now())

        page = client.get(f"/?view={view}").text
        by_title = client.get(f"/?sort=title&view={view}").text

        assert page.index("ink/zebra") < page.index("From here on") < page.index("ink/older")
        assert "From here on" not in by_title
        assert by_title.index("ink/older") < by_title.index("ink/zebra")


class TestPieces:
    @pytest.fixture
    def pages(self, client):
        """Return the addresses of the second page of three, of the third, and back from there."""
        for n in range(60):
            VersionFactory(published=True, adapter__slug=f"no-{n}")
        second = after(client.get("/"))
        third = after(client.get(second))
        return second, third, before(client.get(third))

    def test_a_whole_page_leads_both_ways(self, client, pages):
        _, third, back = pages
        page = client.get(back)
        assert before(page)
        assert after(page)
        assert before(client.get(third))
        assert "Show more" not in client.get(third).text

    def test_one_that_goes_down_leads_further_down_alone(self, client, pages):
        piece = client.get(pages[0], headers=HTMX)
        assert "Show more" in piece.text
        assert "Show those before" not in piece.text

    @pytest.mark.parametrize("view", ["", "&view=table"])
    def test_one_that_goes_up_leads_further_up_alone(self, client, pages, view):
        piece = client.get(pages[2] + view, headers=HTMX)
        assert "Show those before" in piece.text
        assert "Show more" not in piece.text
        assert piece.text.index("no-35") < piece.text.index("no-12")

    def test_the_first_one_leads_no_further_up(self, client, pages):
        first = before(client.get(pages[2]))
        assert "Show those before" not in client.get(first, headers=HTMX).text


def after(page):
    return _link(page, "more")


def before(page):
    return _link(page, "before")


def _link(page, name):
    return html.unescape(re.search(rf'class="{name}" hx-get="([^"]+)"', page.text)[1])


def test_a_search_that_is_saved_is_not_offered_to_be_saved_again(signed_in, zebra, person):
    assert "Save this search" in signed_in.get("/?tags=stripes").text
    searches.save(title="Stripes", query="tags=stripes", by=person, now=timezone.now())
    assert "Save this search" not in signed_in.get("/?tags=stripes").text
    assert "Save this search" in signed_in.get("/?tags=stripes&sort=title").text
