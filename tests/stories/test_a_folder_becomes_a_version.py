"""A member of a team packs the folder that PEFT left, and sends it as it is."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from registry.models import AdapterVersion, Upload
from registry.services import bases
from tests import files
from tests.factories import TeamFactory, member
from workers import intake

WEIGHTS = files.peft_lora("llama").getvalue()
CONFIG = json.dumps(files.peft_config("llama")).encode()


@pytest.fixture
def folder(tmp_path):
    """Return what `model.save_pretrained` and the trainer leave."""
    folder = tmp_path / "polite"
    (folder / "checkpoint-100").mkdir(parents=True)
    for name, content in {
        "adapter_model.safetensors": WEIGHTS,
        "adapter_config.json": CONFIG,
        "README.md": b"---\nlibrary_name: peft\n---\n",
        "tokenizer.json": b"{}",
        "training_args.bin": b"PK\x03\x04",
        "checkpoint-100/optimizer.pt": b"PK\x03\x04",
    }.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("blob_root")
def test_a_zip_of_a_folder_becomes_a_version_with_two_files(api, folder, sent):
    bases.load_catalogue()
    api.force_authenticate(member(TeamFactory(slug="studio"), "contributor"))
    packed = Path(shutil.make_archive(str(folder), "zip", folder.parent, folder.name))

    # The folder goes as one file; what belongs to the adapter becomes the version.
    with packed.open("rb") as file:
        form = {"file": file, "base": "llama-3-1-8b"}
        answer = api.post("/api/adapters/studio/polite/versions", form, format="multipart")
    assert answer.status_code == 202, answer.content

    version = api.get("/api/adapters/studio/polite/versions/1").json()
    shown = {one["role"]: (one["name"], one["sha256"]) for one in version["files"]}
    assert {role: sha256 for role, (_, sha256) in shown.items()} == {
        "weights": hashlib.sha256(WEIGHTS).hexdigest(),
        "config": hashlib.sha256(CONFIG).hexdigest(),
    }

    # A worker looks it over, as it looks over files that come alone.
    [(job, run_id)] = sent
    assert job.endswith("check_file")
    intake.check_file(run_id=str(run_id))
    report = api.get("/api/adapters/studio/polite/versions/1/report").json()
    assert report["results"]
    assert not [one for one in report["results"] if one["outcome"] == "rejected"]
    assert all(one.blob_id for one in AdapterVersion.objects.get().files.all())

    # The weights come back as they went, and the ZIP file is gone.
    download = api.get("/api/adapters/studio/polite/versions/1/download")
    assert b"".join(download.streaming_content) == WEIGHTS
    assert Upload.objects.get(name="polite.zip").state == "dropped"
