from __future__ import annotations

import pytest
from django.utils import timezone

from registry.models import Complaint, Rating, Role, User
from registry.services import complaining
from tests.factories import UserFactory, VersionFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
CHOSEN = {"suggestive": "blur", "mature": "hide", "explicit": "hide"}
HTMX = {"HTTP_HX_REQUEST": "true"}


class TestLevels:
    def test_a_stranger_has_a_cookie(self, client, zebra):
        assert 'class="blur-mature blur-explicit"' in client.get("/").text
        answer = client.post("/levels", CHOSEN | {"next": "/ink/zebra"})
        assert answer["Location"] == "/ink/zebra"
        assert answer.cookies["levels"]["samesite"] == "Lax"
        page = client.get("/ink/zebra").text
        assert 'class="blur-suggestive hide-mature hide-explicit"' in page
        assert 'data-level="general"' in page

    def test_a_member_is_remembered(self, signed_in, person):
        signed_in.post("/levels", CHOSEN)
        assert User.objects.get(pk=person.pk).levels == "bhh"
        assert 'name="mature" value="hide" checked' in signed_in.get("/account").text

    def test_nonsense_changes_nothing(self, client, db):
        page = client.post("/levels", {"mature": "maybe"}, follow=True).text
        assert "Choose of each level" in page
        assert "levels" not in client.cookies

    def test_leads_nowhere_else(self, client, db):
        answer = client.post("/levels", CHOSEN | {"next": "https://evil.example/"})
        assert answer["Location"] == "/levels"


class TestRatings:
    AT = "/ink/zebra/1/rate"

    def test_are_given_shown_and_taken_back(self, signed_in, zebra):
        form = {"use": "style", "stars": "4", "weight": "0.7", "runtime": "comfyui"}
        part = signed_in.post(self.AT, form, **HTMX).text
        assert '<meter min="0" max="5" value="4.0"' in part
        assert "× 0.7" in " ".join(part.split())

        part = signed_in.post(f"{self.AT}/take-back", {"use": "style"}, **HTMX).text
        assert "Nobody has rated it yet." in part

    def test_without_stars_are_refused(self, signed_in, zebra):
        part = signed_in.post(self.AT, {"use": "style"}, **HTMX).text
        assert "Choose one to five stars." in part
        assert not Rating.objects.exists()


class TestReports:
    def test_reach_the_reviewers_and_are_settled(self, client, team, zebra):
        client.force_login(UserFactory(username="wren"))
        client.post("/ink/zebra/1/comments/write", {"text": "You fool."})
        comment = zebra.adapter.comments.get()
        form = {"reason": "Rude.", "comment": str(comment.pk)}
        page = client.post("/ink/zebra/1/complain", form, follow=True).text
        assert "The team&#x27;s reviewers will look at it." in page
        assert "Nothing was reported" in client.get("/complaints").text

        client.force_login(member(team, Role.REVIEWER))
        page = client.get("/complaints").text
        assert "You fool." in page
        assert f"#comment-{comment.pk}" in page
        assert 'Reports <span class="badge">1</span>' in page
        at = f"/complaints/{Complaint.objects.get().pk}"
        assert "It is settled." in client.post(at, {"outcome": "upheld"}, follow=True).text
        assert 'Reports <span class="badge">' not in client.get("/").text

    def test_are_listed_by_as_many_queries_however_many(
        self, client, team, django_assert_max_num_queries
    ):
        client.force_login(member(team, Role.REVIEWER))
        for _ in range(6):
            adapter = VersionFactory(adapter__team=team, published=True).adapter
            complaining.complain(adapter, reason="Mine.", by=UserFactory(), now=timezone.now())
        with django_assert_max_num_queries(12):
            page = client.get("/complaints").text
        assert page.count("?version=1") == 6

    @pytest.mark.parametrize(
        ("form", "said"),
        [({"reason": ""}, "Say what is wrong"), ({"reason": "x", "picture": "z"}, "nothing that")],
        ids=["no reason", "no picture"],
    )
    def test_nonsense_is_refused(self, signed_in, zebra, form, said):
        answer = signed_in.post("/ink/zebra/1/complain", form)
        assert answer.status_code == 302
        assert said in signed_in.get("/ink/zebra").text
        assert not Complaint.objects.exists()
