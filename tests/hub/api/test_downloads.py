from __future__ import annotations

import base64
import csv
import hashlib
import io

import pytest
from django.utils import timezone

from registry import blobs
from registry.blobs.protocol import StoreDown
from registry.services import previews
from tests.factories import (
    AdapterFactory,
    FileFactory,
    VersionFactory,
    keep,
    member,
    sweep,
    token,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return VersionFactory(adapter=AdapterFactory(slug="ink-wash", team__slug="ink"), published=True)


AT = "/api/adapters/ink/ink-wash/versions/1/download"


def bytes_of(answer):
    return b"".join(answer.streaming_content)


def content_of(version):
    with blobs.default().open(version.sha256) as file:
        return file.read()


class TestDownload:
    def test_gives_the_bytes_that_are_listed(self, api, version):
        [listed] = api.get("/api/adapters?base=sdxl").json()["items"]

        answer = api.get(listed["download_url"])

        content = bytes_of(answer)
        assert hashlib.sha256(content).hexdigest() == listed["sha256"]
        assert len(content) == listed["size"] == int(answer["Content-Length"])
        assert answer["ETag"] == f'"{listed["sha256"]}"'
        assert answer["Accept-Ranges"] == "bytes"
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        assert answer["Repr-Digest"] == f"sha-256=:{digest}:"

    def test_names_the_file_as_no_other(self, api, version):
        answer = api.get(AT)
        name = f"ink-wash-v1-{version.sha256[:8]}.safetensors"
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'

    def test_never_runs_in_a_browser(self, api, version):
        answer = api.get(AT)
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_gives_a_range(self, api, version):
        answer = api.get(AT, HTTP_RANGE="bytes=100-199")
        assert answer.status_code == 206
        size = version.files.get().size
        assert answer["Content-Range"] == f"bytes 100-199/{size}"
        assert bytes_of(answer) == content_of(version)[100:200]

    def test_resumes_only_the_same_file(self, api, version):
        answer = api.get(AT, HTTP_RANGE="bytes=100-", HTTP_IF_RANGE='"another"')
        assert answer.status_code == 200
        assert bytes_of(answer) == content_of(version)

    def test_says_how_long_the_file_is_to_whoever_asks_beyond(self, api, version):
        answer = api.get(AT, HTTP_RANGE="bytes=999999999-")
        assert answer.status_code == 416
        assert answer["Content-Range"] == f"bytes */{version.files.get().size}"

    def test_sends_nothing_to_whoever_has_it(self, api, version):
        answer = api.get(AT, HTTP_IF_NONE_MATCH=f'"{version.sha256}"')
        assert answer.status_code == 304
        assert answer.content == b""

    def test_describes_it_without_bytes(self, api, version):
        answer = api.head(AT)
        assert answer["Content-Length"] == str(version.files.get().size)
        assert answer.content == b""
        version.refresh_from_db()
        assert version.downloads == 0

    def test_counts_a_download_once(self, api, version):
        bytes_of(api.get(AT, HTTP_RANGE="bytes=0-99"))
        bytes_of(api.get(AT, HTTP_RANGE="bytes=100-"))
        version.refresh_from_db()
        assert version.downloads == 1

    def test_gives_another_file_by_its_name(self, api, version):
        config = keep(b'{"r": 4}')
        FileFactory(version=version, role="config", name="adapter_config.json", blob=config)

        answer = api.get(AT, {"file": "adapter_config.json"})

        assert bytes_of(answer) == b'{"r": 4}'
        assert 'filename="ink-wash-v1-adapter_config.json"' in answer["Content-Disposition"]

    def test_names_the_files_there_are(self, api, version):
        answer = api.get(AT, {"file": "../../etc/passwd"})
        assert answer.status_code == 404
        assert "it has adapter.safetensors" in answer.json()["detail"]

    def test_waits_until_the_digest_is_certain(self, api, version):
        version.files.update(blob=None)
        answer = api.get(AT)
        assert answer.status_code == 409
        assert answer.json()["code"] == "not-checked-yet"

    def test_lets_a_token_stand_in_the_address(self, api, settings, version):
        settings.READ_NEEDS_SIGN_IN = True
        secret = token(member(version.adapter.team))
        assert api.get(AT).status_code == 401
        assert api.get(AT, {"token": secret}).status_code == 200
        assert api.get("/api/adapters", {"token": secret}).status_code == 401

    def test_says_that_the_store_is_down(self, api, version, monkeypatch):
        def fail(*_):
            raise StoreDown("no answer")

        monkeypatch.setattr(type(blobs.default()), "open", fail)
        answer = api.get(AT)
        assert answer.status_code == 503
        assert answer.json()["code"] == "unavailable"
        assert answer["Retry-After"] == "30"


class TestLatest:
    def test_gives_the_newest_published(self, api, version):
        newest = VersionFactory(adapter=version.adapter, published=True)
        VersionFactory(adapter=version.adapter, ready=True)

        answer = api.get("/api/adapters/ink/ink-wash/download")

        assert answer["ETag"] == f'"{newest.sha256}"'
        assert answer["Cache-Control"] == "no-cache"

    def test_is_not_there_before_anything_is_published(self, api):
        VersionFactory(adapter__slug="ink-wash", adapter__team__slug="ink", ready=True)
        assert api.get("/api/adapters/ink/ink-wash/download").status_code == 404


class TestOtherWays:
    def test_lets_nginx_send_it(self, api, settings, version):
        settings.DOWNLOADS = "accel"
        answer = api.get(AT)
        sha256 = version.sha256
        assert answer["X-Accel-Redirect"] == f"/protected/{sha256[:2]}/{sha256}"
        assert answer.content == b""

    def test_lets_the_object_store_send_it(self, api, settings, version, monkeypatch):
        settings.DOWNLOADS = "redirect"
        monkeypatch.setattr(
            type(blobs.default()), "url", lambda _, sha256, **more: f"https://s3/{sha256}"
        )
        answer = api.get(AT)
        assert answer.status_code == 302
        assert answer["Location"] == f"https://s3/{version.sha256}"
        assert answer["Cache-Control"] == "no-store"

    def test_sends_it_itself_where_the_store_has_no_addresses(self, api, settings, version):
        settings.DOWNLOADS = "redirect"
        assert bytes_of(api.get(AT)) == content_of(version)


class TestPicture:
    def test_is_shown_and_kept_for_ever(self, api, version):
        cell = sweep(version).cells.first()

        answer = api.get(f"/api/previews/{cell.blob_id}.webp")

        assert hashlib.sha256(answer.content).hexdigest() == cell.blob_id
        assert answer["Content-Type"] == "image/webp"
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"

    def test_is_for_those_who_may_see_the_version(self, api):
        version = VersionFactory(ready=True)
        cell = sweep(version).cells.first()
        at = f"/api/previews/{cell.blob_id}.webp"

        assert api.get(at).status_code == 404
        api.force_authenticate(member(version.adapter.team, "viewer"))
        assert api.get(at).status_code == 200
        assert api.get(at)["Cache-Control"].startswith("private")

    def test_is_nothing_but_pictures(self, api, version):
        """Weights are not to be had by their digest at the door for pictures."""
        assert api.get(f"/api/previews/{version.sha256}.webp").status_code == 404


class TestSheet:
    AT = "/api/adapters/ink/ink-wash/versions/1/previews/sheet"

    @pytest.fixture
    def drawn(self, version):
        grid = sweep(version)
        previews.keep_sheet(grid, b"all of them", now=timezone.now())
        grid.refresh_from_db()
        return grid

    def test_is_one_picture_of_all(self, api, drawn):
        answer = api.get(self.AT)

        assert answer.content == b"all of them"
        assert answer["Content-Type"] == "image/webp"
        assert answer["ETag"] == f'"{drawn.sheet_id}"'
        name = f"ink-wash-v1-sheet-{drawn.sheet_id[:8]}.webp"
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"

    def test_is_kept_for_ever_under_its_digest_alone(self, api, drawn):
        assert api.get(self.AT)["Cache-Control"] == "public, no-cache"

        [address] = {api.get(self.AT.removesuffix("/sheet")).json()["grid"]["sheet_url"]}

        assert address == f"http://testserver{self.AT}?sha256={drawn.sheet_id}"
        assert api.get(address)["Cache-Control"] == "public, max-age=31536000, immutable"
        assert api.get(self.AT, {"sha256": "0" * 64})["Cache-Control"] == "public, no-cache"

    def test_is_not_sent_to_whoever_has_it(self, api, drawn):
        answer = api.get(self.AT, HTTP_IF_NONE_MATCH=f'"{drawn.sheet_id}"')
        assert answer.status_code == 304
        assert answer.content == b""

    def test_is_for_those_who_may_see_the_version(self, api, drawn):
        type(drawn.version).objects.update(state="ready")

        assert api.get(self.AT).status_code == 404
        api.force_authenticate(member(drawn.version.adapter.team, "viewer"))
        assert api.get(self.AT)["Cache-Control"] == "private, no-cache"

    def test_of_answers_is_a_table_that_spreadsheets_do_not_run(self, api, version):
        cells = sweep(version).cells
        cells.update(medium="text", blob=None, text="=1+1\nfour stars", parameters={"prompt": "p"})
        cells.filter(column=2).delete()

        answer = api.get(self.AT)
        lines = b"".join(answer.streaming_content).decode()

        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        name = "ink-wash-v1-answers.csv"
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
        header, row = csv.reader(io.StringIO(lines, newline=""))
        assert header == ["scene", "trigger words", "prompt", "0", "0.6"]
        assert row[1:] == ["yes", "p", "'=1+1\nfour stars", "'=1+1\nfour stars"]
        [address] = {api.get(self.AT.removesuffix("/sheet")).json()["grid"]["sheet_url"]}
        assert address == f"http://testserver{self.AT}"

    def test_is_not_there_before_it_is_drawn(self, api, version):
        sweep(version)
        answer = api.get(self.AT)
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert "still being drawn" in answer.json()["detail"]
        assert api.get(self.AT.removesuffix("/sheet")).json()["grid"]["sheet_url"] is None

    def test_is_not_there_without_a_grid(self, api, version):
        answer = api.get(self.AT)
        assert answer.status_code == 404
        assert "no pictures" in answer.json()["detail"]
