from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from registry.models import Token
from registry.queries.words import Scope
from tests.factories import AdapterFactory, UserFactory, VersionFactory, member, token

pytestmark = pytest.mark.django_db
PUBLISH = "/api/adapters/ink/ink-wash/versions/1/publish"


def bearer(secret):
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


@pytest.fixture
def reviewer(team):
    VersionFactory(adapter=AdapterFactory(slug="ink-wash", team=team), ready=True)
    return member(team, "reviewer")


class TestToken:
    def test_stands_for_its_person(self, api, reviewer):
        answer = api.post(PUBLISH, **bearer(token(reviewer)))
        assert answer.status_code == 200

    def test_is_known_by_its_last_use(self, api, reviewer):
        api.get("/api/bases", **bearer(token(reviewer)))
        assert Token.objects.get().used_at is not None

    @pytest.mark.parametrize("kind", ["unknown", "expired", "revoked", "of somebody who left"])
    def test_is_refused_when(self, api, reviewer, kind):
        secret = token(reviewer)
        if kind == "unknown":
            secret = "ldx_nothing"
        elif kind == "expired":
            Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        elif kind == "revoked":
            Token.objects.update(revoked_at=timezone.now())
        else:
            reviewer.is_active = False
            reviewer.save()

        answer = api.get("/api/bases", **bearer(secret))

        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == 'Bearer realm="loradex"'
        assert answer.json()["code"] == "not-signed-in"
        assert "make a new one" in answer.json()["detail"]

    def test_does_no_more_than_its_scopes_say(self, api, reviewer):
        answer = api.post(PUBLISH, **bearer(token(reviewer, Scope.READ, Scope.UPLOAD)))
        assert answer.status_code == 403
        assert answer.json()["code"] == "outside-scope"
        assert "may not publish: it is for read, upload only" in answer.json()["detail"]

    @pytest.mark.parametrize(
        ("scopes", "status"),
        [([Scope.PUBLISH], 200), ([Scope.ADMIN], 200), ([Scope.UPLOAD], 403), ([Scope.READ], 403)],
        ids=["publish", "admin", "upload", "read"],
    )
    def test_publishes_by_scope(self, api, reviewer, scopes, status):
        assert api.post(PUBLISH, **bearer(token(reviewer, *scopes))).status_code == status

    def test_uploads_only_with_the_scope_for_it(self, api, reviewer):
        answer = api.post("/api/uploads", {}, **bearer(token(reviewer, Scope.READ)))
        assert answer.status_code == 403

    def test_does_no_more_than_its_person_may(self, api, reviewer, team):
        secret = token(member(team, "viewer"), Scope.ADMIN)
        answer = api.post(PUBLISH, **bearer(secret))
        assert answer.status_code == 403
        assert answer.json()["code"] == "not-allowed"


def test_no_cache_between_gives_one_persons_answer_to_another(api):
    assert api.get("/api/bases")["Cache-Control"] == "private, no-cache"


class TestSession:
    def test_signs_in_too(self, reviewer):
        browser = Client()
        browser.force_login(reviewer)
        assert browser.post(PUBLISH).status_code == 200

    def test_needs_the_token_against_forgery(self, reviewer):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(reviewer)
        answer = browser.post(PUBLISH)
        assert answer.status_code == 403
        assert answer["Content-Type"] == "application/problem+json"


class TestClosedHub:
    def test_shows_strangers_nothing(self, api, settings):
        settings.READ_NEEDS_SIGN_IN = True
        VersionFactory(published=True)
        for path in ("adapters", "bases"):
            answer = api.get(f"/api/{path}")
            assert answer.status_code == 401
            assert answer.json()["code"] == "not-signed-in"

    def test_is_open_to_whoever_signs_in(self, api, settings):
        settings.READ_NEEDS_SIGN_IN = True
        api.force_authenticate(UserFactory())
        assert api.get("/api/adapters").status_code == 200


class TestRates:
    @pytest.fixture(autouse=True)
    def _few(self, settings):
        rest = settings.REST_FRAMEWORK
        few = {"tokens": "3/min", "anonymous": "2/min", "sign-in": "1/min"}
        settings.REST_FRAMEWORK = rest | {"DEFAULT_THROTTLE_RATES": few}

    def test_say_what_is_left(self, api):
        answer = api.get("/api/bases")
        assert answer["RateLimit-Policy"] == '"anonymous";q=2;w=60'
        assert answer["RateLimit"].startswith('"anonymous";r=1;t=')

    def test_stop_a_stranger(self, api):
        for _ in range(2):
            assert api.get("/api/bases").status_code == 200
        answer = api.get("/api/bases")
        assert answer.status_code == 429
        assert answer.json()["code"] == "too-many-requests"
        assert 0 < int(answer["Retry-After"]) <= 61

    def test_cannot_be_escaped_by_a_header(self, api):
        for attempt in range(2):
            api.get("/api/bases", HTTP_X_FORWARDED_FOR=f"10.0.0.{attempt}")
        answer = api.get("/api/bases", HTTP_X_FORWARDED_FOR="10.0.0.9")
        assert answer.status_code == 429

    def test_leave_others_alone(self, api):
        for _ in range(3):
            api.get("/api/bases")
        api.force_authenticate(UserFactory())
        assert api.get("/api/bases").status_code == 200

    def test_do_not_count_parts(self, api, settings):
        api.force_authenticate(UserFactory())
        part = "/api/uploads/00000000-0000-0000-0000-000000000000/parts/1"
        statuses = {
            api.put(part, b"x", content_type="application/octet-stream").status_code
            for _ in range(5)
        }
        assert statuses == {404}
