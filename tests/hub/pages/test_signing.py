"""Signing in: one place, where nobody guesses for long."""

from __future__ import annotations

import pytest

from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {
        "DEFAULT_THROTTLE_RATES": settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
        | {"sign-in": "2/min"}
    }
    return UserFactory(username="root", is_superuser=True, is_staff=True)


def sign_in(client, at, password, **more):
    return client.post(at, {"username": "root", "password": password, **more})


def test_whoever_guesses_too_often_is_not_let_in_with_the_right_password(client, person):
    for _ in range(2):
        assert sign_in(client, "/sign-in", "wrong").status_code == 422

    assert sign_in(client, "/sign-in", "correct horse battery staple").status_code == 429
    assert "_auth_user_id" not in client.session


def test_the_administration_is_no_second_door_to_guess_at(client, person):
    for _ in range(3):
        assert sign_in(client, "/admin/login/", "wrong").status_code == 405

    assert sign_in(client, "/admin/login/", "correct horse battery staple").status_code == 405
    assert "_auth_user_id" not in client.session


def test_who_comes_to_the_administration_signs_in_first(client, person):
    answer = client.get("/admin/registry/team/", follow=True)

    assert [at for at, _ in answer.redirect_chain] == [
        "/admin/login/?next=/admin/registry/team/",
        "/sign-in?next=/admin/registry/team/",
    ]
    inside = sign_in(
        client, "/sign-in", "correct horse battery staple", next="/admin/registry/team/"
    )
    assert inside["Location"] == "/admin/registry/team/"


def test_whoever_may_not_administer_is_told_so_and_not_sent_in_circles(client):
    client.force_login(UserFactory())

    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_address_leads_away_after_signing_in(client, person, away):
    answer = sign_in(client, "/sign-in", "correct horse battery staple", next=away)

    assert answer["Location"] == "/"
    assert client.get(f"/sign-in?next={away}")["Location"] == "/"  # signed in already


def test_a_session_of_before_is_another_after(client, person):
    client.get("/sign-in")
    client.session["planted"] = True
    client.session.save()
    before = client.session.session_key

    sign_in(client, "/sign-in", "correct horse battery staple")

    assert client.session.session_key != before
