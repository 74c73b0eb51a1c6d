from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
SAID = {"title": "Winter", "description": 'Snow, <b>"quiet"</b> and\nlight.'}


class TestWhatWasSentAfterTheSessionHadEnded:
    def test_is_kept_on_the_page_that_asks_to_sign_in(self, client):
        page = client.post(
            "/collections/new", SAID, headers={"Referer": "http://testserver/collections/new?x=1"}
        )

        assert page.status_code == 401
        assert 'action="/collections/new"' in page.text
        assert '<input type="hidden" name="title" value="Winter">' in page.text
        assert "Snow, &lt;b&gt;&quot;quiet&quot;&lt;/b&gt; and\nlight." in page.text
        assert 'href="/sign-in?next=/collections/new%3Fx%3D1"' in page.text

    def test_has_no_password_in_it(self, client):
        page = client.post("/account/password", {"old_password": "heron", "new_password1": "pond"})

        assert page.status_code == 401
        assert "heron" not in page.text
        assert "pond" not in page.text

    def test_leads_nowhere_else(self, client):
        page = client.post("/collections/new", SAID, headers={"Referer": "https://evil.example/x"})

        assert "evil" not in page.text

    @pytest.mark.parametrize("closed", [False, True], ids=["open hub", "closed hub"])
    def test_of_another_site_is_not_kept(self, settings, closed):
        settings.READ_NEEDS_SIGN_IN = closed
        browser = Client(enforce_csrf_checks=True)

        page = browser.post("/collections/new", SAID)

        assert page.status_code == (302 if closed else 403)
        assert "Winter" not in page.text


def test_a_page_asked_for_leads_to_sign_in_as_before(client):
    assert client.get("/collections/new").status_code == 302
