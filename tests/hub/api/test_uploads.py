from __future__ import annotations

import hashlib

import pytest

from registry.models import AdapterVersion, Upload
from tests import files
from tests.factories import BaseFactory, VersionFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

LORA = files.kohya_lora("sdxl").getvalue()


def about(content, **more):
    sha256 = hashlib.sha256(content).hexdigest()
    return {"team": "ink", "name": "ink.safetensors", "size": len(content), "sha256": sha256} | more


def put(api, upload, number, content):
    return api.put(
        f"/api/uploads/{upload['id']}/parts/{number}",
        content,
        content_type="application/octet-stream",
    )


def cut(content, part_size):
    return [content[at : at + part_size] for at in range(0, len(content), part_size)]


@pytest.fixture
def small_parts(settings):
    settings.PART_SIZE = len(LORA) // 3 + 1


@pytest.fixture
def upload(signed_in, small_parts):
    answer = signed_in.post("/api/uploads", about(LORA))
    assert answer.status_code == 201
    return answer.json()


@pytest.fixture
def whole(signed_in, upload):
    for number, part in enumerate(cut(LORA, upload["part_size"]), start=1):
        assert put(signed_in, upload, number, part).status_code == 204
    return upload


class TestOpen:
    def test_says_how_to_go_on(self, upload):
        assert upload["parts"] == 3
        assert upload["parts_here"] == []
        assert not upload["known"]
        assert not upload["direct"]
        assert upload["part_url"] == (
            f"http://testserver/api/uploads/{upload['id']}/parts/{{number}}"
        )
        assert upload["complete_url"].endswith(f"/api/uploads/{upload['id']}/complete")

    def test_sends_nothing_that_the_hub_has_and_the_person_may_have(self, signed_in):
        VersionFactory(content=LORA, published=True)
        upload = signed_in.post("/api/uploads", about(LORA)).json()
        assert upload["known"]
        assert upload["parts_here"] == [1]

    def test_gives_away_no_digest_of_a_version_out_of_sight(self, signed_in):
        VersionFactory(content=LORA, ready=True)
        assert not signed_in.post("/api/uploads", about(LORA)).json()["known"]

    @pytest.mark.parametrize(
        ("fault", "status", "code"),
        [
            ({"size": 0}, 422, "empty-file"),
            ({"size": 11 << 30}, 413, "upload-too-large"),
            ({"sha256": "beef"}, 422, "upload-refused"),
            ({"name": "../../ink.safetensors"}, 422, "file.name"),
            ({"name": "ink\x07.safetensors"}, 422, "file.name"),
            ({"name": ""}, 400, "invalid"),
            ({"size": "big"}, 400, "invalid"),
            ({"team": "nobody"}, 404, "not-found"),
        ],
        ids=[
            "no bytes",
            "too many bytes",
            "no digest",
            "a path",
            "a control character",
            "no name",
            "a word for a number",
            "a team of nobody",
        ],
    )
    def test_refuses(self, signed_in, fault, status, code):
        answer = signed_in.post("/api/uploads", about(LORA, **fault))
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == code
        assert answer.json()["detail"].strip()


class TestPart:
    def test_comes_in_any_order_and_may_come_again(self, signed_in, upload):
        parts = cut(LORA, upload["part_size"])
        for number in (3, 1, 3, 2):
            assert put(signed_in, upload, number, parts[number - 1]).status_code == 204
        shown = signed_in.get(f"/api/uploads/{upload['id']}").json()
        assert shown["parts_here"] == [1, 2, 3]

    def test_is_listed_so_that_the_rest_can_be_sent_later(self, signed_in, upload):
        put(signed_in, upload, 2, cut(LORA, upload["part_size"])[1])
        assert signed_in.get(f"/api/uploads/{upload['id']}").json()["parts_here"] == [2]

    def test_may_be_larger_than_what_a_form_may_be(self, signed_in, settings):
        upload = signed_in.post("/api/uploads", about(LORA)).json()
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
        assert put(signed_in, upload, 1, LORA).status_code == 204

    def test_is_refused_when_it_is_too_short(self, signed_in, upload):
        answer = put(signed_in, upload, 1, b"short")
        assert answer.status_code == 409
        assert answer.json()["code"] == "upload-incomplete"
        assert "5 bytes" in answer.json()["detail"]

    @pytest.mark.parametrize("number", [0, 4])
    def test_is_refused_when_there_is_no_such_part(self, signed_in, upload, number):
        answer = put(signed_in, upload, number, b"x")
        assert answer.status_code == 400
        assert "parts 1 to 3" in answer.json()["detail"]

    def test_has_to_say_its_length(self, signed_in, upload):
        answer = signed_in.put(
            f"/api/uploads/{upload['id']}/parts/1",
            b"x",
            content_type="application/octet-stream",
            CONTENT_LENGTH="",
        )
        assert answer.status_code == 411
        assert answer.json()["code"] == "length-required"

    def test_goes_to_the_hub_where_the_store_takes_none(self, signed_in, upload):
        told = signed_in.get(f"/api/uploads/{upload['id']}/parts/2/url").json()
        assert told["url"] == f"http://testserver/api/uploads/{upload['id']}/parts/2"
        assert not told["direct"]


