from __future__ import annotations

import pytest

from registry.models import Channel, Role
from tests.factories import member

pytestmark = pytest.mark.django_db
AT = "/ink/zebra/1/channels"


@pytest.fixture
def reviewing(client, team):
    """Return a browser that a reviewer is signed in with."""
    client.force_login(member(team, Role.REVIEWER, username="rhea"))
    return client


def test_a_reviewer_moves_a_channel_from_the_page(reviewing, zebra):
    assert "Point a channel at version 1" in reviewing.get("/ink/zebra").text

    page = reviewing.post(AT, {"channel": "Prod ", "reason": "It holds."}, follow=True).text

    assert "prod points at version 1 now." in page
    shown = page.split('id="channels"')[1].split("</dl>")[0]
    assert "<code>prod</code>" in shown
    assert "by rhea" in shown
    assert "It holds." in shown


def test_others_see_channels_and_no_form(client, signed_in, zebra):
    for browser in (client, signed_in):
        page = browser.get("/ink/zebra").text
        assert 'id="channels"' in page
        assert "Point a channel at" not in page


def test_a_name_that_cannot_be_is_refused_in_a_sentence(reviewing, zebra):
    page = reviewing.post(AT, {"channel": "v2"}, follow=True).text
    assert "v2 means a version already" in page
    assert not Channel.objects.exists()


def test_who_may_not_is_refused(signed_in, zebra):
    assert signed_in.post(AT, {"channel": "prod"}).status_code == 403
