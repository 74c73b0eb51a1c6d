"""The menu by which a version is downloaded in another layout."""

from __future__ import annotations

import pytest
from django.utils import timezone

from registry.models import Preparation
from registry.services import preparing
from tests.factories import AdapterFactory, VersionFactory, keep, member
from tests.files import kohya_lora

pytestmark = pytest.mark.django_db

PAGE = "/ink/ink-wash"


@pytest.fixture
def version(team):
    return VersionFactory(adapter=AdapterFactory(slug="ink-wash", team=team), published=True)


@pytest.fixture
def member_of(client, version):
    client.force_login(member(version.adapter.team, "viewer"))
    return client


def make():
    row = preparing.claim(Preparation.objects.get().pk, owner="a", now=timezone.now())
    made = {"lora.safetensors": keep(kohya_lora("sdxl", rank=2).getvalue())}
    preparing.finish(row, made, worst_error=0, notes=[], now=timezone.now())


def test_the_menu_offers_what_can_be_had_and_says_why_not_the_rest(member_of):
    page = member_of.get(PAGE).text
    assert 'name="layout" value="kohya"' in page
    assert 'name="layout" value="gguf"' not in page
    assert "not written in GGUF&#x27;s layout" in page
    assert 'href="/api/adapters/ink/ink-wash/versions/1/bundle"' in page
    assert "hx-get" not in page.partition('id="layouts"')[2].partition("</div>")[0]


def test_what_is_asked_for_is_followed_until_it_is_there(member_of):
    answer = member_of.post(f"{PAGE}/1/layouts/ask", {"layout": "kohya"})
    assert answer["Location"] == f"{PAGE}?version=1#layouts"
    menu = member_of.get(PAGE).text.partition('id="layouts"')[2]
    assert f'hx-get="{PAGE}/1/layouts"' in menu
    assert "<details open>" in menu
    assert "Waiting for a worker" in menu

    make()
    menu = member_of.get(f"{PAGE}/1/layouts", headers={"HX-Request": "true"}).text
    assert "hx-get" not in menu
    assert "<details open>" in menu
    assert 'href="/api/adapters/ink/ink-wash/versions/1/download?layout=kohya"' in menu


def test_a_stranger_is_sent_to_sign_in_and_gets_what_is_there(client, version, member_of):
    member_of.post(f"{PAGE}/1/layouts/ask", {"layout": "kohya"})
    make()
    client.logout()

    page = client.get(PAGE).text

    assert "download?layout=kohya" in page
    assert "Sign in to have it made" in page
    assert 'name="layout"' not in page
    assert client.post(f"{PAGE}/1/layouts/ask", {"layout": "peft"}).status_code == 401
    assert Preparation.objects.count() == 1


def test_what_cannot_be_had_is_said_on_the_page(member_of, settings):
    settings.PREPARE_LIVING = 0
    for layout, said in (("gguf", "GGUF"), ("peft", "are being prepared for you")):
        answer = member_of.post(f"{PAGE}/1/layouts/ask", {"layout": layout}, follow=True)
        assert said in answer.text
    assert member_of.post(f"{PAGE}/1/layouts/ask", {"layout": "x"}).status_code == 400


def test_there_is_no_menu_before_the_verdict(client, team):
    VersionFactory(adapter=AdapterFactory(slug="ink-wash", team=team))
    client.force_login(member(team, "viewer"))
    assert 'id="layouts"' not in client.get(PAGE).text


def test_what_failed_says_why_and_may_be_asked_for_again(member_of, settings):
    settings.RUN_ATTEMPTS = 1
    member_of.post(f"{PAGE}/1/layouts/ask", {"layout": "kohya"})
    held = preparing.claim(Preparation.objects.get().pk, owner="a", now=timezone.now())
    preparing.release(held, reason="The engine was killed.", now=timezone.now())
    page = member_of.get(PAGE).text
    assert "It could not be made: The engine was killed." in page
    assert 'name="layout" value="kohya"' in page


def test_a_recipe_leads_to_the_menu_until_its_layout_is_there(member_of, version):
    """Before that, the address of the download answers with what only programs read."""
    version.files.update(dialect="cloneofsimo")
    link = 'versions/1/download?layout=kohya">download that one<'
    page = member_of.get(PAGE).text
    assert 'which is yet to be made: <a href="#layouts">' in page
    assert link not in page

    member_of.post(f"{PAGE}/1/layouts/ask", {"layout": "kohya"})
    make()
    assert link in member_of.get(PAGE).text
