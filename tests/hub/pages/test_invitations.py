from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from registry.models import Invitation, Membership, Role, User
from tests.factories import UserFactory, member

pytestmark = pytest.mark.django_db
PASSWORD = "seven horses on a hill"


@pytest.fixture
def admin(team, client):
    person = member(team, Role.ADMIN, username="ada")
    client.force_login(person)
    return person


@pytest.fixture
def guest():
    """Return another browser, which nobody is signed in with."""
    return Client()


def invite(client, **more):
    page = client.post("/teams/ink/invitations", {"role": "reviewer", "days": "7", **more})
    found = re.search(r'id="link">http://testserver(/invitations/[^<]+)<', page.text)
    return found[1] if found else page


class TestInvite:
    def test_shows_the_link_this_once(self, admin, client):
        link = invite(client)

        assert link.startswith("/invitations/")
        assert link not in client.get("/teams/ink/members").text
        assert "Open invitations" in client.get("/teams/ink/members").text

    def test_sends_it_where_there_is_an_address(self, admin, client):
        link = invite(client, address="ren@example.org")

        sent = mail.outbox[0]
        assert sent.to == ["ren@example.org"]
        assert sent.subject == "ada invites you into Ink"
        assert link in sent.body

    def test_says_so_where_the_mail_cannot_be_sent(self, admin, client, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

        page = client.post(
            "/teams/ink/invitations", {"role": "viewer", "days": "1", "address": "ren@example.org"}
        ).text

        assert "The mail could not be sent" in page
        assert 'id="link">' in page

    def test_refuses_what_is_no_address(self, admin, client):
        assert invite(client, address="nobody").status_code == 422
        assert not Invitation.objects.exists()

    def test_is_for_admins(self, signed_in):
        assert invite(signed_in).status_code == 403

    def test_is_taken_back(self, admin, client, guest):
        link = invite(client)
        client.post(f"/teams/ink/invitations/{Invitation.objects.get().pk}/revoke")

        assert guest.get(link).status_code == 404
        assert "no longer good" in guest.get(link).text


class TestFollow:
    def test_leads_a_stranger_through_signing_in_and_back(self, admin, client, guest):
        link = invite(client)
        UserFactory(username="ren")

        page = guest.get(link).text
        assert "ada invites you into this team, as Reviewer." in page
        assert f'href="/sign-in?next={link}"' in page
        sign_in = {"username": "ren", "password": "correct horse battery staple", "next": link}
        assert guest.post("/sign-in", sign_in)["Location"] == link
        assert "Join as ren" in guest.get(link).text

        joined = guest.post(link, follow=True)
        assert "Welcome to Ink." in joined.text
        assert Membership.objects.get(user__username="ren").role == "reviewer"

    def test_lets_a_stranger_make_an_account(self, admin, client, guest):
        link = invite(client)

        joined = guest.post(link, {"username": "ren", "password": PASSWORD}, follow=True)

        assert joined.redirect_chain[-1][0] == "/teams/ink"
        assert "Welcome to Ink." in joined.text
        assert User.objects.get(username="ren").check_password(PASSWORD)

    def test_says_what_is_wrong_with_a_name_or_password(self, admin, client, guest):
        link = invite(client)

        taken = guest.post(link, {"username": "ada", "password": PASSWORD})
        weak = guest.post(link, {"username": "ren", "password": "12345"})

        assert (taken.status_code, weak.status_code) == (422, 422)
        assert "Somebody is called ada already" in taken.text
        assert "too short" in weak.text

    def test_is_open_where_the_hub_is_closed(self, admin, client, guest, settings):
        settings.READ_NEEDS_SIGN_IN = True

        assert guest.get(invite(client)).status_code == 200

    def test_is_gone_once_used(self, admin, client, guest):
        link = invite(client)
        guest.post(link, {"username": "ren", "password": PASSWORD})

        assert Client().get(link).status_code == 404
