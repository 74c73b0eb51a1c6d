from __future__ import annotations

import pytest

from registry.models import Token
from registry.queries import people
from tests.factories import UserFactory, token

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


class TestSignIn:
    def test_lets_a_person_in_and_goes_where_they_wanted(self, client):
        UserFactory(username="mika")

        answer = client.post(
            "/sign-in", {"username": "mika", "password": PASSWORD, "next": "/upload"}
        )

        assert answer["Location"] == "/upload"

    def test_never_sends_anyone_elsewhere(self, client):
        UserFactory(username="mika")

        answer = client.post(
            "/sign-in", {"username": "mika", "password": PASSWORD, "next": "https://evil.example/"}
        )

        assert answer["Location"] == "/"

    def test_tells_a_stranger_how_to_get_an_account(self, client):
        assert "make demo" in client.get("/sign-in").text

    def test_refuses_a_wrong_password(self, client):
        UserFactory(username="mika")

        answer = client.post("/sign-in", {"username": "mika", "password": "wrong"})

        assert answer.status_code == 422
        assert 'role="alert"' in answer.text

    def test_slows_down_who_guesses(self, client):
        UserFactory(username="mika")
        for _ in range(10):
            client.post("/sign-in", {"username": "mika", "password": "wrong"})

        answer = client.post("/sign-in", {"username": "mika", "password": PASSWORD})

        assert answer.status_code == 429
        assert "wait a minute" in answer.text

    def test_tells_those_behind_one_proxy_apart(self, client, settings):
        settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}
        UserFactory(username="mika")
        for _ in range(10):
            told = {"username": "mika", "password": "wrong"}
            client.post("/sign-in", told, HTTP_X_FORWARDED_FOR="203.0.113.9")

        told = {"username": "mika", "password": PASSWORD}
        answer = client.post("/sign-in", told, HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.7")

        assert answer.status_code == 302

    def test_signs_out_by_post_alone(self, signed_in):
        assert signed_in.get("/sign-out").status_code == 405
        signed_in.post("/sign-out")
        assert "Sign in" in signed_in.get("/").text


class TestTokens:
    def test_asks_strangers_to_sign_in(self, client):
        assert client.get("/account")["Location"].startswith("/sign-in")

    def test_shows_a_new_secret_this_once(self, signed_in, person):
        page = signed_in.post(
            "/account/tokens", {"title": "node 3", "scopes": ["read", "upload"], "lifetime": "30"}
        ).text

        secret = page.split('id="secret">')[1].split("<")[0]
        made = people.token_of(secret, now=Token.objects.get().created_at)
        assert made.user == person
        assert made.scopes == ["read", "upload"]
        assert made.expires_at is not None
        assert secret not in signed_in.get("/account").text

    def test_wants_a_scope(self, signed_in):
        page = signed_in.post("/account/tokens", {"title": "node 3", "lifetime": ""})

        assert page.status_code == 422
        assert "Choose at least one thing" in page.text
        assert not Token.objects.exists()

    def test_revokes(self, signed_in, person):
        token(person)

        page = signed_in.post(f"/account/tokens/{Token.objects.get().pk}/revoke", follow=True)

        assert Token.objects.get().revoked_at is not None
        assert "is revoked" in page.text

    def test_does_not_revoke_anyone_elses(self, signed_in):
        token(UserFactory())

        answer = signed_in.post(f"/account/tokens/{Token.objects.get().pk}/revoke")

        assert answer.status_code == 404
        assert Token.objects.get().revoked_at is None


class TestProfile:
    def test_says_something_else_of_oneself(self, signed_in, person):
        said = {"display_name": "Mika Inoue", "email": "mika@example.org", "language": "zh-hans"}

        answer = signed_in.post("/account/profile", said)

        person.refresh_from_db()
        assert (person.get_full_name(), person.email) == ("Mika Inoue", "mika@example.org")
        assert answer.cookies["django_language"].value == "zh-hans"
        assert 'lang="zh-hans"' in signed_in.get("/account").text

    def test_refuses_what_is_no_address(self, signed_in, person):
        answer = signed_in.post("/account/profile", {"email": "nobody"})

        assert answer.status_code == 422
        assert "Enter a valid email address." in answer.text

    def test_greets_in_the_language_that_was_chosen(self, client):
        UserFactory(username="mei", language="zh-hans")

        answer = client.post("/sign-in", {"username": "mei", "password": PASSWORD})

        assert answer.cookies["django_language"].value == "zh-hans"


class TestPassword:
    NEW = "seven horses on a hill"

    def test_is_changed_and_the_session_goes_on(self, client):
        mei = UserFactory(username="mei")
        client.login(username="mei", password=PASSWORD)

        page = client.post("/account/password", {"old": PASSWORD, "new": self.NEW}, follow=True)

        mei.refresh_from_db()
        assert mei.check_password(self.NEW)
        assert "Your password is changed" in page.text

    @pytest.mark.parametrize(
        ("old", "new", "says"),
        [
            ("wrong", NEW, "That is not your password."),
            (PASSWORD, "12345", "too short"),
            (PASSWORD, "", "This field is required."),
        ],
    )
    def test_stays_where_something_is_wrong(self, client, old, new, says):
        mei = UserFactory(username="mei")
        client.force_login(mei)

        answer = client.post("/account/password", {"old": old, "new": new})

        assert answer.status_code == 422
        assert says in answer.text
        mei.refresh_from_db()
        assert mei.check_password(PASSWORD)

    def test_is_not_guessed_at_for_long(self, client):
        client.force_login(UserFactory())
        for _ in range(10):
            client.post("/account/password", {"old": "wrong", "new": self.NEW})

        answer = client.post("/account/password", {"old": PASSWORD, "new": self.NEW})

        assert "That was too often" in answer.text
