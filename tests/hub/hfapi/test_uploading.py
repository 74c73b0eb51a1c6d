"""
huggingface_hub in three major versions writes to a hub that runs; nothing is set but HF_ENDPOINT
and HF_TOKEN, and hf_xet is there as it is installed by default.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from registry import jobs
from registry.models import Adapter, AdapterVersion, Scope
from registry.services import demo
from tests import files
from tests.factories import BaseFactory, TeamFactory, VersionFactory, token
from tests.hub.hfapi.running import MAJORS, folder_of, run
from workers import intake

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("blob_root"),
]
NAME = "pytorch_lora_weights.safetensors"
WEIGHTS = files.diffusers_lora("sdxl").getvalue()
OTHER = files.diffusers_lora("sdxl", values=files.Values(seed=7)).getvalue()
CARD = "---\nbase_model: sdxl-1-0\ninstance_prompt: inkwash\nlicense: mit\n---\nIt draws.\n"

WRITES = """
import json, pathlib
from huggingface_hub import CommitOperationAdd, HfApi

api = HfApi()
me = api.whoami()
made = api.create_repo("ink/wash", private=True)
again = api.create_repo("ink/wash", exist_ok=True)
mine = api.create_repo("rinse").repo_id
empty = [one.rfilename for one in api.model_info("ink/wash").siblings]
first = api.upload_file(path_or_fileobj="folder/pytorch_lora_weights.safetensors",
                        path_in_repo="pytorch_lora_weights.safetensors", repo_id="ink/wash")
card = api.upload_file(path_or_fileobj=b"---\\nlicense: mit\\n---\\nIt draws.",
                       path_in_repo="README.md", repo_id="ink/wash")
api.create_tag("ink/wash", tag="1.0")
api.create_tag("ink/wash", tag="1.0", exist_ok=True)
same = api.upload_folder(folder_path="folder", repo_id="ink/wash", allow_patterns="*.safetensors")
second = api.create_commit("ink/wash", commit_message="Longer", operations=[
    CommitOperationAdd("pytorch_lora_weights.safetensors", "other.safetensors"),
    CommitOperationAdd("README.md", pathlib.Path("card.md").read_bytes()),
], parent_commit=same.oid)
api.upload_folder(folder_path="folder", repo_id=mine, ignore_patterns="*.md")
api.delete_tag("ink/wash", tag="1.0")
api.create_repo("ink/gone")
api.delete_repo("ink/gone")
api.delete_repo("ink/gone", missing_ok=True)
print(json.dumps({
    "me": [me["name"], [one["name"] for one in me["orgs"]]], "made": [str(made), str(again), mine],
    "empty": empty, "oids": [first.oid, card.oid, same.oid, second.oid],
    "shas": [api.model_info("ink/wash", revision=one.oid).sha for one in (first, second)],
    "gone": api.repo_exists("ink/gone"),
}))
"""

BY_LFS = """
import json
from huggingface_hub import HfApi
api = HfApi()
with open("folder/pytorch_lora_weights.safetensors", "rb") as file:
    api.upload_file(path_or_fileobj=file, path_in_repo="x.safetensors", repo_id="ink/wash")
print(json.dumps([one.rfilename for one in api.model_info("ink/wash").siblings]))
"""

BY_LFS_AGAIN = """
import hashlib, json
from huggingface_hub import HfApi, hf_hub_download
api = HfApi()
with open("folder/pytorch_lora_weights.safetensors", "rb") as file:
    api.upload_file(path_or_fileobj=file, path_in_repo="x.safetensors", repo_id="ink/wash")
here = hf_hub_download("ink/wash", "pytorch_lora_weights.safetensors")
print(json.dumps(hashlib.sha256(open(here, "rb").read()).hexdigest()))
"""
RANK_OF_THREE_PARTS = 200

FAILS = """
import json
from huggingface_hub import HfApi

def raised(act):
    try:
        act()
    except Exception as error:
        return [type(error).__name__, str(error)]

def file(name, content=b"x", **told):
    return lambda: HfApi().upload_file(path_or_fileobj=content, path_in_repo=name,
                                       **({"repo_id": "ink/wash"} | told))

