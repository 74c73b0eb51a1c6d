"""
huggingface_hub in three major versions, as installed, against a hub that runs: nothing is set but
HF_ENDPOINT, and HF_TOKEN where somebody signs in.

They lie in folders of their own (`make setup` puts them there) and run in processes of their own.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest

from registry.models import AdapterVersion
from registry.services import repos
from tests import files
from tests.factories import (
    EARLIER,
    AdapterFactory,
    BaseFactory,
    VersionFactory,
    member,
    sweep,
    token,
)
from tests.hub.hfapi.running import MAJORS, folder_of, run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("blob_root"),
]

READS = """
import hashlib, json, pathlib
from huggingface_hub import HfApi, ModelCard, __version__, hf_hub_download, snapshot_download

api = HfApi()
file = hf_hub_download("ink/wash", "pytorch_lora_weights.safetensors")
old = hf_hub_download("ink/wash", "pytorch_lora_weights.safetensors", revision="v1")
labelled = hf_hub_download("ink/wash", "README.md", revision="first try")
folder = pathlib.Path(snapshot_download("ink/wash", revision="v2"))
info = api.model_info("ink/wash", files_metadata=True)
pinned = snapshot_download("ink/wash", revision=info.sha)
[weights] = [one for one in info.siblings if one.rfilename.endswith(".safetensors")]
refs = api.list_repo_refs("ink/wash")
card = ModelCard.load("ink/wash")
paths = api.get_paths_info("ink/wash", ["README.md", "images"], expand=True)
print(json.dumps({
    "version": __version__,
    "new": hashlib.sha256(open(file, "rb").read()).hexdigest(),
    "old": hashlib.sha256(open(old, "rb").read()).hexdigest(),
    "in folder": sorted(map(str, (p.relative_to(folder) for p in folder.rglob("*.*")))),
    "same folder": str(folder) == pinned,
    "info": [info.id, info.author, info.library_name, info.pipeline_tag, info.private],
    "lfs": weights.lfs.sha256,
    "files": api.list_repo_files("ink/wash"),
    "tree": [one.path for one in api.list_repo_tree("ink/wash", recursive=True)],
    "refs": [[one.name for one in refs.branches], [one.name for one in refs.tags]],
    "commits": [one.title for one in api.list_repo_commits("ink/wash")],
    "exists": [api.file_exists("ink/wash", "README.md"), api.file_exists("ink/wash", "x.bin"),
               api.repo_exists("ink/wash"), api.repo_exists("ink/none"),
               api.revision_exists("ink/wash", "v2"), api.revision_exists("ink/wash", "v9")],
    "paths": sorted(one.path for one in paths),
    "card": [card.data.base_model, card.data.instance_prompt, card.data.license],
}))
"""

LISTS = """
import json
from huggingface_hub import HfApi, __version__

api = HfApi()
def ids(**told):
    return [one.id for one in api.list_models(**told)]

def by(sort):
    downwards = {"direction": -1} if __version__.startswith("0.") else {}
    return ids(sort=sort, **downwards)

print(json.dumps({
    "all": ids(limit=10), "of base": ids(filter=["lora", "base_model:adapter:loradex/tales"]),
    "author": ids(author="oil"), "search": ids(search="wash"), "tag": ids(filter="style"),
    "task": ids(pipeline_tag="text-generation"), "two": len(ids(limit=2)),
    "none": ids(filter="dataset:squad"), "downloads": by("downloads"),
    "full": [[len(one.sha), len(one.siblings)] for one in api.list_models(full=True, author="oil")],
    "card": [one.card_data.base_model for one in api.list_models(cardData=True, author="oil")],
}))
"""

FAILS = """
import json
import huggingface_hub as h
from huggingface_hub import HfApi, hf_hub_download, snapshot_download
from huggingface_hub.utils import HfHubHTTPError

def raised(act):
    try:
        act()
    except Exception as error:
        return [type(error).__name__, str(error)]

