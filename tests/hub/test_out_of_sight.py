"""
What a team has not published is out of sight at every door, whatever is asked of it.

It walks all addresses of the hub by all methods: a door that is added is walked by itself.
"""

from __future__ import annotations

import pytest
from django.test import Client

from registry.models import Event, Role, User
from tests.factories import TeamFactory, member
from tests.hub import hidden
from tests.hub.hidden import ROUTES, SECRET, address, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent", "blob_root")]


@pytest.fixture
def words(team):
    """Return what stands for the holes of addresses: all of it a team's own, and not published."""
    return hidden.things(team)


def ask(client, method, at):
    body = {"content_type": "application/json"} if method in {"put", "patch"} else {}
    return getattr(client, method)(at, {}, headers={"HX-Request": "true"}, **body)


def told(client, words, *methods):
    """Return what speaks of the secret, breaks, or is done to the team: method, address, what."""
    found, last = [], Event.objects.latest("pk").pk
    for route in ROUTES:
        at = address(route, words)
        for method in methods:
            answer = ask(client, method, at)
            if SECRET in said(answer).decode(errors="replace").lower():
                found.append((method, at, "says it"))
            if answer.status_code >= 500 and answer.status_code != 501:  # said on purpose
                found.append((method, at, answer.status_code))
            done = Event.objects.filter(pk__gt=last, team__slug="ink")
            found.extend((method, at, event.verb) for event in done)
            last = Event.objects.latest("pk").pk
    return found


def test_a_stranger_is_told_nothing(words):
    assert told(Client(raise_request_exception=False), words, "get") == []


def test_an_admin_of_another_team_is_told_nothing_and_changes_nothing(words):
    client = Client(raise_request_exception=False)
    client.force_login(member(TeamFactory(slug="other"), Role.ADMIN))

    assert told(client, words, "get", "post", "put", "patch", "delete") == []


def test_its_own_admin_is_told_at_most_doors_and_changes_nothing_by_looking(words):
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(username="ada"))

    found = told(client, words, "get")

    assert {what for _, _, what in found} == {"says it"}
    assert len(found) > 50


@pytest.mark.parametrize(
    "at",
    [
        "/?state=ready",
        "/?base=ours",
        "/?view=table&team=ink",
        "/api/adapters?state=ready",
        "/api/adapters?team=ink",
        "/api/adapters?hash={sha256}",
        "/api/facets?state=ready",
        "/api/facets?base=ours",
        "/api/v1/models?limit=9",
        "/api/models?author=ink",
        "/api/changes",
        "/compare?adapters=ink/zorb@1",
        "/compare?add=ink/zorb@1",
        "/compare/asked?requests={request_id}",
        "/api/compare?a=ink/zorb@1&b=ink/zorb@1",
        "/api/compare/several?adapters=ink/zorb@1",
        "/upload?draft={draft_id}",
        "/review",
        "/complaints",
        "/notifications",
    ],
)
def test_no_question_brings_it_up(at, words):
    client = Client()
    client.force_login(member(TeamFactory(slug="other"), Role.ADMIN))

    answer = client.get(at.format(**words), follow=True)

    assert SECRET not in said(answer).decode(errors="replace").lower()
