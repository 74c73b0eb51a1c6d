from __future__ import annotations

import pytest

from tests.factories import VersionFactory, sweep
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
