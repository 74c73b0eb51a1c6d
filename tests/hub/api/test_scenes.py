"""A team's scenes by the API."""

from __future__ import annotations

import pytest

from tests.factories import BaseFactory, SceneFactory, TeamFactory, member

pytestmark = pytest.mark.django_db
AT = "/api/teams/ink/scenes"
LANTERN = {"base": "sdxl-1-0", "title": "A lantern", "prompt": "a lantern, {trigger}"}


@pytest.fixture
def reviewer(api):
    SceneFactory(base=BaseFactory(slug="sdxl-1-0"), slug="circle")
    person = member(TeamFactory(slug="ink"), "reviewer")
    api.force_authenticate(person)
    return person


def test_adds_lists_and_switches_off_a_scene(api, reviewer):
    added = api.post(AT, LANTERN | {"steps": 12, "counts": False}, format="json")
    assert added.status_code == 201, added.json()
    assert added.json()["slug"] == "a-lantern"

    changed = api.patch(f"{AT}/{added.json()['id']}", {"active": False}, format="json")
    assert changed.status_code == 200

    (scene,) = api.get(AT, {"base": "sdxl-1-0"}).json()["items"]
    assert (scene["base"], scene["steps"], scene["active"]) == ("sdxl-1-0", 12, False)
    assert scene["counts"] is False


def test_says_in_words_what_is_too_much(api, reviewer):
    answer = api.post(AT, LANTERN | {"width": 4096}, format="json")

    assert answer.status_code in {400, 422}
    assert answer.json()["detail"] == "width: a whole number from 64 to 2048."


def test_is_for_members_who_review(api, reviewer):
    api.force_authenticate(member(TeamFactory(slug="ink"), "contributor"))
    assert api.post(AT, LANTERN, format="json").status_code == 403
    assert api.get(AT).status_code == 200

    api.force_authenticate(member(TeamFactory(slug="other"), "admin"))
    assert api.get(AT).status_code == 403
    assert api.patch(f"{AT}/1", {"active": False}, format="json").status_code == 404
