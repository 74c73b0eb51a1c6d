"""Imports by the API: planned, corrected, started, and whence a version came."""

from __future__ import annotations

import pytest

from tests import factories, files

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path, blob_root):
    factories.BaseFactory()
    settings.IMPORT_FOLDERS = [tmp_path / "loras"]
    (tmp_path / "loras").mkdir()
    (tmp_path / "loras/ink.safetensors").write_bytes(files.kohya_lora().getvalue())
    return tmp_path / "loras"


@pytest.mark.django_db(transaction=True)
def test_an_import_is_planned_corrected_and_made(api, folder, contributor, run_jobs_at_once):
    api.force_authenticate(contributor)

    begun = api.post("/api/imports", {"source": str(folder), "team": "ink"})
    assert begun.status_code == 202, begun.json()
    address = begun.json()["url"]

    planned = api.get(address).json()
    assert (planned["state"], planned["counts"]["offered"]) == ("planned", 1)
    assert planned["bytes_to_fetch"] > 0

    corrected = api.patch(f"{address}/items/1", {"title": "Tusche", "trigger_words": ["tusche"]})
    assert corrected.json()["said"]["title"] == {"value": "Tusche", "source": ""}

    started = api.post(f"{address}/start")
    assert started.status_code == 202
    [item] = api.get(f"{address}/items").json()["items"]
    assert (item["state"], item["made"]["name"]) == ("made", "tusche")

    version = api.get(item["made"]["url"]).json()
    assert version["trigger_words"] == ["tusche"]
    assert version["source"]["key"] == "ink.safetensors"
    source = api.get(f"{item['made']['url']}/source").json()
    assert source["said_by"]["title"] == ""


def test_a_folder_that_is_not_allowed_is_refused(api, folder, contributor):
    api.force_authenticate(contributor)

    answer = api.post("/api/imports", {"source": "/etc", "team": "ink"})

    assert (answer.status_code, answer.json()["code"]) == (422, "source-refused")


def test_other_teams_see_nothing_of_it(api, team):
    planned = factories.ImportFactory(team=team)
    api.force_authenticate(factories.UserFactory())

    assert api.get(f"/api/imports/{planned.pk}").status_code == 404
    assert api.get("/api/imports").json()["items"] == []


def test_the_lists_go_on_by_pages(api, team, contributor, settings):
    planned = factories.ImportFactory(team=team, items=51)
    api.force_authenticate(contributor)

    first = api.get(f"/api/imports/{planned.pk}/items").json()
    second = api.get(first["next"]).json()

    assert [len(first["items"]), len(second["items"]), second["next"]] == [50, 1, None]


def test_a_list_asks_the_database_as_often_for_many_items(
    api, team, contributor, django_assert_max_num_queries
):
    planned = factories.ImportFactory(team=team, items=30)
    api.force_authenticate(contributor)

    with django_assert_max_num_queries(8):
        api.get(f"/api/imports/{planned.pk}/items")


def test_an_import_is_given_to_another_team(api, team, contributor):
    planned = factories.ImportFactory(team=team, by=contributor)
    other = factories.TeamFactory(slug="other")
    api.force_authenticate(contributor)
    address = f"/api/imports/{planned.pk}"

    assert api.patch(address, {"team": "other"}).status_code == 403
    factories.MembershipFactory(team=other, user=contributor)
    assert api.patch(address, {"team": "other"}).json()["team"] == "other"


def test_a_plan_is_dropped(api, team, contributor):
    planned = factories.ImportFactory(team=team, by=contributor)
    api.force_authenticate(contributor)

    assert api.delete(f"/api/imports/{planned.pk}").status_code == 204
    dropped = api.get(f"/api/imports/{planned.pk}").json()
    assert (dropped["state"], dropped["ending"]) == ("cancelled", "dropped")
    assert api.get("/api/imports").json()["items"][0]["ending"] == "dropped"


def test_a_plan_has_no_ending(api, team, contributor):
    planned = factories.ImportFactory(team=team, by=contributor)
    api.force_authenticate(contributor)

    assert api.get(f"/api/imports/{planned.pk}").json()["ending"] is None


def test_what_was_uploaded_has_no_source(api):
    version = factories.VersionFactory(published=True)
    address = f"/api/adapters/{version.adapter.team.slug}/{version.adapter.slug}/versions/1"

    assert api.get(f"{address}/source").status_code == 404
    assert api.get(address).json()["source"] is None
