"""What those who run the hub see: work items, what failed, what is kept."""

from __future__ import annotations

import pytest
from django.utils import timezone

from registry.models import ValidationRun
from registry.services import attempts
from tests.factories import ImportFactory, UserFactory, VersionFactory
from tests.hub.pages import rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

LEFT = {"state": "failed", "reason": "The engine was killed.", "lease_until": None}


@pytest.fixture
def operator(client):
    client.force_login(UserFactory(username="root", is_superuser=True))
    return client


@pytest.fixture
def failed(team, person):
    version = rows.going_on(team, "lost", by=person, finished_at=timezone.now(), **LEFT)
    run = version.runs.get()
    attempts.begin("run", run, now=timezone.now())
    attempts.end("run", run, "failed", reason=run.reason, log="File engine.py, line 7")
    return version


class TestJobs:
    def test_are_for_those_who_run_the_hub(self, client, signed_in, failed):
        run = failed.runs.get().pk
        for address in ("", "/storage", f"/run/{run}"):
            answer = signed_in.get(f"/operations{address}")
            assert answer.status_code == 403, address
            assert "Only those who run this hub" in answer.text
        assert signed_in.post(f"/operations/run/{run}/again").status_code == 403
        assert signed_in.post("/operations/again").status_code == 403

    def test_what_failed_is_shown_with_its_reason(self, operator, failed, team, person):
        rows.going_on(team, "new", by=person)

        page = operator.get("/operations").text

        for words in ("Lost", "The engine was killed.", "Rendering.", "3 / 14"):
            assert words in page

    def test_the_log_of_a_job_is_shown(self, operator, failed):
        page = operator.get(f"/operations/run/{failed.runs.get().pk}").text

        for words in ("Attempt 1", "Failed for good", "File engine.py, line 7"):
            assert words in page

    def test_a_job_that_is_gone_is_not_found(self, operator, failed):
        run = failed.runs.get().pk
        assert operator.get(f"/operations/request/{run}").status_code == 404
        assert operator.get(f"/operations/thing/{run}").status_code == 404

    def test_one_is_tried_again(self, operator, failed):
        run = failed.runs.get()

        answer = operator.post(f"/operations/run/{run.pk}/again", follow=True)

        newest = failed.runs.exclude(pk=run.pk).get()
        assert newest.state == "queued"
        assert answer.redirect_chain[-1][0] == f"/operations/run/{newest.pk}"
        assert "Nothing has failed." in operator.get("/operations").text

    def test_one_that_goes_on_is_not_begun_twice(self, operator, failed):
        run = failed.runs.get()
        operator.post(f"/operations/run/{run.pk}/again")

        page = operator.post(f"/operations/run/{run.pk}/again", follow=True).text

        assert "is being validated already" in page
        assert ValidationRun.objects.count() == 2

    def test_all_are_tried_again(self, operator, failed, team, person):
        rows.going_on(team, "gone", by=person, finished_at=timezone.now(), **LEFT)

        page = operator.post("/operations/again", follow=True).text

        assert "2 versions are validated again." in page
        assert ValidationRun.objects.living().count() == 2


class TestImports:
    def test_one_that_failed_is_shown_with_where_it_comes_from(self, operator, team, person):
        row = ImportFactory(
            team=team, by=person, source="/srv/loras", state="failed", reason="It is gone.",
            finished_at=timezone.now(),
        )  # fmt: skip

        page = operator.get("/operations").text

        assert "ink: /srv/loras" in page
        assert f"/import/{row.pk}" in page
        assert "It is gone." in operator.get(f"/operations/import/{row.pk}").text
        (item,) = operator.get("/api/operations/work-items").json()["failed"]
        assert (item["noun"], item["adapter"], item["version"]) == ("import", "", None)
        assert operator.post("/operations/again").status_code == 302


class TestStorage:
    def test_says_what_is_kept_and_for_whom(self, operator, zebra):
        VersionFactory(adapter__team=zebra.adapter.team, content=b"\1" * 5000)

        page = operator.get("/operations/storage").text

        for words in ("Adapters", "Pictures", "Ink", "The disk has room for"):
            assert words in page

    def test_counts_equal_bytes_once(self, operator, team):
        for _ in range(2):
            VersionFactory(adapter__team=team, content=b"\1" * 5000)

        answer = operator.get("/api/operations/storage").json()

        (adapters,) = [one for one in answer["shares"] if one["sort"] == "adapters"]
        assert adapters["count"] == 1
        assert answer["whole"]["size"] >= adapters["size"] > 0
        assert answer["free"] > 0


class TestApi:
    def test_lists_work_items_and_tells_of_one(self, operator, failed):
        run = failed.runs.get()

        told = operator.get("/api/operations/work-items").json()
        one = operator.get(f"/api/operations/work-items/run/{run.pk}").json()

        assert [job["adapter"] for job in told["failed"]] == ["ink/lost"]
        assert [attempt["outcome"] for attempt in one["attempts"]] == ["failed"]

    def test_has_one_and_all_done_again(self, operator, failed):
        run = failed.runs.get()

        assert operator.post(f"/api/operations/work-items/run/{run.pk}/again").status_code == 202
        assert operator.post("/api/operations/work-items/again").json() == {"count": 0}

    def test_is_for_those_who_run_the_hub(self, signed_in):
        for address in ("work-items", "storage"):
            assert signed_in.get(f"/api/operations/{address}").status_code == 403