class TestComplete:
    def test_makes_a_version(self, signed_in, whole, contributor):
        BaseFactory(slug="sdxl-1-0", family="sdxl")
        version = {
            "adapter": "ink",
            "base": "sdxl",
            "trigger_words": ["ink wash", "a, b"],
            "sample_prompts": ["a cat, asleep"],
        }

        answer = signed_in.post(whole["complete_url"], {"version": version})

        assert answer.status_code == 202
        assert answer["Location"] == ("http://testserver/api/adapters/ink/ink/versions/1/report")
        assert answer.json()["state"] == "waiting"
        made = AdapterVersion.objects.get()
        assert made.sha256 == whole["sha256"]
        assert made.trigger_words == ["ink wash", "a, b"]
        assert made.sample_prompts == ["a cat, asleep"]
        assert made.uploaded_by == contributor
        assert signed_in.get(answer["Location"]).json()["run"]["state"] == "queued"

    def test_twice_makes_one_version(self, signed_in, whole):
        BaseFactory(slug="sdxl-1-0", family="sdxl")
        version = {"adapter": "ink", "base": "sdxl"}
        first = signed_in.post(whole["complete_url"], {"version": version})
        again = signed_in.post(whole["complete_url"], {"version": version})
        assert again.status_code == 202
        assert again.json() == first.json()
        assert AdapterVersion.objects.count() == 1

    def test_may_leave_the_version_for_later(self, signed_in, whole):
        assert signed_in.post(whole["complete_url"]).json()["state"] == "complete"

    def test_takes_the_checkpoints_of_the_same_training(self, signed_in, whole):
        BaseFactory(slug="sdxl-1-0", family="sdxl")
        early = files.kohya_lora("sdxl", values=files.Values(seed=7)).getvalue()
        other = signed_in.post("/api/uploads", about(early, name="ink-000100.safetensors")).json()
        for number, part in enumerate(cut(early, other["part_size"]), start=1):
            put(signed_in, other, number, part)
        beside = {"upload": other["id"], "role": "checkpoint", "training_step": 100}
        version = {"adapter": "ink", "base": "sdxl", "with": [beside]}

        answer = signed_in.post(whole["complete_url"], {"version": version})

        assert answer.status_code == 202, answer.content
        kept = AdapterVersion.objects.get().files
        assert kept.get(role="checkpoint").training_step == 100

    def test_names_the_parts_that_are_missing(self, signed_in, upload):
        put(signed_in, upload, 2, cut(LORA, upload["part_size"])[1])
        answer = signed_in.post(upload["complete_url"])
        assert answer.status_code == 409
        assert answer.json()["code"] == "upload-incomplete"
        assert "Parts 1, 3 are missing" in answer.json()["detail"]

    def test_says_what_is_wrong_with_the_declaration(self, signed_in, whole):
        answer = signed_in.post(whole["complete_url"], {"version": {"adapter": "ink"}})
        assert answer.status_code == 400
        assert answer.json()["detail"] == "version.base: This field is required."
        assert answer.json()["errors"] == {"version": {"base": ["This field is required."]}}

    def test_refuses_pickles_whatever_their_name(self, signed_in):
        content = files.torch_zip().getvalue()
        upload = signed_in.post("/api/uploads", about(content)).json()
        put(signed_in, upload, 1, content)
        answer = signed_in.post(upload["complete_url"])
        assert answer.status_code == 422
        assert answer.json()["code"] == "file.pickle"

    def test_makes_nothing_of_an_upload_that_was_dropped(self, signed_in, whole):
        signed_in.delete(f"/api/uploads/{whole['id']}")
        answer = signed_in.post(whole["complete_url"])
        assert answer.status_code == 409
        assert answer.json()["code"] == "wrong-state"


class TestDrop:
    def test_forgets_an_upload_however_often(self, signed_in, upload):
        for _ in range(2):
            assert signed_in.delete(f"/api/uploads/{upload['id']}").status_code == 204
        assert Upload.objects.get().state == "dropped"

    def test_keeps_what_a_version_is_made_of(self, signed_in, whole):
        BaseFactory(slug="sdxl-1-0", family="sdxl")
        signed_in.post(whole["complete_url"], {"version": {"adapter": "ink", "base": "sdxl"}})
        answer = signed_in.delete(f"/api/uploads/{whole['id']}")
        assert answer.status_code == 409


def test_an_upload_is_its_senders_alone(api, team, upload):
    api.force_authenticate(member(team, "admin"))
    assert api.get(f"/api/uploads/{upload['id']}").status_code == 404
