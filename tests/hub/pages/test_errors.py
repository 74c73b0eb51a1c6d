from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from registry.errors import NotAllowed, Unavailable, WrongState
from registry.queries import gallery

pytestmark = pytest.mark.django_db


def test_an_unknown_address_is_a_page_of_ours(client):
    page = client.get("/no/such/place/at/all")

    assert page.status_code == 404
    assert "There is nothing at this address." in page.text


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (NotAllowed("Ask an admin."), 403),
        (WrongState("Too early."), 409),
        (Unavailable("The store sleeps."), 503),
        (OperationalError("gone"), 503),
    ],
    ids=["not allowed", "wrong state", "store down", "database down"],
)
def test_a_refusal_is_a_page_with_its_sentence(client, monkeypatch, refusal, status):
    def refuse(*_, **__):
        raise refusal

    monkeypatch.setattr(gallery, "page", refuse)

    page = client.get("/")

    assert page.status_code == status
    assert "gone" not in page.text
    if not isinstance(refusal, OperationalError):
        assert str(refusal) in page.text


def test_a_bug_is_a_page_that_tells_nothing(monkeypatch):
    def crash(*_, **__):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(gallery, "page", crash)

    page = Client(raise_request_exception=False).get("/")

    assert page.status_code == 500
    assert "Something broke" in page.text
    assert "secret detail" not in page.text


def test_a_stale_form_says_so(zebra, person):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)

    page = browser.post("/ink/zebra/1/withdraw", {"reason": "x"})

    assert page.status_code == 403
    assert "This form was open for too long" in page.text


def test_every_page_has_the_strict_policy(client, zebra):
    policy = client.get("/ink/zebra")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


class TestPieceThatIsAskedFor:
    """htmx shows no page in its place: the sentence alone comes, and js/asking.js says it."""

    def test_is_refused_in_a_sentence(self, client, monkeypatch):
        def refuse(*_, **__):
            raise Unavailable("The store sleeps.")

        monkeypatch.setattr(gallery, "page", refuse)

        answer = client.get("/", headers={"HX-Request": "true"})

        assert (answer.status_code, answer.text) == (503, "The store sleeps.")
        assert answer["Content-Type"].startswith("text/plain")

    def test_never_is_the_page_to_sign_in_on(self, client, zebra):
        answer = client.post("/ink/zebra/1/vote", {"weight": "0.7"}, headers={"HX-Request": "true"})

        assert answer.status_code == 401
        assert answer.text == "You are signed out. Sign in, then try again here."
