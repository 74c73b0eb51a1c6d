from __future__ import annotations

import pytest
from django.utils import timezone

from registry.queries import checkpoints as checkpoint_queries
from registry.services import checkpoints
from tests.factories import UserFactory, member
from tests.hub.pages import asked_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]
AT = "/ink/zebra/1/checkpoints"


@pytest.fixture
def run(zebra):
    asked_rows.ground(zebra)
    asked_rows.checkpoints(zebra)
    return zebra


@pytest.fixture
def rendered(run):
    grid = asked_rows.steps(run).grid
    for cell in grid.cells.all():
        cell.from_zero = cell.weight * (cell.row + 1) / 10
        cell.save()
    return run


class TestSheet:
    def test_shows_every_checkpoint_with_its_cells_and_curve(self, client, rendered):
        page = client.get(AT).text

        assert page.count("<img") >= 9
        assert page.count("<polyline") == 3
        assert "Vote for it" not in page

    def test_offers_to_have_it_rendered(self, signed_in, run):
        page = signed_in.get(AT).text

        assert "Nothing of it was rendered yet." in page
        assert "Render all training steps" in page

    def test_says_why_nothing_can_be_rendered_of_it(self, signed_in, run):
        run.proof = "loads"
        run.save()

        page = signed_in.get(AT).text

        assert "no worker of this hub has the weights of" in page
        assert "Render all training steps" not in page

    def test_says_what_its_validation_waits_for(self, signed_in, run):
        type(run).objects.filter(pk=run.pk).update(state="waiting")
        run.runs.create(queued_at=timezone.now())

        page = signed_in.get(AT).text

        assert "Waiting for a worker to take it." in page
        assert 'href="/workers"' in page

    def test_is_named_on_the_page_of_a_version_that_was_never_rendered(self, client, run):
        type(run).objects.filter(pk=run.pk).update(proof="loads")

        page = client.get("/ink/zebra").text

        assert f'href="{AT}"' in page
        assert "was never rendered" in page.partition('id="steps"')[2]

    def test_is_no_page_of_a_version_without_checkpoints(self, client, zebra):
        assert client.get(AT).status_code == 404

    def test_is_named_on_the_adapters_page(self, client, run):
        assert f'href="{AT}"' in client.get("/ink/zebra").text


class TestOldSheet:
    """A sheet from before there was a column at weight 0: only the sweep's own cells know more."""

    @pytest.fixture
    def old(self, run):
        grid = asked_rows.steps(run).grid
        zero = run.grids.get(kind="sweep").cells.filter(weight=0).first()
        zero.measures = {"edges": "ff0080" * 48}
        zero.save()
        for cell in grid.cells.all():
            cell.scene, cell.parameters = zero.scene, zero.parameters
            share = round(255 * min(cell.weight * (cell.row + 1) / 4, 1))
            cell.measures = {"edges": f"{255 - share:02x}{share:02x}80" * 48}
            cell.from_zero = 0.3 if cell.row == 2 else None
            cell.save()
        return run

    def test_has_a_curve_in_each_row_and_says_of_what(self, client, old):
        page = client.get(AT).text

        assert page.count("<polyline") == 3
        assert "How far it moves the outlines, weight by weight" in page
        assert "rendered without a column at weight 0" in page

    def test_puts_all_rows_on_one_scale(self, old, person):
        found = checkpoint_queries.of_run(
            old, checkpoint_queries.grid_of(old, by=person), by=person
        )
        at_08 = [dict(one.points)[0.8] for one in found]
        assert at_08 == sorted(at_08)
        assert all(0 < far <= 1 for far in at_08)
        assert {one.measure for one in found} == {"outlines"}

    def test_stays_as_it_is_where_nothing_more_is_kept(self, client, old):
        for cell in type(old.grids.first().cells.first()).objects.all():
            cell.measures = {"edges": "zz"}
            cell.save()
        page = client.get(AT).text
        assert page.count("<polyline") == 1
        assert "rendered without a column" not in page


class TestVoting:
    def test_a_vote_and_its_reason_are_shown_to_the_team(self, signed_in, client, rendered, team):
        signed_in.post(f"{AT}/vote", {"step": "200", "note": "best hands"})

        page = signed_in.get(AT).text
        assert "1 vote<" in page
        assert "best hands" in page
        assert "Your vote: take it back" in page
        client.force_login(UserFactory())
        assert "best hands" not in client.get(AT).text

    def test_is_taken_back(self, signed_in, rendered):
        signed_in.post(f"{AT}/vote", {"step": "end"})
        signed_in.post(f"{AT}/vote", {"step": ""})

        assert not rendered.checkpoint_votes.exists()

    @pytest.mark.parametrize("step", ["7", "x", "9" * 30])
    def test_refuses_what_is_no_step(self, signed_in, rendered, step):
        assert signed_in.post(f"{AT}/vote", {"step": step}).status_code == 404


class TestPromoting:
    def test_says_why_it_cannot(self, signed_in, rendered):
        rendered.files.filter(training_step=100).update(blob=None)

        page = signed_in.post(f"{AT}/promote", {"step": "100"}, follow=True).text

        assert "step100.safetensors are not kept" in page

    def test_goes_to_the_new_version(self, signed_in, rendered, person, monkeypatch):
        monkeypatch.setattr(checkpoints, "promote", lambda version, *_, **__: version)

        answer = signed_in.post(f"{AT}/promote", {"step": "100"})

        assert answer.url == "/ink/zebra?version=1"

    def test_is_not_offered_to_viewers(self, client, rendered, team):
        client.force_login(member(team, "viewer"))

        page = client.get(AT).text

        assert "Vote for it" in page
        assert "Make it a version" not in page

    def test_costs_the_same_for_many(self, signed_in, rendered, django_assert_max_num_queries):
        with django_assert_max_num_queries(25):
            signed_in.get(AT)