api = HfApi()
print(json.dumps({
    "repo": raised(lambda: hf_hub_download("ink/none", "a")),
    "repo info": raised(lambda: api.model_info("ink/none")),
    "namespace": raised(lambda: snapshot_download("nobody/none")),
    "one word": raised(lambda: hf_hub_download("gpt2", "config.json")),
    "private": raised(lambda: api.model_info("ink/secret")),
    "revision": raised(lambda: hf_hub_download("ink/wash", "README.md", revision="v9")),
    "revision info": raised(lambda: api.model_info("ink/wash", revision="v9")),
    "hex": raised(lambda: snapshot_download("ink/wash", revision="0" * 40)),
    "entry": raised(lambda: hf_hub_download("ink/wash", "x.bin")),
    "token": raised(lambda: api.model_info("ink/wash", token="ldx_wrong")),
    "sort": raised(lambda: list(api.list_models(sort="nonsense"))),
}))
"""


@pytest.fixture(params=MAJORS)
def client(request, live_server, tmp_path):
    """Return a function that runs a program with one major version of the client."""
    if not folder_of(request.param).is_dir():
        pytest.skip(f"no huggingface_hub {request.param}: run make setup")

    def call(program, **told):
        return run(program, hub=live_server.url, home=tmp_path, client=request.param, **told)

    call.major = request.param
    return call


@pytest.fixture
def wash(team):
    adapter = AdapterFactory(team=team, slug="wash", title="Ink wash", licence="apache-2.0")
    sdxl = BaseFactory(aliases=["stabilityai/stable-diffusion-xl-base-1.0"])
    VersionFactory(adapter=adapter, base=sdxl, published=True, label="first try")
    sweep(VersionFactory(adapter=adapter, base=sdxl, published=True))
    return adapter


def test_the_client_reads_all_there_is(client, wash):
    first, second = wash.versions.order_by("number")

    read = client(READS)

    assert read["version"].startswith(MAJORS[client.major])
    assert (read["old"], read["new"]) == (first.sha256, second.sha256)
    files = ["README.md", "images/1.webp", "pytorch_lora_weights.safetensors"]
    assert sorted(read["files"]) == read["in folder"] == files
    assert read["tree"] == sorted([*files, "images"])
    assert read["same folder"]
    assert read["info"] == ["ink/wash", "ink", "diffusers", "text-to-image", False]
    assert read["lfs"] == second.sha256
    assert read["refs"] == [["main"], ["v1", "v2", "first try"]]
    assert read["commits"] == ["Version 2", "Version 1: first try"]
    assert read["exists"] == [True, False, True, False, True, False]
    assert read["paths"] == ["README.md", "images"]
    assert read["card"] == ["stabilityai/stable-diffusion-xl-base-1.0", "inkwash", "apache-2.0"]
    # Each fetched the weights once, by whatever many requests.
    counted = AdapterVersion.objects.order_by("number").values_list("downloads", flat=True)
    assert list(counted) == [1, 1]


def test_the_client_lists_and_narrows(client, wash):
    tales = BaseFactory(
        slug="tales", family="llama", modality="text", pipeline="LlamaForCausalLM",
        aliases=["loradex/tales"],
    )  # fmt: skip
    oil = AdapterFactory(team__slug="oil", slug="pirate", kind="task")
    VersionFactory(
        adapter=oil, base=tales, published=True, downloads=9,
        content=files.peft_lora().getvalue(),
    )  # fmt: skip
    VersionFactory(adapter__team__slug="oil", adapter__slug="hidden", base=tales, ready=True)
    third = AdapterFactory(team=wash.team, slug="third", kind="character")
    VersionFactory(adapter=third, base=wash.versions.first().base, published=True)

    listed = client(LISTS)

    assert listed["all"] == ["ink/third", "oil/pirate", "ink/wash"]
    assert listed["of base"] == listed["author"] == listed["task"] == ["oil/pirate"]
    assert listed["search"] == listed["tag"] == ["ink/wash"]
    assert listed["two"] == 2
    assert listed["none"] == []
    assert listed["downloads"][0] == "oil/pirate"
    [[length, siblings]] = listed["full"]
    assert (length, siblings) == (40, 2)
    assert listed["card"] == ["loradex/tales"]


def test_the_client_raises_what_it_should(client, wash):
    VersionFactory(adapter__team=wash.team, adapter__slug="secret", ready=True)

    raised = client(FAILS)

    kinds = {name: error[0] for name, error in raised.items()}
    for name in ("repo", "repo info", "namespace", "one word", "private"):
        assert kinds[name] == "RepositoryNotFoundError", raised[name]
    for name in ("revision", "revision info", "hex"):
        assert kinds[name] == "RevisionNotFoundError", raised[name]
    assert kinds["entry"] in {"EntryNotFoundError", "RemoteEntryNotFoundError"}
    assert "There is no 'x.bin' in this revision; there is README.md" in raised["entry"][1]
    assert kinds["token"] not in {"RepositoryNotFoundError", None}
    assert "make a new one on your account page" in raised["token"][1]
    assert "sort by one of createdAt" in raised["sort"][1]


def test_a_member_reads_what_is_not_published_and_what_was_there_before(client, wash):
    secret = VersionFactory(adapter__team=wash.team, adapter__slug="secret", ready=True)
    sha = repos.commit_of(wash.versions.get(number=2), now=EARLIER).sha
    wash.title = "Another name"
    wash.save()
    program = f"""
import hashlib, json
from huggingface_hub import hf_hub_download, model_info
info = model_info("ink/secret")
file = hf_hub_download("ink/secret", "pytorch_lora_weights.safetensors", revision="v1")
read = lambda revision: open(hf_hub_download("ink/wash", "README.md", revision=revision)).read()
digest = hashlib.sha256(open(file, "rb").read()).hexdigest()
print(json.dumps([info.private, digest, read("{sha}"), read("main")]))
"""
    private, digest, pinned, now = client(program, token=token(member(wash.team)))

    assert (private, digest) == (True, secret.sha256)
    assert "# Ink wash\n" in pinned
    assert "# Another name\n" in now


@pytest.mark.s3
def test_bytes_come_from_the_object_store_and_are_counted(client, team, settings, s3_server):
    settings.STORE, settings.DOWNLOADS, settings.S3 = "s3", "redirect", s3_server.settings
    version = VersionFactory(adapter__team=team, adapter__slug="wash", published=True)
    program = """
import hashlib, json
from huggingface_hub import hf_hub_download
file = hf_hub_download("ink/wash", "pytorch_lora_weights.safetensors")
print(json.dumps(hashlib.sha256(open(file, "rb").read()).hexdigest()))
"""
    assert client(program) == version.sha256
    version.refresh_from_db()
    assert version.downloads == 1


def test_the_hf_command_downloads_and_lists(live_server, tmp_path, wash):
    command = [sys.executable, "-W", "ignore", "-m", "huggingface_hub.cli.hf"]
    environment = {
        "HF_ENDPOINT": live_server.url, "HF_HOME": str(tmp_path), "NO_PROXY": "localhost",
    }  # fmt: skip

    def hf(*words):
        done = subprocess.run(
            [*command, *words], env=environment, cwd=tmp_path, capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    hf("download", "ink/wash", "--revision", "v1", "--local-dir", "here")
    listed = hf("models", "ls", "--author", "ink", "--format", "json")

    found = (tmp_path / "here" / "pytorch_lora_weights.safetensors").read_bytes()
    assert hashlib.sha256(found).hexdigest() == wash.versions.get(number=1).sha256
    assert "ink/wash" in listed
