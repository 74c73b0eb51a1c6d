from __future__ import annotations

import hashlib
import json

import pytest

from registry.models import AdapterVersion
from tests import files
from tests.factories import BaseFactory, member, token
from tests.files import named

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]
AT = "/api/adapters/ink/ink-wash/versions"


@pytest.fixture(autouse=True)
def _base(db):
    BaseFactory(slug="sdxl-1-0", family="sdxl")
    BaseFactory(slug="llama-3-8b", family="llama")


def form(**fields):
    return {"file": files.kohya_lora("sdxl"), "base": "sdxl"} | fields


class TestOfAForm:
    def test_makes_a_version_in_one_request(self, signed_in):
        fields = form(
            title="Ink wash",
            trigger_words="ink wash, sumi",
            tags=["ink", "brush"],
            weight_low="0.5",
        )

        answer = signed_in.post(AT, fields, format="multipart")

        assert answer.status_code == 202, answer.content
        assert answer["Location"].endswith("/api/adapters/ink/ink-wash/versions/1/report")
        version = AdapterVersion.objects.get()
        assert version.adapter.title == "Ink wash"
        assert version.adapter.tags == ["brush", "ink"]
        assert version.trigger_words == ["ink wash", "sumi"]
        assert version.weight_low == 0.5
        assert version.family_detected == "sdxl"

    def test_takes_a_token(self, api, contributor):
        answer = api.post(
            AT, form(), format="multipart", HTTP_AUTHORIZATION=f"Bearer {token(contributor)}"
        )
        assert answer.status_code == 202

    def test_takes_the_configuration_beside_the_weights(self, signed_in):
        config = named(json.dumps(files.peft_config()).encode(), "adapter_config.json")
        fields = {"file": files.peft_lora(), "config": config, "base": "llama"}

        answer = signed_in.post(AT, fields, format="multipart")

        assert answer.status_code == 202, answer.content
        roles = AdapterVersion.objects.get().files.values_list("role", flat=True)
        assert sorted(roles) == ["config", "weights"]

    @pytest.mark.parametrize(
        ("fields", "status", "code"),
        [
            ({"file": named(b"", "a.safetensors")}, 422, "empty-file"),
            ({"file": files.pickle_stream()}, 422, "file.pickle"),
            ({"file": files.checkpoint()}, 422, "file.no-adapter"),
            ({"file": files.cut_short(files.kohya_lora("sdxl"))}, 422, "file.truncated"),
            ({"base": "unheard-of"}, 404, "not-found"),
            ({"base": ""}, 400, "invalid"),
            ({"kind": "sandwich"}, 400, "invalid"),
            ({"weight_low": "1.2", "weight_high": "0.2"}, 400, "invalid"),
        ],
        ids=[
            "no bytes",
            "a pickle",
            "a whole model",
            "a file cut short",
            "a base of nobody's",
            "no base",
            "no such kind",
            "a range that goes down",
        ],
    )
    def test_refuses(self, signed_in, fields, status, code):
        for field in fields.values():
            if hasattr(field, "seek"):
                field.seek(0)
        answer = signed_in.post(AT, form(**fields), format="multipart")
        assert answer.status_code == status, answer.content
        assert answer.json()["code"] == code
        assert not AdapterVersion.objects.exists()

    def test_refuses_the_same_bytes_twice(self, signed_in):
        signed_in.post(AT, form(), format="multipart")
        answer = signed_in.post(AT, form(), format="multipart")
        assert answer.status_code == 409
        assert answer.json()["code"] == "duplicate-upload"
        assert "already version 1 of ink/ink-wash" in answer.json()["detail"]


class TestOfUploads:
    def test_makes_a_version_of_what_is_here(self, signed_in):
        content = files.kohya_lora("sdxl").getvalue()
        upload = _send(signed_in, content)

        answer = signed_in.post(
            AT, {"base": "sdxl", "uploads": [{"upload": upload["id"], "role": "weights"}]}
        )

        assert answer.status_code == 202, answer.content
        assert answer.json()["sha256"] == upload["sha256"]

    def test_wants_one_weights_file(self, signed_in):
        upload = _send(signed_in, files.kohya_lora("sdxl").getvalue())
        answer = signed_in.post(AT, {"base": "sdxl", "uploads": [{"upload": upload["id"]}]})
        assert answer.status_code == 422
        assert "one weights file" in answer.json()["detail"]

    def test_takes_nobody_elses_upload(self, api, team, signed_in):
        upload = _send(signed_in, files.kohya_lora("sdxl").getvalue())
        api.force_authenticate(member(team))
        answer = api.post(
            AT, {"base": "sdxl", "uploads": [{"upload": upload["id"], "role": "weights"}]}
        )
        assert answer.status_code == 404


def _send(api, content):
    about = {
        "team": "ink",
        "name": "ink.safetensors",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    upload = api.post("/api/uploads", about).json()
    api.put(
        f"/api/uploads/{upload['id']}/parts/1", content, content_type="application/octet-stream"
    )
    return upload