READS, HUGE = "%(reads)s", b"x" * 3_000_000
print(json.dumps({
    "token": raised(file("a.safetensors", token="ldx_wrong")),
    "me": raised(lambda: HfApi().whoami(token="ldx_wrong")),
    "reading token": raised(file("a.safetensors", token=READS)),
    "missing": raised(file("a.safetensors", repo_id="ink/none")),
    "private": raised(file("a.safetensors", repo_id="others/secret")),
    "theirs": raised(file("a.safetensors", repo_id="others/shown")),
    "pickle": raised(file("adapter_model.bin")),
    "weights": raised(file("a.safetensors")),
    "card": raised(file("README.md", b"---\\na: [\\n---\\n")),
    "request": raised(file("a.safetensors", create_pr=True)),
    "branch": raised(file("a.safetensors", revision="staging")),
    "parent": raised(file("README.md", b"new", parent_commit="0" * 40)),
    "exists": raised(lambda: HfApi().create_repo("ink/wash")),
    "name": raised(lambda: HfApi().create_repo("ink/a.ipynb")),
    "dataset": raised(lambda: HfApi().create_repo("ink/b", repo_type="dataset")),
    "xet": raised(lambda: HfApi().upload_file(path_or_fileobj="big.safetensors",
                  path_in_repo="big.safetensors", repo_id="ink/wash")),
}))
"""


@pytest.fixture
def run_intake_at_once(monkeypatch):
    """Have files judged in this process as they arrive; what needs the engine waits."""

    def send(name, run_id):
        if name.startswith("workers.intake."):
            intake.check_file.apply(kwargs={"run_id": str(run_id)}, throw=True)

    monkeypatch.setattr(jobs, "_send", send)


@pytest.fixture(params=MAJORS)
def client(request, live_server, tmp_path, contributor, team):
    """Return a function that runs a program as the contributor, with one major of the client."""
    if not folder_of(request.param).is_dir():
        pytest.skip(f"no huggingface_hub {request.param}: run make setup")
    BaseFactory()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / NAME).write_bytes(WEIGHTS)
    (tmp_path / "folder" / "tokenizer.json").write_text("{}")
    (tmp_path / "folder" / "README.md").write_text(CARD)
    (tmp_path / "other.safetensors").write_bytes(OTHER)
    (tmp_path / "card.md").write_text(CARD)
    (tmp_path / "big.safetensors").write_bytes(b"x" * 3_000_000)
    secret = token(contributor, Scope.READ, Scope.UPLOAD)

    def call(program, **told):
        told = {"token": secret} | told
        return run(program, hub=live_server.url, home=tmp_path, client=request.param, **told)

    call.major, call.hub, call.secret, call.home = request.param, live_server.url, secret, tmp_path
    return call


def test_the_client_writes_all_that_becomes_versions(client, contributor, run_intake_at_once):
    wrote = client(WRITES)

    assert wrote["me"] == [contributor.username, ["ink"]]
    assert wrote["made"] == [f"{client.hub}/ink/wash"] * 2 + ["ink/rinse"]
    assert wrote["empty"] == []
    first, second = AdapterVersion.objects.filter(adapter__slug="wash").order_by("number")
    assert (first.sha256, second.sha256) == tuple(
        hashlib.sha256(content).hexdigest() for content in (WEIGHTS, OTHER)
    )
    assert (first.proof, second.proof) == ("fits", "fits")
    assert (second.trigger_words, second.changes) == (["inkwash"], "Longer")
    oids = wrote["oids"]
    assert len(set(oids)) == 4  # the card changed in between, and a label stands in it
    assert wrote["shas"] == [oids[0], oids[3]]
    assert not wrote["gone"]
    assert AdapterVersion.objects.get(adapter__slug="rinse").sha256 == first.sha256


@pytest.mark.parametrize("client", ["0.36", "2"], indirect=True)  # 1 does as 2 does
@pytest.mark.usefixtures("sent")
def test_an_open_file_goes_by_lfs_where_it_is_too_large_for_a_commit(client, settings):
    settings.COMMIT_BYTES = 2**20 + 1000  # next to nothing is left for files
    client("from huggingface_hub import create_repo; create_repo('ink/wash'); print(1)")

    assert NAME in client(BY_LFS)
    version = AdapterVersion.objects.get()
    assert version.sha256 == hashlib.sha256(WEIGHTS).hexdigest()


@pytest.mark.parametrize(
    ("client", "rank"),
    [("0.36", RANK_OF_THREE_PARTS), ("2", 64)],  # which is sent in one piece
    indirect=["client"],
)
def test_large_files_go_straight_to_the_object_store(
    client, rank, settings, s3_server, run_intake_at_once, monkeypatch
):
    settings.STORE, settings.S3 = "s3", s3_server.settings
    settings.PART_SIZE = 5 * 2**20  # the least that S3 takes
    settings.COMMIT_BYTES = 2**20 + 1000
    for way in ("registry.services.uploads.put_part", "registry.services.large_files.put_whole"):
        monkeypatch.setattr(way, lambda *_, **__: pytest.fail("It came to the hub."))
    client("from huggingface_hub import create_repo; create_repo('ink/wash'); print(1)")
    weights = files.diffusers_lora("sdxl", rank=rank).getvalue()
    (client.home / "folder" / NAME).write_bytes(weights)

    assert NAME in client(BY_LFS)

    version = AdapterVersion.objects.get()
    assert version.sha256 == hashlib.sha256(weights).hexdigest()
    assert version.files.get().blob.size == len(weights)
    assert version.proof == "fits"
    assert client(BY_LFS_AGAIN) == version.sha256


@pytest.mark.usefixtures("sent")
def test_refusals_are_the_clients_own_exceptions(client, contributor, settings):
    settings.COMMIT_BYTES = 2**21
    others = TeamFactory(slug="others")
    Adapter.objects.create(
        team=TeamFactory(slug="ink"), slug="wash", title="wash", created_by=contributor,
        created_at="2026-01-01T00:00Z", changed_at="2026-01-01T00:00Z",
    )  # fmt: skip
    VersionFactory(adapter__team=others, adapter__slug="secret")
    VersionFactory(adapter__team=others, adapter__slug="shown", published=True)

    failed = client(FAILS % {"reads": token(contributor, Scope.READ)})

    kinds = {what: told and told[0] for what, told in failed.items()}
    for what in ("missing", "private"):
        assert kinds[what] == "RepositoryNotFoundError"
    for what in ("token", "reading token", "theirs", "pickle", "weights", "request", "branch",
                 "parent", "exists", "name", "dataset"):  # fmt: skip
        assert kinds[what] == "HfHubHTTPError", (what, failed[what])
    assert kinds["card"] in {"ValueError", "BadRequestError"}
    for what, sentence in {
        "reading token": "may not upload", "theirs": "Contributor", "pickle": "pickled",
        "weights": "safetensors", "card": "README.md", "request": "no pull requests",
        "branch": "Only main", "parent": "moved on", "exists": "exists already",
        "name": "cannot be an adapter", "dataset": "has no datasets",
    }.items():  # fmt: skip
        assert sentence in failed[what][1], (what, failed[what])
    if client.major != "0.36":  # which asks how to send it
        assert "xet-write-token" in failed["xet"][1]
    assert not AdapterVersion.objects.filter(adapter__slug="wash").exists()


@pytest.mark.parametrize("client", ["2"], indirect=True)  # it makes the calls tried above
@pytest.mark.usefixtures("sent")
def test_the_command_uploads_and_says_who_one_is(client):
    environment = {
        "HF_ENDPOINT": client.hub, "HF_TOKEN": client.secret, "HF_HOME": str(client.home),
        "PYTHONPATH": str(folder_of(client.major)), "PATH": "/usr/bin:/bin",
    }  # fmt: skip
    script = "from huggingface_hub.cli.hf import main; main()"

    def hf(*words):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script, *words], env=environment,
            cwd=client.home, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    assert "contributor" in hf("auth", "whoami")
    hf("upload", "ink/wash", "folder")
    version = AdapterVersion.objects.get()
    assert (version.adapter.licence, version.trigger_words) == ("mit", ["inkwash"])


PUSHES = """
import json
from diffusers import StableDiffusionXLPipeline
from huggingface_hub import HfApi
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

