"""The pages of imports, without a browser: they work without JavaScript."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from registry import blobs
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def planned(team, contributor):
    factories.BaseFactory()
    return factories.ImportFactory(team=team, by=contributor, items=2)


@pytest.fixture
def browser(client, contributor):
    client.force_login(contributor)
    return client


def test_says_what_may_be_imported_from(browser, settings):
    assert "may not import from anywhere" in browser.get("/import").content.decode()

    settings.IMPORT_HOSTS = ["civitai.com"]
    assert "<code>civitai.com</code>" in browser.get("/import").content.decode()


def test_says_why_an_import_cannot_begin(browser, settings):
    settings.IMPORT_HOSTS = ["civitai.com"]

    answer = browser.post("/import", {"source": "https://evil.org/models/1", "team": "ink"})

    assert answer.status_code == 422
    assert "may not import from" in answer.content.decode()


def test_begins_an_import(browser, settings, sent, team):
    settings.IMPORT_HOSTS = ["civitai.com"]

    answer = browser.post("/import", {"source": "https://civitai.com/models/1", "team": "ink"})

    row = team.imports.get()
    assert answer["Location"] == f"/import/{row.pk}"
    assert (row.kind, row.state) == ("civitai", "queued")


def test_who_is_in_no_team_is_told(client):
    client.force_login(factories.UserFactory())
    assert client.get("/import").status_code == 200


def test_corrects_only_what_was_changed(browser, planned):
    told = {
        "title": "Ink",
        "name": "ink-1",
        "base": "sdxl-1-0",
        "kind": "style",
        "trigger_words": "a, b",
        "tags": "",
    }

    answer = browser.post(f"/import/{planned.pk}/items/1", told)

    assert answer["Location"] == f"/import/{planned.pk}?after=0#item-1"
    item = planned.items.get(position=1)
    assert item.said == {"kind": "style", "trigger_words": ["a", "b"]}


def test_leaves_one_out_and_all(browser, planned):
    browser.post(f"/import/{planned.pk}/items/1", {"take": "no"})
    assert [item.state for item in planned.items.order_by("position")] == ["left", "offered"]

    browser.post(f"/import/{planned.pk}/all", {"take": ""})
    assert {item.state for item in planned.items.all()} == {"left"}

    browser.post(f"/import/{planned.pk}/all", {"take": "yes"})
    assert {item.state for item in planned.items.all()} == {"offered"}


def test_says_for_which_base_all_of_it_is(browser, planned):
    factories.BaseFactory(slug="pony", parent=factories.BaseFactory())

    browser.post(f"/import/{planned.pk}/correct", {"team": "ink", "base": "pony"})

    assert {item.base for item in planned.items.all()} == {"pony"}


def test_starts_and_cancels(browser, planned, sent):
    browser.post(f"/import/{planned.pk}/start")
    planned.refresh_from_db()
    assert (planned.state, planned.stage) == ("queued", "fetch")

    page = browser.get(f"/import/{planned.pk}/live", headers={"HX-Request": "true"})
    assert 'hx-trigger="every 2s"' in page.content.decode()

    browser.post(f"/import/{planned.pk}/cancel")
    planned.refresh_from_db()
    assert planned.state == "cancelled"


def test_says_how_many_are_fetched_and_that_the_rest_can_be_when_it_is_cancelled(
    browser, planned, sent
):
    address = f"/import/{planned.pk}"
    browser.post(f"{address}/start")
    planned.items.filter(position=1).update(state="made")

    page = browser.get(address).content.decode()
    assert "Under way" in page
    assert '<progress value="1" max="2"' in page
    browser.post(f"{address}/cancel")

    page = browser.get(address).content.decode()
    assert "the rest can be imported whenever you like" in page
    assert "Import 1" in page


def test_a_dropped_plan_is_called_so_on_its_page_and_in_the_list(browser, planned):
    browser.post(f"/import/{planned.pk}/cancel")

    for address in (f"/import/{planned.pk}", "/import"):
        page = browser.get(address).content.decode()
        assert "The plan was dropped before anything was imported" in page
        assert "were imported" not in page
    assert "It can be imported whenever you like" in browser.get(f"/import/{planned.pk}").text


def test_one_that_failed_is_begun_again(browser, planned, settings):
    settings.IMPORT_HOSTS = ["civitai.com"]
    planned.items.all().delete()
    ended = {"reason": "It does not answer.", "finished_at": timezone.now()}
    type(planned).objects.update(state="failed", **ended)

    page = browser.get(f"/import/{planned.pk}").content.decode()
    link = re.search(r'href="(/import\?[^"]+)">Begin it again', page)[1].replace("&amp;", "&")

    form = browser.get(link).content.decode()
    assert f'value="{planned.source}"' in form


def test_a_refusal_is_shown(browser, planned):
    answer = browser.post(f"/import/{planned.pk}/items/1", {"base": "none-such"}, follow=True)

    assert "knows no base model called" in answer.content.decode()


def test_shows_the_items_of_one_state(browser, planned):
    browser.post(f"/import/{planned.pk}/items/1", {"take": "no"})

    page = browser.get(f"/import/{planned.pk}?state=left").content.decode()

    assert 'id="item-1"' in page
    assert 'id="item-2"' not in page


def test_other_teams_see_nothing_of_it(client, planned):
    client.force_login(factories.UserFactory())
    assert client.get(f"/import/{planned.pk}").status_code == 404


class TestSource:
    @pytest.fixture
    def version(self, team, contributor):
        adapter = factories.AdapterFactory(team=team, slug="ink", created_by=contributor)
        version = factories.VersionFactory(adapter=adapter, published=True)
        source = factories.SourceFactory(version=version, by=contributor)
        for position, level in enumerate(["general", "explicit"]):
            source.pictures.create(
                position=position,
                blob=factories.keep(factories.PICTURE + bytes([position])),
                width=64,
                height=48,
                content_level=level,
            )
        return version

    def test_stands_on_the_page(self, client, version):
        page = client.get("/ink/ink").content.decode()

        assert "Imported from loras" in page
        assert "Look whether it is still there" not in page

    def test_each_of_its_pictures_is_shown_as_the_reader_wants_its_level(self, client, version):
        client.post("/levels", {"suggestive": "show", "mature": "show", "explicit": "hide"})
        page = client.get("/ink/ink").content.decode()

        shown = re.findall(r'<li data-level="(\w+)"><img src="[^"]*/source/pictures/', page)
        assert shown == ["general", "explicit"]
        assert re.search(r'<html[^>]* class="[^"]*hide-explicit', page)

    def test_its_pictures_can_be_had(self, client, version):
        address = "/api/adapters/ink/ink/versions/1/source/pictures"

        assert client.get(f"{address}/0.webp")["Content-Type"] == "image/webp"
        assert client.get(f"{address}/2.webp").status_code == 404

    @pytest.mark.parametrize("what", ["same", "other", "gone"])
    def test_is_looked_for_again(self, browser, version, settings, tmp_path, what):
        settings.IMPORT_FOLDERS = [str(tmp_path)]
        version.source.asked = str(tmp_path)
        version.source.save()
        if what != "gone":
            with blobs.default().open(version.sha256) as file:
                content = file.read() if what == "same" else b"other"
            (tmp_path / "ink.safetensors").write_bytes(content)

        page = browser.post("/ink/ink/1/source", follow=True).content.decode()

        said = {"same": "unchanged", "other": "another file now", "gone": "It is gone there"}
        assert said[what] in page
        version.source.refresh_from_db()
        assert version.source.looked_at

    def test_is_not_looked_for_by_strangers(self, client, version):
        client.force_login(factories.UserFactory())
        page = client.post("/ink/ink/1/source", follow=True).content.decode()
        assert "you need to be Contributor" in page
