"""The product in one page: a member uploads a LoRA, workers look it over, a runtime finds it."""

from __future__ import annotations

import hashlib
import urllib.request

import pytest

from registry.models import BaseModel
from registry.services import bases
from tests import files
from tests.factories import SceneFactory, TeamFactory, member
from tests.workers.test_gpu import FakeEngine
from workers import gpu

INK = files.kohya_lora("sdxl", metadata={"ss_output_name": "ink"}).getvalue()
SHA256 = hashlib.sha256(INK).hexdigest()


@pytest.fixture
def _sdxl(tmp_path, monkeypatch):
    """SDXL, with weights on this worker as far as anyone asks, and an engine that finds it good."""
    bases.load_catalogue()
    folder = tmp_path / "sdxl"
    folder.mkdir()
    (folder / "model_index.json").write_text("{}")
    sdxl = BaseModel.objects.get(slug="sdxl-1-0")
    SceneFactory(base=sdxl, slug="circle")
    bases.place_weights(sdxl, weights_at=str(folder))
    engine = FakeEngine()
    engine.looks = lambda weight: 0.3 * min(weight, 1.2)
    monkeypatch.setattr(gpu, "engine", lambda: engine)


@pytest.fixture(params=["disk", "s3"])
def _store(request, settings):
    """Where bytes are kept: a folder of this test's, or a bucket on a real S3 server."""
    if request.param == "disk":
        request.getfixturevalue("blob_root")
        return
    settings.STORE, settings.DOWNLOADS = "s3", "redirect"
    settings.S3 = request.getfixturevalue("s3_server").settings


def send_part(api, upload, content):
    """Send the only part to where the hub says: to itself, or straight to the object store."""
    address = api.get(upload["part_url"].format(number=1) + "/url").json()
    if not address["direct"]:
        sent = api.put(address["url"], content, content_type="application/octet-stream")
        return sent.status_code == 204
    put = urllib.request.Request(address["url"], data=content, method="PUT")
    with urllib.request.urlopen(put, timeout=30) as answer:
        return answer.status == 200


def bytes_of(answer):
    """Return what a runtime that follows a redirect ends up with."""
    if answer.status_code == 200:
        return b"".join(answer.streaming_content)
    with urllib.request.urlopen(answer["Location"], timeout=30) as there:
        return there.read()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_store", "run_jobs_at_once", "_sdxl")
def test_an_upload_becomes_a_download(api):  # noqa: PLR0915  a story is told in one go
    studio = TeamFactory(slug="studio")
    painter = member(studio, "contributor", username="painter")

    # A member shows the hub a file's header, and learns what it is before any of it travels.
    api.force_authenticate(painter)
    length = int.from_bytes(INK[:8], "little")
    start = {
        "name": "ink.safetensors",
        "size": len(INK),
        "header": INK[8 : 8 + length].decode(),
        "base": "sdxl-1-0",
    }
    seen = api.post("/api/inspect", start).json()
    assert seen["family"] == "sdxl"
    assert seen["verdict"] != "refused"

    # They send it, and declare it as the first version of a new adapter.
    about = {"team": "studio", "name": "ink.safetensors", "size": len(INK), "sha256": SHA256}
    upload = api.post("/api/uploads", about).json()
    assert send_part(api, upload, INK)
    version = {"title": "Ink wash", "base": "sdxl", "trigger_words": ["inkwash"], "kind": "style"}
    accepted = api.post(upload["complete_url"], {"version": version})
    assert accepted.status_code == 202

    # Workers read it, try it on its base, and render it at every weight.
    report = api.get(accepted["Location"]).json()
    assert report["run"]["state"] == "passed", report
    assert report["state"] == "ready"
    assert report["proof"] == "renders"
    assert {one["outcome"] for one in report["results"]} <= {"passed", "warned"}
    shown = api.get(accepted.json()["url"] + "/previews").json()["grid"]
    # With and without its trigger word, and in another shape.
    assert len(shown["cells"]) == 3 * len(shown["weights"])

    # It passed, but nobody can find it until somebody says so.
    api.force_authenticate(None)
    assert api.get("/api/adapters", {"base": "sdxl"}).json()["items"] == []
    assert api.get(accepted.json()["url"]).status_code == 404
    api.force_authenticate(painter)
    assert api.post(accepted.json()["url"] + "/publish").status_code == 200

    # Published, it is there for every runtime of its family, with all it takes to use it …
    api.force_authenticate(None)
    [found] = api.get("/api/adapters", {"base": "sdxl"}).json()["items"]
    assert found["name"] == "ink-wash"
    assert found["trigger_words"] == ["inkwash"]
    assert found["weight"]["measured"]["best"] is not None
    assert api.get(found["preview_url"]).status_code == 200

    # … and what arrives is what was sent.
    answer = api.get(found["download_url"])
    assert hashlib.sha256(bytes_of(answer)).hexdigest() == SHA256


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("blob_root", "run_jobs_at_once", "_sdxl")
def test_an_upload_for_another_base_is_turned_away_with_what_it_fits(api):
    api.force_authenticate(member(TeamFactory(slug="studio"), "contributor"))
    form = {"file": files.kohya_lora("sd1", text_encoder=True), "base": "sdxl"}

    accepted = api.post("/api/adapters/studio/portrait/versions", form, format="multipart")

    report = api.get(accepted["Location"]).json()
    assert report["state"] == "rejected"
    assert report["reason"].startswith("This file fits SD 1.5, not SDXL 1.0: ")
