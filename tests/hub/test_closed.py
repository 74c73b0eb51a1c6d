"""A closed hub: strangers are asked to sign in at every address, and tokens open every door."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.models import AdapterVersion, Scope, User
from tests.factories import token
from tests.hub import hidden
from tests.hub.hidden import ROUTES, address, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent", "blob_root")]

# What has nothing of the hub's in it: how to get in, what to ask with, and what is nowhere.
OPEN = ("/api/schema", "/client/", "/invitations/", "/api/agent-harnesses", "/api/telemetry/")
NOWHERE = ("/api/^", "/api/v1/made-up")


@pytest.fixture
def words(team, settings):
    settings.READ_NEEDS_SIGN_IN = True
    rates = dict.fromkeys(settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])
    rates["sign-in"] = "10/min"
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": rates}
    words = hidden.things(team)
    AdapterVersion.objects.update(state="published", published_at=hidden.NOW)
    return words


def is_shut(answer):
    led = answer.status_code == 302 and answer["Location"].startswith("/sign-in?next=")
    return led or answer.status_code in {401, 403, 405}


@pytest.mark.parametrize("method", ["get", "post", "options"])
def test_a_stranger_finds_every_address_shut(method, words):
    client = Client(raise_request_exception=False)
    found = []
    for route in ROUTES:
        at = address(route, words)
        if at.startswith((*OPEN, *NOWHERE)):
            continue
        answer = getattr(client, method)(at)
        if method == "options":  # of doors that other sites ask: a preflight tells nothing
            assert hidden.SECRET not in said(answer).decode().lower()
        elif not is_shut(answer):
            found.append((at, answer.status_code))

    assert found == []


@pytest.mark.parametrize(
    "at",
    [
        "/ink/zorb/resolve/main/README.md",
        "/ink/zorb/raw/main/README.md",
        "/models/ink/zorb/resolve/main/README.md",
        "/api/models/ink/zorb/tree/main",
        "/api/adapters/ink/zorb/versions/1/download",
        "/api/download/models/{serial}",
    ],
)
def test_a_token_opens_each_door_for_programs(at, words):
    secret = token(User.objects.get(username="ada"), Scope.READ)
    sent = {"Authorization": f"Bearer {secret}"}

    answer = Client().get(at.format(**words), headers=sent)

    assert answer.status_code == 200
    assert said(answer)


def test_large_files_are_sent_and_lorax_is_answered(words):
    secret = token(User.objects.get(username="ada"))
    sent = {"Authorization": f"Bearer {secret}"}
    asked = {"operation": "upload", "objects": [{"oid": "a" * 64, "size": 5}]}

    batch = Client().post(
        "/ink/zorb.git/info/lfs/objects/batch", asked, "application/json", headers=sent
    )
    there = batch.json()["objects"][0]["actions"]["upload"]["href"].partition("testserver")[2]

    # Its address is the right to send it: whoever sends it shows no token there.
    assert Client().put(there, b"hello", "application/octet-stream").status_code != 302
    assert Client().get("/v2/repos/ink--zorb/version/1", headers=sent).status_code == 409  # a disk


SPOILED = {
    "narrow": lambda ada: None,
    "revoked": lambda ada: ada.tokens.update(revoked_at=hidden.NOW),
    "expired": lambda ada: ada.tokens.update(expires_at=hidden.NOW),
    "left": lambda ada: ada.memberships.all().delete(),
    "closed": lambda ada: User.objects.filter(pk=ada.pk).update(is_active=False),
}
# A person's own, which no team has a say in.
OWN = ("/api/favourites/", "/api/follows/", "/api/notifications", "/api/collections")


@pytest.mark.parametrize("how", SPOILED)
def test_a_token_that_is_good_for_less_opens_less(how, words):
    ada = User.objects.get(username="ada")
    secret = token(ada, Scope.READ)
    SPOILED[how](ada)
    AdapterVersion.objects.update(state="ready", published_at=None)
    client = Client(raise_request_exception=False)
    # Who has left, or may only read, may read what is theirs.
    reads = how in {"narrow", "left"}
    methods = ("post", "put", "patch", "delete") if reads else ("get", "post")

    done = []
    for at in [address(route, words) for route in ROUTES]:
        for method in methods:
            answer = getattr(client, method)(at, headers={"Authorization": f"Bearer {secret}"})
            said_it = hidden.SECRET in said(answer).decode(errors="replace").lower()
            if said_it or (answer.status_code < 300 and not at.startswith((*OWN, *OPEN))):
                done.append((method, at, answer.status_code))

    assert done == []
