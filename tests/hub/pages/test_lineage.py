from __future__ import annotations

import pytest

from registry.queries import lineage
from tests.factories import UserFactory, VersionFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def wash(team):
    return VersionFactory(
        adapter__team=team, adapter__slug="wash", adapter__licence="mit", published=True
    )


@pytest.fixture
def sea():
    return VersionFactory(
        adapter__team__slug="blue",
        adapter__slug="sea",
        adapter__title="The sea",
        adapter__licence="cc-by-nc-4.0",
        published=True,
    )


def rows(*said):
    """Return what a browser sends of the form."""
    sent = {"form-TOTAL_FORMS": len(said), "form-INITIAL_FORMS": 0}
    for place, one in enumerate(said):
        sent |= {f"form-{place}-{name}": value for name, value in one.items()}
    return sent


AT = "/ink/wash/1/lineage"


def test_what_is_said_stands_on_both_pages(signed_in, client, wash, sea):
    answer = signed_in.post(
        AT,
        rows({"kind": "merged", "of": "blue/sea@1", "weight": "0.4"}, {"kind": "merged", "of": ""}),
    )

    assert answer["Location"] == "/ink/wash?version=1#lineage"
    page = signed_in.get("/ink/wash").content.decode()
    assert 'Merged from, at weight 0.4: <a href="/blue/sea?version=1"' in page
    assert "does not permit all the commercial use" in signed_in.get(AT).content.decode()
    client.logout()
    there = client.get("/blue/sea").content.decode()
    assert "What was made of it" in there
    assert 'href="/ink/wash?version=1"' in there


def test_what_lies_elsewhere_is_a_link_that_tells_nobody_who_asks(signed_in, wash):
    signed_in.post(
        AT,
        rows({"kind": "continued", "of": 'https://example.com/"x', "title": "<b>Sea</b>"}),
    )

    page = signed_in.get("/ink/wash").content.decode()
    assert '<a href="https://example.com/&quot;x" rel="noreferrer nofollow">' in page
    assert "<b>Sea</b>" not in page


def test_what_is_gone_stays_as_text(signed_in, wash, sea):
    signed_in.post(AT, rows({"kind": "continued", "of": "blue/sea@1"}))
    sea.delete()
    page = signed_in.get("/ink/wash").content.decode()
    assert 'blue/sea@1 <span class="quiet small">(not here any more)' in page


def test_what_the_hub_found_is_confirmed_with_a_click(signed_in, person, wash, sea):
    wash.files.update(metadata={"loradex.source_sha256": sea.sha256})
    assert 'name="confirm" value="blue/sea@1"' in signed_in.get(AT).content.decode()

    assert signed_in.post(AT, {"confirm": "blue/sea@1"})["Location"] == AT

    [one] = lineage.said_of(wash, by=None)
    assert (one.version, one.said.kind, one.said.evidence) == (sea, "converted", "metadata")
    assert 'name="confirm"' not in signed_in.get(AT).content.decode()


def test_nothing_else_is_confirmed(signed_in, wash, sea):
    signed_in.post(AT, {"confirm": "blue/sea@1"})
    assert lineage.said_of(wash, by=None) == []


def test_a_refusal_keeps_what_was_typed(signed_in, wash, sea):
    answer = signed_in.post(AT, rows({"kind": "resized", "of": "blue/sea@9", "title": "Mine"}))

    assert answer.status_code == 422
    assert "There is no version 9 of blue/sea." in answer.content.decode()
    assert 'value="Mine"' in answer.content.decode()


def test_a_weight_that_is_none_is_told(signed_in, wash, sea):
    answer = signed_in.post(AT, rows({"kind": "merged", "of": "blue/sea@1", "weight": "much"}))
    assert answer.status_code == 422


@pytest.mark.parametrize("role", [None, "viewer"])
def test_is_for_those_who_may_say_it(client, wash, role):
    client.force_login(member(wash.adapter.team, role) if role else UserFactory())
    assert client.get(AT).status_code == 403
    assert AT not in client.get("/ink/wash").content.decode()


def test_the_change_stands_among_what_was_changed(signed_in, wash, sea):
    signed_in.post(AT, rows({"kind": "continued", "of": "blue/sea@1"}))
    assert "was made from." in signed_in.get("/ink/wash/1/edit").content.decode()
