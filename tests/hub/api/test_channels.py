from __future__ import annotations

import pytest
from django.utils import timezone

from registry.models import Role, Scope
from registry.services import channels
from tests.factories import AdapterFactory, VersionFactory, member, token

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
AT = "/api/adapters/ink/wash/channels"


@pytest.fixture
def adapter(team):
    return AdapterFactory(team=team, slug="wash")


@pytest.fixture
def reviewer(team):
    return member(team, Role.REVIEWER, username="rhea")


@pytest.fixture
def versions(adapter):
    return [VersionFactory(adapter=adapter, published=True) for _ in range(2)]


def test_a_channel_is_made_moved_shown_and_removed(api, reviewer, versions):
    api.force_authenticate(reviewer)

    made = api.put(f"{AT}/prod", {"version": 1, "reason": "Good enough."})
    assert made.status_code == 200
    shown = api.get(f"{AT}/prod").json()
    assert shown == made.json()
    assert shown["version"] == 1
    assert shown["sha256"] == versions[0].sha256
    assert (shown["moved_by"], shown["reason"]) == ("rhea", "Good enough.")
    assert shown["url"] == "http://testserver/api/adapters/ink/wash/versions/1"

    assert api.put(f"{AT}/prod", {"version": 2}).json()["version"] == 2
    assert [one["channel"] for one in api.get(AT).json()["items"]] == ["prod"]
    assert api.get("/api/adapters/ink/wash").json()["channels"] == {"prod": 2}

    assert api.delete(f"{AT}/prod").status_code == 204
    assert api.get(AT).json() == {"items": []}


def test_a_download_follows_the_channel(api, adapter, reviewer, versions):
    channels.move(adapter, "prod", to=versions[0], by=reviewer, now=timezone.now())
    at = "/api/adapters/ink/wash/download"

    assert api.get(at)["ETag"] == f'"{versions[1].sha256}"'
    by_channel = api.get(at, {"channel": "prod"})
    assert by_channel["ETag"] == f'"{versions[0].sha256}"'
    assert by_channel["Cache-Control"] == "no-cache"


def test_a_channel_that_is_not_there_is_missing(api, versions):
    for address in (f"{AT}/prod", "/api/adapters/ink/wash/download?channel=prod"):
        answer = api.get(address)
        assert answer.status_code == 404
        assert answer.json()["detail"] == "ink/wash has no channel called 'prod'; it has none."


def test_channels_of_what_strangers_may_not_see_look_missing(api, adapter):
    VersionFactory(adapter=adapter, ready=True)
    assert api.get(AT).status_code == 404


@pytest.mark.parametrize("body", [{}, {"version": 0}, {"version": "x"}, {"version": 2**40}])
def test_a_move_needs_a_version(api, reviewer, versions, body):
    api.force_authenticate(reviewer)
    assert api.put(f"{AT}/prod", body).status_code == 400


def test_a_move_to_a_version_that_is_not_there_is_missing(api, reviewer, versions):
    api.force_authenticate(reviewer)
    assert api.put(f"{AT}/prod", {"version": 9}).status_code == 404


def test_strangers_and_contributors_move_nothing(api, team, versions):
    assert api.put(f"{AT}/prod", {"version": 1}).status_code == 401
    api.force_authenticate(member(team, Role.CONTRIBUTOR))
    assert api.put(f"{AT}/prod", {"version": 1}).status_code == 403
    assert api.delete(f"{AT}/prod").status_code == 403


def test_a_token_needs_the_scope_to_publish(api, reviewer, versions):
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token(reviewer, Scope.UPLOAD)}"}
    answer = api.put(f"{AT}/prod", {"version": 1}, **bearer)
    assert (answer.status_code, answer.json()["code"]) == (403, "outside-scope")
