"""Sidecar files and the bundle, over HTTP."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.utils import timezone

from registry.models import Preparation
from registry.services import preparing, previews
from tests.factories import AdapterFactory, FileFactory, VersionFactory, keep, member, sweep
from tests.files import kohya_lora

pytestmark = pytest.mark.django_db

AT = "/api/adapters/ink/ink-wash/versions/1"


@pytest.fixture
def version(team):
    return VersionFactory(adapter=AdapterFactory(slug="ink-wash", team=team), published=True)


@pytest.fixture
def shown(version):
    grid = sweep(version)
    previews.keep_cover(grid, b"\x89PNG a cover", now=timezone.now())
    return version


def unzipped(answer):
    content = b"".join(answer.streaming_content)
    assert len(content) == int(answer["Content-Length"])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_sidecar_is_listed_with_its_name_and_to_be_had(api, shown):
    stem = f"ink-wash-v1-{shown.sha256[:8]}"
    items = api.get(f"{AT}/sidecars").json()["items"]

    assert {one["file_name"] for one in items} == {
        f"{stem}.json", f"{stem}.civitai.info", f"{stem}.metadata.json", f"{stem}.cm-info.json",
        f"{stem}.safetensors.rgthree-info.json", f"{stem}.swarm.json", f"{stem}.preview.png",
    }  # fmt: skip
    for one in items:
        answer = api.get(one["url"])
        assert answer.status_code == 200
        assert one["file_name"] in answer["Content-Disposition"]
        assert api.get(one["url"], HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


def test_a_sidecar_tells_of_the_version(api, shown):
    told = api.get(f"{AT}/sidecars/lora-manager").json()
    assert told["sha256"] == shown.sha256
    assert told["trainedWords"] == ["inkwash"]
    assert told["civitai"]["downloadUrl"] == f"http://testserver{AT}/download"
    picture = told["civitai"]["images"][0]["url"]
    assert api.get(picture).status_code == 200


def test_a_download_changes_no_sidecar(api, shown):
    before = api.get(f"{AT}/sidecars/civitai")["ETag"]
    unzipped(api.get(f"{AT}/bundle"))
    assert api.get(f"{AT}/sidecars/civitai")["ETag"] == before


def test_what_is_no_sidecar_is_told_what_is(api, version):
    answer = api.get(f"{AT}/sidecars/passwd")
    assert answer.status_code == 404
    assert "there are webui, civitai, lora-manager" in answer.json()["detail"]
    assert "still being drawn" in api.get(f"{AT}/sidecars/preview").json()["detail"]


def test_the_bundle_has_the_weights_and_all_that_lies_beside_them(api, shown):
    answer = api.get(f"{AT}/bundle")
    found = unzipped(answer)

    stem = f"ink-wash-v1-{shown.sha256[:8]}"
    assert f'filename="{stem}.zip"' in answer["Content-Disposition"]
    assert len(found) == 8
    assert len(found[f"{stem}.safetensors"]) == shown.files.get().size
    assert found[f"{stem}.preview.png"] == b"\x89PNG a cover"
    assert json.loads(found[f"{stem}.json"])["activation text"] == "inkwash"
    assert api.get(f"{AT}/bundle", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    head = api.head(f"{AT}/bundle")
    assert (head["Content-Length"], head["ETag"]) == (answer["Content-Length"], answer["ETag"])
    shown.refresh_from_db()
    assert shown.downloads == 1


def test_a_configuration_is_in_the_bundle_too(api, version):
    FileFactory(version=version, role="config", name="adapter_config.json", blob=keep(b'{"r": 4}'))
    assert unzipped(api.get(f"{AT}/bundle"))["ink-wash-v1-adapter_config.json"] == b'{"r": 4}'


def test_a_bundle_in_another_layout_tells_of_its_own_file(api, shown, contributor):
    api.force_authenticate(contributor)
    assert api.get(f"{AT}/bundle", {"layout": "kohya"}).status_code == 202
    content = kohya_lora("sdxl", rank=2).getvalue()
    held = preparing.claim(Preparation.objects.get().pk, owner="a", now=timezone.now())
    blob = keep(content)
    preparing.finish(held, {"lora.safetensors": blob}, worst_error=0, notes=[], now=timezone.now())

    found = unzipped(api.get(f"{AT}/bundle", {"layout": "kohya"}))

    stem = f"ink-wash-v1-{blob.sha256[:8]}"
    assert found[f"{stem}.safetensors"] == content
    assert json.loads(found[f"{stem}.metadata.json"])["sha256"] == blob.sha256
    assert api.get(f"{AT}/bundle", {"layout": "peft"}).status_code == 400


def test_what_is_not_published_is_for_its_team(api, team):
    VersionFactory(adapter=AdapterFactory(slug="ink-wash", team=team), ready=True)
    for at in ("bundle", "sidecars", "sidecars/webui"):
        assert api.get(f"{AT}/{at}").status_code == 404
    api.force_authenticate(member(team, "viewer"))
    for at in ("bundle", "sidecars", "sidecars/webui"):
        assert api.get(f"{AT}/{at}").status_code == 200
