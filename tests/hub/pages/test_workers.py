"""The page of the workers, and what a waiting version says of its place in line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.services import workers
from tests.factories import CellFactory, GridFactory, RequestFactory, TeamFactory, own_base
from tests.hub.pages.rows import base, going_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]


def there(**says):
    told = {"name": "ada:1", "device": "cuda:0", "device_name": "NVIDIA H200", "holds": base()}
    workers.seen(**told | {"now": timezone.now()} | says)


def waits(team, slug, *, by, minutes=1, **fields):
    """Return a version that waits for a gpu worker since so many minutes."""
    when = timezone.now() - timedelta(minutes=minutes)
    stands = {"state": "queued", "stage": "trial", "attempt": 0, "lease_until": None}
    stands |= {"queued_at": when, "progress": {}}
    return going_on(team, slug, by=by, **stands | fields)


def rendered(version, *, cells=10, seconds=120.0):
    """Give a version a grid that took so long."""
    grid = GridFactory(version=version, seconds=seconds, rendered_at=timezone.now())
    for column in range(cells):
        CellFactory(grid=grid, column=column, weight=column / 10)


class TestShow:
    def test_says_what_each_holds_and_does(self, signed_in):
        there(doing="rendering", seconds_a_cell=1.26)

        page = signed_in.get("/workers").text

        for words in ("NVIDIA H200", "ada:1", "Shapes", "Rendering.", "1.3 s a cell", "just now"):
            assert words in page

    def test_says_which_are_gone(self, signed_in):
        there(now=timezone.now() - timedelta(minutes=5), doing="rendering")

        page = signed_in.get("/workers").text

        assert "It is gone" in page
        assert "Rendering." not in page

    def test_says_which_base_did_not_load_and_why(self, signed_in):
        until = timezone.now() + timedelta(minutes=4)
        aside = {"until": until.isoformat(), "reason": "There is no unet in it."}
        there(aside={str(base().pk): aside})

        page = signed_in.get("/workers").text

        assert "Shapes did not load and is left alone until" in page
        assert "There is no unet in it." in page

    def test_shows_what_waits_for_each_base(self, signed_in, team, person, zebra):
        rendered(zebra, cells=10, seconds=130.0)
        waits(team, "one", by=person, minutes=3)
        waits(team, "two", by=person)
        RequestFactory(version=zebra)

        page = signed_in.get("/workers").text

        assert '<td class="number">2</td>' in page
        assert '<td class="number">1</td>' in page
        assert "5 minutes" in page

    def test_teaches_how_to_start_one_where_none_is(self, signed_in):
        page = signed_in.get("/workers").text

        assert "No gpu worker is there" in page
        assert "-Q gpu -I workers.gpu" in page

    def test_names_no_base_that_one_may_not_see(self, signed_in):
        secret = own_base(TeamFactory(slug="others"), slug="secret", title="Secret", family="x")
        there(holds=secret)

        page = signed_in.get("/workers").text

        assert "another team" in page
        assert "Secret" not in page

    def test_is_for_members(self, client):
        assert client.get("/workers").status_code == 302

    def test_asks_again_for_its_piece_alone(self, signed_in):
        piece = signed_in.get("/workers", headers={"HX-Request": "true"}).text

        assert piece.lstrip().startswith('<div id="workers"')


class TestPlaceInLine:
    @pytest.fixture
    def shown(self, signed_in):
        def shown(version):
            adapter = version.adapter
            page = signed_in.get(f"/{adapter.team.slug}/{adapter.slug}?version={version.number}")
            return page.text

        return shown

    def test_says_how_many_are_before_it_and_how_long_it_takes(self, team, person, zebra, shown):
        there(seconds_a_cell=2.0)
        rendered(zebra, cells=28)
        waits(team, "first", by=person, minutes=9)
        going_on(team, "running", by=person)
        mine = waits(team, "mine", by=person)

        page = shown(mine)

        assert "2 before it. About 3 minutes until it is done." in page  # 3 × 28 cells of 2 s

    def test_says_that_it_is_next(self, team, person, shown):
        there()

        page = shown(waits(team, "mine", by=person))

        assert "It is next." in page
        assert "until it is done" not in page

    def test_says_that_no_worker_is_there(self, team, person, shown):
        assert "No gpu worker is there to take it" in shown(waits(team, "mine", by=person))

    def test_says_what_is_left_of_one_that_is_rendered(self, team, person, shown):
        progress = {"done": 3, "of": 14, "saying": "rendering", "left": 130.0}

        assert "About 3 minutes left." in shown(
            going_on(team, "mine", by=person, progress=progress)
        )

    def test_says_nothing_where_nothing_is_known(self, team, person, shown):
        assert "left." not in shown(going_on(team, "mine", by=person))
