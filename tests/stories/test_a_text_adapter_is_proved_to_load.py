"""A PEFT folder for a language model is loaded by PEFT, though nobody here has the model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from registry.models import AdapterVersion, BaseModel
from registry.services import bases
from tests import files
from tests.factories import TeamFactory, member
from workers import gpu, intake
from workers.frames import Frame

pytest.importorskip("torch")
pytestmark = pytest.mark.torch


@pytest.fixture
def _engine(monkeypatch):
    """The real engine, in this process."""
    from workers.engine.verbs import VERBS, open_engine

    engine = open_engine("cpu", network_off=True)

    def call(verb, fields, **_):
        answer, blobs = VERBS[verb](engine, fields, lambda *_: None)
        return Frame(json.loads(json.dumps(answer)), blobs)

    monkeypatch.setattr(gpu, "engine", lambda: SimpleNamespace(call=call))


@pytest.fixture
def upload(api, tmp_path, sent):
    """Return a function that sends a folder for Llama 3.1 8B and has workers look it over."""
    bases.load_catalogue()
    api.force_authenticate(member(TeamFactory(slug="studio"), "contributor"))

    def upload():
        folder = tmp_path / "polite"
        folder.mkdir()
        (folder / "adapter_model.safetensors").write_bytes(files.peft_lora("llama").getvalue())
        (folder / "adapter_config.json").write_text(json.dumps(files.peft_config("llama")))
        packed = shutil.make_archive(str(folder), "zip", tmp_path, folder.name)
        with Path(packed).open("rb") as file:
            form = {"file": file, "base": "llama-3-1-8b"}
            answer = api.post("/api/adapters/studio/polite/versions", form, format="multipart")
        assert answer.status_code == 202, answer.content
        intake.check_file(run_id=str(sent[-1][1]))
        gpu.try_on_base(run_id=str(sent[-1][1]))
        return api.get("/api/adapters/studio/polite/versions/1/report").json()

    return upload


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("blob_root", "_engine")
def test_a_folder_for_a_language_model_is_proved_to_load(upload, client):
    report = upload()

    assert (report["state"], report["proof"]) == ("ready", "loads"), report
    [counted] = [one for one in report["results"] if one["code"] == "trial.layers"]
    assert counted["outcome"] == "passed"
    total = AdapterVersion.objects.get().fit["total"]
    assert counted["evidence"]["injected"] == {"model": total}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("blob_root", "_engine")
def test_where_weights_are_said_to_lie_that_no_worker_has_it_says_so(upload, tmp_path):
    bases.place_weights(BaseModel.objects.get(slug="llama-3-1-8b"), weights_at=str(tmp_path))

    report = upload()

    assert (report["state"], report["proof"]) == ("waiting", "loads"), report
    assert report["run"]["state"] == "failed"
    assert "needs its adapters to be proved to the level “renders”" in report["run"]["reason"]
    assert "give a worker the base's weights" in report["run"]["reason"]
