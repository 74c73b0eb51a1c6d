"""The gallery below an adapter, and the page of one picture."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from registry.models import GalleryPicture, Role
from registry.services import gallery as hanging
from tests.factories import AdapterFactory, UserFactory, VersionFactory, member
from tests.hub.pages import rows
from tests.registry.services import painted

pytestmark = pytest.mark.django_db
COMMUNITY = "/ink/zebra/1/community"
HANG = "/ink/zebra/1/gallery/hang"
HTMX = {"HTTP_HX_REQUEST": "true"}
SAID = 'a heron <lora:zebra:0.8> "x"\nSteps: 20, Sampler: Euler, Seed: 5'


def file(text=SAID, name="heron.png"):
    return SimpleUploadedFile(name, painted.png(text))


@pytest.fixture
def picture(zebra):
    mo = UserFactory(username="mo")
    return hanging.hang(zebra, painted.png(SAID), by=mo, now=timezone.now())


@pytest.fixture
def at(picture):
    return f"/ink/zebra/1/gallery/{picture.pk}"


def test_several_pictures_are_hung_at_once_and_each_refusal_is_named(signed_in, zebra):
    bad = SimpleUploadedFile("notes.txt", b"Dear diary")
    part = signed_in.post(HANG, {"file": [file(), file(SAID + " "), bad]}, **HTMX).text

    assert '<section class="sheet" id="gallery" tabindex="-1"' in part
    assert "2 pictures hang here now." in part
    assert "notes.txt is no PNG, JPEG or WebP picture." in part
    assert part.count('class="hung-picture"') == 2


def test_a_picture_is_shown_with_its_adapters_and_copied_with_a_click(client, picture):
    part = client.get(COMMUNITY, **HTMX).text
    assert 'Zebra <b class="number">0.8</b></a>' in part
    assert 'data-copy="a heron &lt;lora:zebra:0.8&gt; &quot;x&quot;\nSteps: 20' in part
    assert 'data-level="general"' in part


def test_without_javascript_the_way_leads_back(signed_in, zebra):
    answer = signed_in.post(HANG, {"file": file()}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{COMMUNITY}#gallery"
    assert "1 picture hangs here now." in answer.text
    assert "Choose a picture first." in signed_in.post(HANG, follow=True).text


def test_one_picture_has_a_page(client, picture, at):
    page = client.get(at).text
    assert "A picture of mo, made with Zebra" in page
    assert "Steps: 20, Sampler: Euler, Seed: 5" in page
    assert "Correct it" not in page
    assert "Hide it in this gallery" not in page


def test_it_has_none_where_it_does_not_hang(client, team, person, at):
    rows.shown(team, "cat", by=person)
    assert client.get(at.replace("zebra", "cat")).status_code == 404


def test_its_maker_corrects_it(client, team, picture, at):
    client.force_login(picture.by)
    VersionFactory(adapter=AdapterFactory(team=team, slug="grain"), published=True)
    form = {
        "content_level": "mature",
        "use": "ink/zebra/1",
        "keep": "ink/zebra/1",
        "weight": "0.7",
        "add": "ink/grain",
        "add_weight": "0.3",
    }
    page = client.post(f"{at}/correct", form, follow=True).text

    assert "It is corrected." in page
    assert 'Zebra <b class="number">0.7</b>' in page
    assert 'Grain <b class="number">0.3</b>' in page
    assert 'data-level="mature"' in page


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"content_level": "general"}, "take it down instead"),
        ({"content_level": "general", "add": "ink/nothing"}, "no adapter called ink/nothing"),
        ({"content_level": "general", "add": "ink/zebra", "add_weight": "much"}, "as 0.8"),
    ],
    ids=["none left", "unknown", "no weight"],
)
def test_a_correction_without_sense_is_refused(client, picture, at, form, said):
    client.force_login(picture.by)
    assert said in client.post(f"{at}/correct", form, follow=True).text


def test_its_maker_takes_it_down(client, picture, at):
    client.force_login(picture.by)
    page = client.post(f"{at}/take-down", follow=True)
    assert page.redirect_chain[-1][0] == f"{COMMUNITY}#gallery"
    assert not GalleryPicture.objects.exists()


def test_a_reviewer_hides_and_shows_it(client, team, picture, at):
    client.force_login(member(team, Role.REVIEWER))
    assert (
        "Hidden here: Off topic."
        in client.post(f"{at}/hide", {"reason": "Off topic."}, follow=True).text
    )
    client.logout()
    assert "hung-picture" not in client.get(COMMUNITY).text
    client.force_login(member(team, Role.REVIEWER))
    assert "Hidden here" not in client.post(f"{at}/show", follow=True).text


def test_others_may_do_nothing_to_it(signed_in, picture, at):
    for act in ("correct", "take-down", "hide", "show"):
        assert signed_in.post(f"{at}/{act}", {"reason": "x"}).status_code == 403


def test_further_pictures_come_page_by_page(client, zebra):
    for turn in range(25):
        content = painted.png(SAID + " " * turn, size=(4, 4))
        hanging.hang(zebra, content, by=UserFactory(), now=timezone.now())
    part = client.get(COMMUNITY, **HTMX).text
    more = part.split('class="more" hx-get="')[1].split('"')[0]
    assert client.get(more, **HTMX).text.count("hung-picture") == 1
    assert "<title>Pictures made with Zebra" in client.get(more).text
