"""A ZIP file through the API: what a member sends, and what an attacker does."""

from __future__ import annotations

import hashlib
import threading
import zipfile

import pytest
from django.db import connection

from registry import blobs
from registry.models import Adapter, AdapterVersion, Upload
from tests import files
from tests.conftest import Client
from tests.factories import BaseFactory
from tests.files import named
from tests.hostile.case import REFUSED
from tests.hostile.corpus.uploads import CASES, CONFIG, SOUND, WEIGHTS, packed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]
AT = "/api/adapters/ink/polite/versions"
ABOUT = {"adapter": "polite", "base": "llama-3-1-8b"}
ROLES = {"adapter_model.safetensors": "weights", "adapter_config.json": "config"}
# Refused like weights that were sent alone, which stay in staging until they expire.
LIKE_WEIGHTS = {"weights that are cut short", "the end of its table alone"}
HOSTILE = [case for case in CASES if case.word == REFUSED and case.name not in LIKE_WEIGHTS]


@pytest.fixture(autouse=True)
def _base(db):
    BaseFactory(slug="llama-3-1-8b", family="llama")


def sent(api, content, name="polite.zip"):
    """Send a file in parts, and return the upload, complete or not, as the hub shows it."""
    sha256 = hashlib.sha256(content).hexdigest()
    about = {"team": "ink", "name": name, "size": len(content), "sha256": sha256}
    upload = api.post("/api/uploads", about).json()
    part = f"/api/uploads/{upload['id']}/parts/1"
    assert api.put(part, content, content_type="application/octet-stream").status_code == 204
    return upload


def roles():
    return {one.name: one.role for one in AdapterVersion.objects.get().files.all()}


class TestInOneRequest:
    def test_becomes_a_version_with_the_files_of_the_adapter(self, signed_in):
        fields = {"file": named(packed(SOUND), "polite.zip"), "base": "llama-3-1-8b"}

        answer = signed_in.post(AT, fields, format="multipart")

        assert answer.status_code == 202, answer.content
        assert roles() == ROLES

    @pytest.mark.parametrize("case", HOSTILE, ids=str)
    def test_is_refused_in_a_sentence_and_leaves_nothing_behind(self, signed_in, case):
        fields = {"file": named(case.made(), case.file_name), "base": case.base}

        answer = signed_in.post(AT, fields, format="multipart")

        assert answer.status_code == 422
        told = answer.json()
        assert told["code"] == case.code
        assert told["detail"].strip()
        assert "\n" not in told["detail"]
        assert not Adapter.objects.exists()
        assert not list(blobs.default().staged())
        assert not list(blobs.default().digests())


class TestInParts:
    def test_becomes_a_version_and_one_only(self, signed_in):
        upload = sent(signed_in, packed(SOUND, how=zipfile.ZIP_DEFLATED))

        first = signed_in.post(upload["complete_url"], {"version": ABOUT})
        again = signed_in.post(upload["complete_url"], {"version": ABOUT})

        assert (first.status_code, again.status_code) == (202, 202)
        assert first.json() == again.json()
        assert roles() == ROLES

    @pytest.mark.django_db(transaction=True)
    def test_becomes_one_version_when_two_ask_at_once(self, signed_in, contributor):
        upload = sent(signed_in, packed(SOUND))
        answers = []

        def complete():
            client = Client()
            client.force_authenticate(contributor)
            answers.append(client.post(upload["complete_url"], {"version": ABOUT}))
            connection.close()

        threads = [threading.Thread(target=complete) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

        assert [answer.status_code for answer in answers] == [202] * 4
        assert roles() == ROLES
        assert Upload.objects.count() == 3

    def test_may_be_completed_now_and_made_a_version_later(self, signed_in):
        upload = sent(signed_in, packed(SOUND))
        assert signed_in.post(upload["complete_url"], {}).json()["state"] == "complete"

        files_of_it = [{"upload": upload["id"], "role": "weights"}]
        answer = signed_in.post(AT, {"base": "llama-3-1-8b", "uploads": files_of_it})

        assert answer.status_code == 202, answer.content
        assert roles() == ROLES

    def test_is_refused_and_forgotten(self, signed_in):
        upload = sent(signed_in, packed(SOUND | {"../../etc/passwd": b"x"}))

        answer = signed_in.post(upload["complete_url"], {"version": ABOUT})

        assert answer.status_code == 422
        assert answer.json()["code"] == "file.archive"
        assert Upload.objects.get().state == "dropped"
        assert not list(blobs.default().staged())

    def test_may_be_declared_anew_after_a_mistake(self, signed_in):
        upload = sent(signed_in, packed(SOUND))
        wrong = signed_in.post(upload["complete_url"], {"version": ABOUT | {"base": "dall-e"}})
        assert wrong.status_code == 404

        answer = signed_in.post(upload["complete_url"], {"version": ABOUT})

        assert answer.status_code == 202

    def test_brings_weights_that_are_here_already(self, signed_in):
        fields = {"file": named(WEIGHTS, "a.safetensors"), "base": "llama-3-1-8b"}
        fields["config"] = named(CONFIG, "adapter_config.json")
        assert signed_in.post(AT, fields, format="multipart").status_code == 202

        upload = sent(signed_in, packed(SOUND))
        answer = signed_in.post(upload["complete_url"], {"version": ABOUT})

        assert answer.status_code == 409
        assert answer.json()["code"] == "duplicate-upload"
        assert "already version 1 of ink/polite" in answer.json()["detail"]


def test_a_zip_is_for_weights_alone(signed_in):
    upload = sent(signed_in, packed(SOUND))
    lora = sent(signed_in, files.peft_lora("llama").getvalue(), name="a.safetensors")
    signed_in.post(upload["complete_url"], {})
    beside = [{"upload": upload["id"], "role": "checkpoint", "training_step": 5}]

    answer = signed_in.post(lora["complete_url"], {"version": ABOUT | {"with": beside}})

    assert answer.status_code == 422
    assert "\n" not in answer.json()["detail"]
