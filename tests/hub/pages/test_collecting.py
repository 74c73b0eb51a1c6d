"""From its card an adapter is put into collections without its page, and without JavaScript."""

from __future__ import annotations

import pytest
from django.utils import timezone

from registry.services import collections

pytestmark = pytest.mark.django_db
AT = "/ink/zebra/collect"


@pytest.fixture
def winter(person):
    return collections.make(collections.Said(title="Winter"), by=person, now=timezone.now())


def test_a_card_leads_a_member_to_it_and_no_stranger(client, signed_in, zebra):
    assert f'href="{AT}"' in signed_in.get("/").text

    client.logout()
    assert f'href="{AT}"' not in client.get("/").text
    assert client.get(AT).headers["Location"] == f"/sign-in?next={AT}"


def test_an_adapter_goes_in_and_out_of_a_collection_and_one_stays_where_one_is(
    signed_in, zebra, winter
):
    said = {"from_card": "", "collection": winter.pk, "on": "1"}

    page = signed_in.post(AT, said, follow=True)

    assert page.redirect_chain == [(AT, 302)]
    assert 'aria-pressed="true"' in page.text
    assert winter.items.count() == 1

    page = signed_in.post(AT, said | {"on": "0"}, follow=True)

    assert 'aria-pressed="true"' not in page.text
    assert not winter.items.exists()


def test_a_new_collection_is_made_for_it(signed_in, zebra):
    page = signed_in.post(AT, {"from_card": "", "title": "Summer"}, follow=True).text

    assert "Summer</button>" in page
    assert 'aria-pressed="true"' in page


def test_over_the_cards_only_a_part_of_the_page_comes(signed_in, zebra, winter):
    asked = signed_in.get(AT, headers={"HX-Request": "true"})
    put_in = signed_in.post(
        AT, {"from_card": "", "title": "Summer"}, headers={"HX-Request": "true"}
    )

    for answer in (asked, put_in):
        assert "<html" not in answer.text
        assert answer.text.lstrip().startswith('<section id="collect"')
        assert "HX-Request" in answer.headers["Vary"]


def test_whoever_has_no_collection_reads_what_one_is_for(signed_in, zebra):
    assert "puts adapters together that belong together" in signed_in.get(AT).text


def test_what_may_not_be_seen_is_not_there(signed_in, zebra):
    assert signed_in.get("/ink/no-such/collect").status_code == 404