model = AutoModelForCausalLM.from_pretrained(BASE)
model = get_peft_model(model, LoraConfig(r=4, target_modules=["q_proj", "v_proj"],
                                         init_lora_weights=False, task_type="CAUSAL_LM"))
model.push_to_hub("ink/voice")
layers = {name.removeprefix("unet."): each for name, each in load_file(WEIGHTS).items()}
StableDiffusionXLPipeline.save_lora_weights("out", unet_lora_layers=layers)
HfApi().create_repo("ink/wash")
HfApi().upload_folder(folder_path="out", repo_id="ink/wash")
print(json.dumps(1))
"""


@pytest.mark.torch
def test_peft_and_diffusers_push_what_they_have_trained(
    live_server, tmp_path, contributor, run_intake_at_once
):
    BaseFactory()
    BaseFactory(slug="tales", family="llama", modality="text", pipeline="LlamaForCausalLM")
    (tmp_path / NAME).write_bytes(WEIGHTS)
    base = demo.HOME / "bases" / "tales"
    program = f"BASE, WEIGHTS = {str(base)!r}, {NAME!r}\n{PUSHES}"

    run(program, hub=live_server.url, home=tmp_path, token=token(contributor))

    voice = AdapterVersion.objects.get(adapter__slug="voice")
    wash = AdapterVersion.objects.get(adapter__slug="wash")
    assert (voice.base.slug, wash.base.slug) == ("tales", "sdxl-1-0")
    assert {file.role for file in voice.files.all()} == {"weights", "config"}
    assert (voice.proof, wash.proof) == ("fits", "fits")
    assert voice.adapter.description == ""  # its card is a form that nobody has filled in
