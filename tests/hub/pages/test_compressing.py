"""Pages come compressed to whoever takes them so, and nothing else does."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from tests.factories import VersionFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "sent")]


@pytest.fixture
def browser():
    return Client(headers={"accept-encoding": "gzip, br"})


def test_a_page_is_sent_compressed(browser, client):
    VersionFactory(published=True)

    answer = browser.get("/")

    assert answer["Content-Encoding"] == "gzip"
    assert int(answer["Content-Length"]) == len(answer.content)
    assert "Accept-Encoding" in answer["Vary"]
    page = gzip.decompress(answer.content)
    assert page.decode().startswith(client.get("/").text[:200])
    assert 2 * len(answer.content) < len(page)


def test_whoever_does_not_take_it_so_gets_it_as_it_is(client):
    answer = client.get("/")
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer["Vary"]  # what lies between keeps both apart


def test_how_long_it_is_tells_nothing_of_what_is_on_it(browser):
    assert len({len(browser.get("/bases").content) for _ in range(20)}) > 5


@pytest.mark.parametrize("at", ["/api/adapters", "/api/schema"])
def test_what_programs_are_answered_is_sent_as_it_is(browser, at):
    assert "Content-Encoding" not in browser.get(at).headers


def test_a_file_is_sent_as_it_is(browser):
    version = VersionFactory(published=True)
    name = f"{version.adapter.team.slug}/{version.adapter.slug}"

    answer = browser.get(f"/api/adapters/{name}/versions/1/download")

    assert b"".join(answer)
    assert "Content-Encoding" not in answer.headers


def test_what_answers_to_a_form_is_sent_as_it_is(browser, team):
    browser.force_login(member(team))
    answer = browser.post("/searches/save", {"title": "", "query": ""}, follow=False)
    refused = browser.post("/sign-in", {"username": "nobody", "password": "wrong"})
    assert refused.status_code in {200, 302, 422}
    for one in (answer, refused):
        assert "Content-Encoding" not in one.headers
