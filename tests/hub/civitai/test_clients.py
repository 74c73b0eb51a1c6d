"""
Clients of Civitai from PyPI, as they are installed, against a hub that runs.

They lie in a folder of their own (`make setup` puts them there) and run in a process of their own.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories import member, token

CLIENTS = Path(sys.prefix) / "clients" / "civitai"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CLIENTS.is_dir(), reason="no clients of Civitai: run make setup"),
]


@pytest.fixture
def run(live_server, tmp_path):
    """Return a function that runs a program with the clients at hand, and reads its answer."""

    def run(program, **told):
        done = subprocess.run(
            [sys.executable, "-c", f"import json, os\nHUB = os.environ['HUB']\n{program}"],
            env=os.environ
            | {"PYTHONPATH": str(CLIENTS), "HUB": live_server.url, "NO_PROXY": "localhost", **told},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout)

    return run


SEARCH = """
from civitapy.client import CivitAIClient
from civitapy.models import Image, Model, ModelVersion, MiniModelVersion, PaginatedResponse

client = CivitAIClient(base_url=HUB + "/api/v1", retry_count=1)
page = PaginatedResponse[Model](**client.models_list(types="LORA", base_models="SDXL 1.0", limit=5))
[model] = page.items
version = ModelVersion(**client.model_versions_get(model.model_versions[0].id))
mini = MiniModelVersion(**client.model_versions_mini(version.id))
by_hash = client.model_versions_by_hash(version.files[0].hashes["SHA256"])
bulk = client.model_versions_by_hash_bulk([version.files[0].hashes["SHA256"]])
ids = client.model_versions_by_hash_ids([version.files[0].hashes["SHA256"]])
images = PaginatedResponse[Image](**client.images_list(model_version_id=version.id))
print(json.dumps({
    "name": model.name, "creator": model.creator.username, "file": mini.file_name,
    "air": version.air, "by_hash": by_hash["id"] == version.id, "bulk": len(bulk),
    "ids": [one.model_version_id for one in ids] == [version.id], "images": len(images.items),
    "seed": images.items[0].meta.seed, "tags": client.tags_list()["items"][0]["name"],
    "creators": client.creators_list()["items"][0]["username"],
    "enums": sorted(client.enums()),
}))
"""

FETCH = """
from civitapy.client import CivitAIClient

client = CivitAIClient(base_url=HUB + "/api/v1", token=os.environ.get("TOKEN"), retry_count=1)
[model] = client.models_list()["items"]
print(json.dumps(client.download_model(model["id"], verify_hash=True)))
"""

REFUSED = """
from civitapy import errors
from civitapy.client import CivitAIClient

client = CivitAIClient(base_url=HUB + "/api/v1", token=os.environ.get("TOKEN"), retry_count=1)
said = []
for ask in (
    lambda: client.models_get(999999),
    lambda: client.models_list(sort="Best"),
    lambda: client.model_versions_by_hash_bulk(["no hash"]),
):
    try:
        said.append(ask())
    except errors.CivitAIError as error:
        said.append(type(error).__name__)
print(json.dumps(said))
"""

OF_THE_HUB_S_KIND = """
from civitai_hub.client import CivitaiClient
from civitai_hub.errors import NotFoundError

client = CivitaiClient()
client.base_url = HUB + "/api/v1"
[model] = client.search_models(types="LORA", query="ink", limit=5)
version = client.get_version_by_hash(model.model_versions[0].primary_file.sha256)
try:
    client.get_version(999999)
    missing = ""
except NotFoundError:
    missing = "NotFoundError"
print(json.dumps([client.get_model(model.id).name, version.primary_file.size_bytes, missing]))
"""

THE_OLDEST = """
import civitai.models, civitai.tags, civitai.creators

for module in (civitai.models, civitai.tags, civitai.creators):
    module.CIVITAI_BASE_URL = HUB + "/api/v1"
[model] = civitai.models.get(limit=3).items
version = civitai.models.get_by_modelVersion(model.modelVersions[0].id)
print(json.dumps([model.name, version.trainedWords, len(civitai.tags.get().items)]))
"""


def test_civitapy_finds_and_reads_everything(run, ink_wash):
    said = run(SEARCH)
    blob = ink_wash.files.get().blob
    assert said == {
        "name": "Ink Wash",
        "creator": "ink",
        "file": f"ink-wash-v1-{blob.sha256[:8]}.safetensors",
        "air": f"urn:air:sdxl:lora:loradex:{ink_wash.adapter.serial}@{ink_wash.serial}",
        "by_hash": True,
        "bulk": 1,
        "ids": True,
        "images": 2,
        "seed": 0,
        "tags": "ink",
        "creators": "ink",
        "enums": ["ActiveBaseModel", "BaseModel", "BaseModelType", "ModelFileType", "ModelType"],
    }


def test_civitapy_downloads_and_verifies(run, ink_wash):
    [path] = run(FETCH)
    assert hashlib.sha256(Path(path).read_bytes()).hexdigest() == ink_wash.sha256


def test_civitapy_raises_what_it_should(run, ink_wash):
    assert run(REFUSED) == ["CivitAINotFoundError", "CivitAIHTTPError", "CivitAIHTTPError"]


def test_civitapy_shows_its_token(run, ink_wash, settings):
    settings.READ_NEEDS_SIGN_IN = True
    secret = token(member(ink_wash.adapter.team))
    assert len(run(FETCH, TOKEN=secret)) == 1
    assert run(REFUSED, TOKEN="ldx_wrong")[0] == "CivitAIAuthError"


def test_civitai_hub_finds_and_reads(run, ink_wash):
    size = ink_wash.files.get().size
    assert run(OF_THE_HUB_S_KIND) == ["Ink Wash", size, "NotFoundError"]


def test_civitai_finds_and_reads(run, ink_wash):
    assert run(THE_OLDEST) == ["Ink Wash", ["inkwash"], 2]
