"""A version in another layout, over HTTP: asked for, waited for, and downloaded."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from django.utils import timezone

from registry.blobs.protocol import StoreDown
from registry.models import Preparation, Scope
from registry.services import preparing
from tests.factories import AdapterFactory, VersionFactory, keep, member, token
from tests.files import kohya_lora

pytestmark = pytest.mark.django_db

AT = "/api/adapters/ink/ink-wash/versions/1/download"
LAYOUTS = "/api/adapters/ink/ink-wash/versions/1/layouts"
CONTENT = kohya_lora("sdxl", rank=2).getvalue()


@pytest.fixture
def version(team):
    return VersionFactory(adapter=AdapterFactory(slug="ink-wash", team=team), published=True)


def make(files=None, row=None):
    """Make what was asked for, as a worker does."""
    row = row or Preparation.objects.get(state="queued")
    held = preparing.claim(row.pk, owner="a test", now=timezone.now())
    made = {
        path: keep(content) for path, content in (files or {"lora.safetensors": CONTENT}).items()
    }
    preparing.finish(held, made, worst_error=1e-4, notes=["Well."], now=timezone.now())
    return row


def bytes_of(answer):
    return b"".join(answer.streaming_content)


class TestAsking:
    def test_is_told_where_to_look_until_it_is_there(self, signed_in, version):
        answer = signed_in.get(AT, {"layout": "kohya", "dtype": "bf16"})

        assert answer.status_code == 202
        told = answer.json()
        assert (told["state"], told["layout"], told["dtype"]) == ("queued", "kohya", "bf16")
        assert answer["Location"] == told["url"]
        assert int(answer["Retry-After"]) > 0
        assert answer["Cache-Control"] == "no-store"
        assert told["download_url"] == f"http://testserver{AT}?layout=kohya&dtype=bf16"

        looked = signed_in.get(answer["Location"])
        assert (looked.status_code, looked.json()) == (200, told)
        assert looked["Retry-After"] == answer["Retry-After"]

        make()
        told = signed_in.get(answer["Location"]).json()
        assert told["state"] == "done"
        assert told["worst_error"] == 1e-4
        assert told["files"] == [
            {
                "path": "lora.safetensors",
                "sha256": hashlib.sha256(CONTENT).hexdigest(),
                "size": len(CONTENT),
            }
        ]
        assert bytes_of(signed_in.get(told["download_url"])) == CONTENT

    def test_asks_once_however_often(self, signed_in, version):
        for _ in range(3):
            assert signed_in.get(AT, {"layout": "kohya"}).status_code == 202
            assert signed_in.head(AT, {"layout": "kohya"}).status_code == 202
        assert Preparation.objects.count() == 1

    def test_is_refused_with_the_reason(self, signed_in, version):
        answer = signed_in.get(AT, {"layout": "gguf"})
        assert answer.status_code == 422
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == "not-convertible"
        assert "SDXL are not written in GGUF's layout" in answer.json()["detail"]

    def test_is_told_what_the_engine_refused(self, signed_in, version):
        signed_in.get(AT, {"layout": "kohya"})
        held = preparing.claim(Preparation.objects.get().pk, owner="a", now=timezone.now())
        preparing.refuse(held, reason="It holds whole layers.", now=timezone.now())

        answer = signed_in.get(AT, {"layout": "kohya"})
        assert (answer.status_code, answer.json()["detail"]) == (422, "It holds whole layers.")

    def test_is_told_that_making_it_failed(self, signed_in, version, settings):
        settings.RUN_ATTEMPTS = 1
        signed_in.get(AT, {"layout": "kohya"})
        held = preparing.claim(Preparation.objects.get().pk, owner="a", now=timezone.now())
        preparing.release(held, reason="The engine was killed.", now=timezone.now())

        answer = signed_in.get(AT, {"layout": "kohya"})
        assert answer.status_code == 503
        assert answer.json()["code"] == "not-prepared"
        assert answer.json()["detail"].startswith("It could not be made: The engine was killed.")

    def test_is_bounded(self, signed_in, version, settings):
        settings.PREPARE_LIVING = 1
        signed_in.get(AT, {"layout": "kohya"})
        answer = signed_in.get(AT, {"layout": "diffusers"})
        assert answer.status_code == 429
        assert answer.json()["code"] == "quota-reached"
        assert answer["Retry-After"] == "20"

    @pytest.mark.parametrize(
        "asked",
        [
            {"layout": "../../etc/passwd"},
            {"layout": "KOHYA\0"},
            {"dtype": "float128"},
            {"bake": "yes please"},
            {"strip": "2"},
        ],
    )
    def test_makes_sense_or_is_told_what_would(self, signed_in, version, asked):
        answer = signed_in.get(AT, asked)
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith(f"{next(iter(asked))} is ")
        assert ": write " in answer.json()["detail"]
        assert not Preparation.objects.exists()

    def test_waits_for_the_verdict(self, api, team, contributor):
        VersionFactory(adapter=AdapterFactory(slug="ink-wash", team=team))
        api.force_authenticate(contributor)
        answer = api.get(AT, {"layout": "kohya"})
        assert (answer.status_code, answer.json()["code"]) == (409, "not-validated")


class TestWhoMay:
    def test_a_stranger_gets_what_is_there_and_has_nothing_made(self, api, version, contributor):
        answer = api.get(AT, {"layout": "kohya"})
        assert answer.status_code == 401
        assert "sign in, or send a token" in answer.json()["detail"]
        assert not Preparation.objects.exists()

        api.force_authenticate(contributor)
        api.get(AT, {"layout": "kohya"})
        api.force_authenticate(None)
        assert api.get(AT, {"layout": "kohya"}).status_code == 202
        make()
        assert bytes_of(api.get(AT, {"layout": "kohya"})) == CONTENT

    def test_what_is_not_published_is_for_its_team(self, api, team):
        VersionFactory(adapter=AdapterFactory(slug="ink-wash", team=team), ready=True)
        api.force_authenticate(member(team, "viewer"))
        assert api.get(AT, {"layout": "kohya"}).status_code == 202
        where = api.get(AT, {"layout": "kohya"})["Location"]
        make()

        api.force_authenticate(member(VersionFactory().adapter.team))
        for at in (f"{AT}?layout=kohya", where, LAYOUTS):
            assert api.get(at).status_code == 404

    def test_what_is_told_of_one_version_is_not_to_be_had_by_another(self, api, signed_in, version):
        signed_in.get(AT, {"layout": "kohya"})
        row = Preparation.objects.get()
        other = VersionFactory(adapter=version.adapter, published=True)
        at = f"/api/adapters/ink/ink-wash/versions/{other.number}/layouts/{row.pk}"
        assert signed_in.get(at).status_code == 404

    def test_a_token_may_stand_in_the_address(self, api, version, contributor):
        secret = token(contributor, Scope.READ)
        assert api.get(AT, {"layout": "kohya", "token": secret}).status_code == 202


class TestDelivery:
    @pytest.fixture
    def made(self, signed_in, version):
        signed_in.get(AT, {"layout": "kohya"})
        return make()

    def test_is_as_any_download(self, signed_in, made):
        whole = signed_in.get(AT, {"layout": "kohya"})
        sha256 = hashlib.sha256(CONTENT).hexdigest()
        assert whole["ETag"] == f'"{sha256}"'
        name = f"ink-wash-v1-{sha256[:8]}.safetensors"
        assert whole["Content-Disposition"] == f'attachment; filename="{name}"'
        assert whole["Cache-Control"] == "no-cache, private"

        part = signed_in.get(f"{AT}?layout=kohya", HTTP_RANGE="bytes=10-19")
        assert (part.status_code, bytes_of(part)) == (206, CONTENT[10:20])
        head = signed_in.head(f"{AT}?layout=kohya")
        assert (head.status_code, head["Content-Length"]) == (200, str(len(CONTENT)))
        again = signed_in.get(f"{AT}?layout=kohya", HTTP_IF_NONE_MATCH=f'"{sha256}"')
        assert again.status_code == 304

    def test_is_the_store_s_own_where_it_has_addresses(
        self, signed_in, made, settings, monkeypatch
    ):
        settings.DOWNLOADS = "redirect"
        monkeypatch.setattr(
            "registry.blobs.disk.DiskStore.url", lambda _, sha256, **more: f"https://s3/{sha256}"
        )
        answer = signed_in.get(AT, {"layout": "kohya"})
        assert answer["Location"] == f"https://s3/{hashlib.sha256(CONTENT).hexdigest()}"

    def test_of_the_newest_too(self, signed_in, made):
        answer = signed_in.get("/api/adapters/ink/ink-wash/download", {"layout": "kohya"})
        assert bytes_of(answer) == CONTENT

    def test_is_found_by_its_own_hash(self, signed_in, made):
        sha256 = hashlib.sha256(CONTENT).hexdigest()
        assert signed_in.get(f"/api/by-hash/{sha256}").json()["version"] == 1

    def test_a_folder_is_a_zip_file_or_file_by_file(self, signed_in, version):
        files = {"adapter_config.json": b'{"r": 2}', "adapter_model.safetensors": CONTENT}
        signed_in.get(AT, {"layout": "peft"})
        make(files)

        answer = signed_in.get(AT, {"layout": "peft"})
        content = bytes_of(answer)
        assert answer["Content-Type"] == "application/zip"
        assert len(content) == int(answer["Content-Length"])
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            assert {name: archive.read(name) for name in archive.namelist()} == {
                f"ink-wash-v1-peft/{name}": content for name, content in files.items()
            }
        head = signed_in.head(AT, {"layout": "peft"})
        assert head["Content-Length"] == answer["Content-Length"]
        same = signed_in.get(f"{AT}?layout=peft", HTTP_IF_NONE_MATCH=answer["ETag"])
        assert same.status_code == 304

        one = signed_in.get(AT, {"layout": "peft", "file": "adapter_config.json"})
        assert bytes_of(one) == b'{"r": 2}'
        assert 'filename="adapter_config.json"' in one["Content-Disposition"]
        none = signed_in.get(AT, {"layout": "peft", "file": "../x"})
        assert none.status_code == 404
        assert "there is adapter_config.json, adapter_model.safetensors" in none.json()["detail"]

    def test_says_that_the_store_is_down(self, signed_in, made, monkeypatch):
        def fail(*_):
            raise StoreDown("no answer")

        monkeypatch.setattr("registry.blobs.disk.DiskStore.open", fail)
        assert signed_in.get(AT, {"layout": "kohya"}).status_code == 503


def test_the_layouts_say_how_they_stand(signed_in, version):
    signed_in.get(AT, {"layout": "kohya"})
    make()
    signed_in.get(AT, {"layout": "peft"})

    items = {one["layout"]: one for one in signed_in.get(LAYOUTS).json()["items"]}

    assert {name: one["state"] for name, one in items.items()} == {
        "original": "ready",
        "kohya": "ready",
        "diffusers": "possible",
        "peft": "queued",
        "gguf": "refused",
    }
    assert items["kohya"]["size"] == len(CONTENT)
    assert items["gguf"]["download_url"] is None
    assert "not written in GGUF's layout" in items["gguf"]["reason"]
    assert items["original"]["download_url"] == f"http://testserver{AT}"
    other = signed_in.get(LAYOUTS, {"dtype": "fp32"}).json()["items"]
    assert {one["layout"]: one["state"] for one in other}["kohya"] == "possible"
    assert signed_in.get(LAYOUTS, {"dtype": "x"}).status_code == 400
