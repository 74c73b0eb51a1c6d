from __future__ import annotations

import hashlib

import pytest

from tests.factories import FileFactory, VersionFactory, keep, member, token

pytestmark = pytest.mark.django_db


def bytes_of(answer):
    return b"".join(answer.streaming_content)


@pytest.fixture
def at(ink_wash):
    config = keep(b'{"r": 4}')
    FileFactory(version=ink_wash, role="config", name="adapter_config.json", blob=config, dtype="")
    return f"/api/download/models/{ink_wash.serial}"


class TestDownload:
    def test_gives_the_bytes_that_are_listed(self, api, ink_wash):
        [item] = api.get("/api/v1/models").json()["items"]
        [file] = item["modelVersions"][0]["files"]

        answer = api.get(item["modelVersions"][0]["downloadUrl"])

        content = bytes_of(answer)
        assert hashlib.sha256(content).hexdigest().upper() == file["hashes"]["SHA256"]
        assert len(content) == file["sizeKB"] * 1024
        assert answer["Content-Disposition"] == f'attachment; filename="{file["name"]}"'
        ink_wash.refresh_from_db()
        assert ink_wash.downloads == 8

    def test_gives_each_file_by_the_address_it_is_listed_with(self, api, ink_wash, at):
        shown = api.get(f"/api/v1/model-versions/{ink_wash.serial}").json()
        for file in shown["files"]:
            content = bytes_of(api.get(file["downloadUrl"]))
            assert hashlib.sha256(content).hexdigest().upper() == file["hashes"]["SHA256"]

    @pytest.mark.parametrize(
        ("query", "name"),
        [
            ({"type": "Model"}, "ink-wash-v1-"),
            ({"type": "Model", "format": "SafeTensor", "size": "full", "fp": "fp16"}, "ink-wash-"),
            ({"type": "Config"}, "ink-wash-v1-adapter_config.json"),
        ],
        ids=str,
    )
    def test_gives_the_file_of_a_kind(self, api, at, query, name):
        answer = api.get(at, query)
        assert answer.status_code == 200
        assert f'filename="{name}' in answer["Content-Disposition"]

    @pytest.mark.parametrize(
        "query",
        [{"fp": "fp32"}, {"format": "GGUF"}, {"type": "VAE"}, {"fileId": "999999"}],
        ids=str,
    )
    def test_has_no_other(self, api, at, query):
        answer = api.get(at, query)
        assert answer.status_code == 404
        assert "not found" in answer.json()["error"]

    def test_knows_the_kinds_there_are(self, api, at):
        assert api.get(at, {"type": "Painting"}).status_code == 400

    def test_takes_a_token_in_the_address(self, api, settings, ink_wash, at):
        settings.READ_NEEDS_SIGN_IN = True
        secret = token(member(ink_wash.adapter.team))
        refused = api.get(at, HTTP_ACCEPT="text/html")
        assert refused.status_code == 401  # and no page to sign in at, which clients would save
        assert refused.json()["error"] == "Unauthorized"
        assert api.get(at, {"token": secret}).status_code == 200
        assert api.get(at, HTTP_AUTHORIZATION=f"Bearer {secret}").status_code == 200

    def test_resumes(self, api, ink_wash, at):
        whole = bytes_of(api.get(at))
        answer = api.get(at, HTTP_RANGE="bytes=100-")
        assert answer.status_code == 206
        assert bytes_of(answer) == whole[100:]

    def test_lets_the_object_store_send_it(self, api, settings, at, monkeypatch):
        from registry import blobs

        settings.DOWNLOADS = "redirect"
        monkeypatch.setattr(
            type(blobs.default()), "url", lambda _, sha256, **more: f"https://s3/{sha256}"
        )
        answer = api.get(at)
        assert answer.status_code == 302
        assert answer["Cache-Control"] == "no-store"

    def test_says_what_was_withdrawn(self, api):
        withdrawn = VersionFactory(withdrawn=True)
        answer = api.get(f"/api/download/models/{withdrawn.serial}")
        assert answer.status_code == 410
        assert "withdrawn" in answer.json()["error"]

    def test_hides_what_was_never_published(self, api):
        ready = VersionFactory(ready=True)
        assert api.get(f"/api/download/models/{ready.serial}").status_code == 404
