"""The button by which a rejected version is mended in a copy."""

from __future__ import annotations

import pytest
from django.utils import timezone

from registry.models import Mending
from registry.services import mending, preparing
from tests import mends
from tests.factories import AdapterFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]
PAGE = "/ink/ink-wash"
BUTTON = "Mend a copy and check it again"


@pytest.fixture
def version(team, person):
    return mends.rejected(team, person)


def test_a_rejected_version_says_what_is_done_to_a_copy(signed_in, version):
    page = signed_in.get(PAGE).text

    part = page.partition('id="mend"')[2].partition("</form>")[0]
    assert BUTTON in part
    assert '<input type="hidden" name="step" value="not-finite">' in part
    assert '<input type="checkbox" name="step" value="strip" checked>' in part


def test_it_is_followed_until_the_copy_is_there(signed_in, version):
    for _ in range(2):
        answer = signed_in.post(f"{PAGE}/1/mend", {"step": ["not-finite"]})
        assert answer["Location"] == f"{PAGE}?version=1#mend"
    assert Mending.objects.count() == 1
    part = signed_in.get(f"{PAGE}/1/mending", headers={"HX-Request": "true"})
    assert "A copy is being mended" in part.text
    assert f'hx-get="{PAGE}/1/mending"' in part.text

    mends.carry_out()

    part = signed_in.get(f"{PAGE}/1/mending", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == f"{PAGE}?version=2"
    mended = signed_in.get(f"{PAGE}?version=1").text
    assert f'<a href="{PAGE}?version=2">Version 2</a>' in mended
    assert "To the mended copy, version 2" in mended
    copy = signed_in.get(f"{PAGE}?version=2").text
    assert "A mended copy of version 1" in copy
    assert "1 layer left." in copy
    again = signed_in.post(f"{PAGE}/1/mend", {"step": ["not-finite"]})
    assert again["Location"] == f"{PAGE}?version=2"


def test_who_did_not_ask_for_the_copy_stays_where_they_are(client, signed_in, version, team):
    signed_in.post(f"{PAGE}/1/mend", {"step": ["not-finite"]})
    mends.carry_out()
    client.force_login(member(team))

    part = client.get(f"{PAGE}/1/mending", headers={"HX-Request": "true"})

    assert part["HX-Refresh"] == "true"


def test_a_copy_that_could_only_be_the_same_is_not_offered_again(signed_in, version):
    version.runs.get().results.exclude(code="values.finite").delete()
    signed_in.post(f"{PAGE}/1/mend", {"step": ["not-finite"]})
    mends.carry_out()

    page = signed_in.get(f"{PAGE}?version=1").text

    assert "A mended copy was made:" in page
    assert BUTTON not in page


def test_what_cannot_be_mended_says_why(signed_in, version):
    version.runs.get().results.filter(code="values.finite").update(code="pairs.rank")

    page = signed_in.get(PAGE).text

    assert BUTTON not in page
    assert "which of the two halves is the right one" in page
    refused = signed_in.post(f"{PAGE}/1/mend", {"step": ["not-finite"]}, follow=True)
    assert "which of the two halves is the right one" in refused.text


def test_what_failed_says_why_and_may_be_asked_again(signed_in, version):
    signed_in.post(f"{PAGE}/1/mend", {"step": ["not-finite"]})
    held = preparing.claim(Mending.objects.get().preparation_id, owner="a", now=timezone.now())
    preparing.give_up(held, reason="The engine was killed.", now=timezone.now())
    mending.settle_all(now=timezone.now())

    page = signed_in.get(PAGE).text

    assert "The copy could not be mended: The engine was killed." in page
    assert BUTTON in page


@pytest.mark.parametrize("role", ["viewer", None])
def test_it_is_no_button_of_those_who_may_not_upload(client, version, team, role):
    client.force_login(member(team, role) if role else member(AdapterFactory().team))
    assert BUTTON not in client.get(PAGE).text
    assert client.post(f"{PAGE}/1/mend", {"step": ["not-finite"]}).status_code in {403, 404}
    assert not Mending.objects.exists()


def test_a_published_version_may_be_stripped_and_else_shows_no_such_part(signed_in, version):
    type(version).objects.update(state="published", proof="fits", published_at=timezone.now())
    version.runs.get().results.filter(code="values.finite").delete()
    assert BUTTON in signed_in.get(PAGE).text
    version.runs.get().results.all().delete()
    assert 'id="mend"' not in signed_in.get(PAGE).text
