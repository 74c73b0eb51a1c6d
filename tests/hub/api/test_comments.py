from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.models import Role
from registry.services import commenting
from registry.services.commenting import Said
from tests.factories import AdapterFactory, UserFactory, VersionFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
AT = "/api/adapters/ink/wash/comments"
NOW = timezone.now()


@pytest.fixture
def adapter(team):
    adapter = AdapterFactory(team=team, slug="wash")
    VersionFactory(adapter=adapter, published=True)
    return adapter


@pytest.fixture
def wren(api, adapter):
    """Return a person of no team who is signed in."""
    wren = UserFactory(username="wren")
    api.force_authenticate(wren)
    return wren


def test_a_comment_is_written_answered_edited_and_deleted(api, wren):
    made = api.post(AT, {"text": "**Good** at 0.7.", "version": 1, "weight": 0.7})
    assert made.status_code == 201
    told = made.json()
    assert (told["by"], told["version"], told["weight"], told["state"]) == ("wren", 1, 0.7, "shown")
    assert made["Location"] == told["url"]

    assert api.post(AT, {"text": "Yes.", "parent": told["id"]}).status_code == 201
    assert api.put(told["url"], {"text": "Good at 0.8."}).json()["edited_at"]
    listed = api.get(AT).json()
    assert [one["text"] for one in listed["items"]] == ["Good at 0.8."]
    assert [one["text"] for one in listed["items"][0]["answers"]] == ["Yes."]

    assert api.delete(told["url"]).status_code == 204
    assert api.get(told["url"]).status_code == 404
    left = api.get(AT).json()["items"]
    assert [(one["state"], one["text"]) for one in left] == [("deleted", "")]
    assert left[0]["answers"][0]["text"] == "Yes."


def test_strangers_read_and_do_not_write(api, adapter):
    commenting.write(adapter, Said("Good."), by=UserFactory(), now=NOW)
    assert api.get(AT).json()["items"][0]["text"] == "Good."
    assert api.post(AT, {"text": "Spam."}).status_code == 401


def test_what_strangers_may_not_see_has_no_comments_for_them(api, team):
    VersionFactory(adapter=AdapterFactory(team=team, slug="wash"), ready=True)
    api.force_authenticate(UserFactory())
    assert api.get(AT).status_code == 404
    assert api.post(AT, {"text": "Hm."}).status_code == 404


def test_a_version_in_hiding_is_not_named(api, team, adapter):
    hidden = VersionFactory(adapter=adapter, ready=True)
    insider = member(team)
    commenting.write(adapter, Said("Soon.", version=hidden), by=insider, now=NOW)

    assert api.get(AT).json()["items"][0]["version"] is None
    api.force_authenticate(insider)
    assert api.get(AT).json()["items"][0]["version"] == 2


def test_hiding_leaves_the_reason_and_no_text(api, team, adapter, wren):
    at = api.post(AT, {"text": "You fool."}).json()["url"]
    assert api.put(f"{at}/hidden", {"reason": "Rude."}).status_code == 403

    api.force_authenticate(member(team, Role.REVIEWER))
    assert api.put(f"{at}/hidden", {}).status_code == 400
    assert api.put(f"{at}/hidden", {"reason": "Rude."}).json()["text"] == "You fool."
    api.force_authenticate(UserFactory())
    seen = api.get(at).json()
    assert (seen["state"], seen["hidden_reason"], seen["text"]) == ("hidden", "Rude.", "")
    api.force_authenticate(wren)
    assert api.get(at).json()["text"] == "You fool."

    api.force_authenticate(member(team, Role.REVIEWER))
    assert api.delete(f"{at}/hidden").json()["state"] == "shown"


def test_pages_follow_each_other(api, adapter):
    for turn in range(23):
        by, at = UserFactory(), NOW + timedelta(seconds=turn)
        commenting.write(adapter, Said(f"Number {turn}."), by=by, now=at)

    first = api.get(AT).json()
    second = api.get(first["next"]).json()
    assert len(first["items"]) == 20
    assert [one["text"] for one in second["items"]] == ["Number 2.", "Number 1.", "Number 0."]
    assert second["next"] is None
    assert api.get(AT, {"cursor": "x"}).status_code == 400


def test_a_list_is_the_same_number_of_queries_however_long(
    api, adapter, django_assert_max_num_queries
):
    for turn in range(8):
        said = Said("Hm.", version=adapter.versions.get())
        comment = commenting.write(adapter, said, by=UserFactory(), now=NOW)
        for _ in range(turn % 3):
            commenting.write(adapter, Said("Yes."), parent=comment, by=UserFactory(), now=NOW)
    with django_assert_max_num_queries(4):  # the adapter, whether it is seen, comments, answers
        assert len(api.get(AT).json()["items"]) == 8


def test_a_flood_is_told_when_to_go_on(api, settings, wren):
    settings.COMMENTS_PER_MINUTE = 1
    api.post(AT, {"text": "One."})
    answer = api.post(AT, {"text": "Two."})
    assert (answer.status_code, answer.json()["code"]) == (429, "quota-reached")
    assert 0 < int(answer["Retry-After"]) <= 60
