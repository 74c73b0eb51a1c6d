"""Idempotency keys: a POST that is sent again is answered as before, and not done again."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from registry.errors import WrongState
from registry.models import KeptAnswer, Upload
from registry.services import repeats
from tests import files
from tests.factories import BaseFactory, UserFactory, member

pytestmark = pytest.mark.django_db
ASKED = {"team": "ink", "name": "x.safetensors", "size": 100, "sha256": "0" * 64}
KEY = {"HTTP_IDEMPOTENCY_KEY": "one"}


def test_is_done_once_and_answered_twice(signed_in):
    first = signed_in.post("/api/uploads", ASKED, **KEY)
    second = signed_in.post("/api/uploads", ASKED, **KEY)

    assert first.status_code == second.status_code == 201
    assert second.json() == first.json()
    assert second["Location"] == first["Location"]
    assert second["Idempotency-Replayed"] == "true"
    assert Upload.objects.count() == 1


def test_without_a_key_is_done_again(signed_in):
    for _ in range(2):
        signed_in.post("/api/uploads", ASKED)
    assert Upload.objects.count() == 2


def test_a_form_with_a_file_is_known_again(signed_in, sent):
    BaseFactory()
    answers = []
    for _ in range(2):
        file = files.kohya_lora("sdxl")
        file.name = "x.safetensors"
        answers.append(
            signed_in.post(
                "/api/adapters/ink/x/versions",
                {"file": file, "base": "sdxl-1-0"},
                format="multipart",
                **KEY,
            )
        )
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()


def test_another_request_may_not_have_it(signed_in):
    signed_in.post("/api/uploads", ASKED, **KEY)
    answer = signed_in.post("/api/uploads", ASKED | {"size": 101}, **KEY)
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency-key-reused"
    assert "belongs to another request" in answer.json()["detail"]


def test_another_person_has_keys_of_their_own(signed_in, team):
    signed_in.post("/api/uploads", ASKED, **KEY)
    signed_in.force_authenticate(member(team))
    assert signed_in.post("/api/uploads", ASKED, **KEY).status_code == 201
    assert Upload.objects.count() == 2


def test_what_was_refused_may_be_asked_again(signed_in):
    wrong = {"team": "nobody"}
    assert signed_in.post("/api/uploads", ASKED | wrong, **KEY).status_code == 404
    assert signed_in.post("/api/uploads", ASKED, **KEY).status_code == 201


def test_the_same_at_the_same_moment_is_told_to_wait(signed_in, contributor):
    repeats.claim("k", fingerprint="f", by=contributor, now=timezone.now())
    with pytest.raises(WrongState) as refusal:
        repeats.claim("k", fingerprint="f", by=contributor, now=timezone.now())
    assert refusal.value.code == "idempotency-key-in-use"


def test_whoever_fell_silent_is_relieved(contributor):
    now = timezone.now()
    repeats.claim("k", fingerprint="f", by=contributor, now=now)
    later = now + repeats.GIVEN_UP_AFTER + timedelta(seconds=1)
    assert repeats.claim("k", fingerprint="f", by=contributor, now=later)[1]


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_does_it():
    person, won = UserFactory(), []

    def claim():
        try:
            won.append(repeats.claim("k", fingerprint="f", by=person, now=timezone.now())[1])
        except WrongState:
            won.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=30)
    assert sorted(won) == [False] * 7 + [True]


def test_a_day_later_it_is_forgotten(contributor):
    now = timezone.now()
    kept, _ = repeats.claim("k", fingerprint="f", by=contributor, now=now)
    repeats.keep(kept, status=201, body={})
    assert repeats.drop_old(now=now) == 0
    assert repeats.drop_old(now=now + timedelta(hours=25)) == 1
    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 201, "clé"])
def test_is_a_plain_text(signed_in, key):
    answer = signed_in.post("/api/uploads", ASKED, HTTP_IDEMPOTENCY_KEY=key)
    assert answer.status_code == 400


def test_secrets_are_kept_nowhere(signed_in):
    asked = {"title": "t", "scopes": ["read"]}
    made = [signed_in.post("/api/tokens", asked, **KEY).json()["secret"] for _ in range(2)]
    assert made[0] != made[1]
    assert not KeptAnswer.objects.exists()
