"""What the door for huggingface_hub answers, request by request."""

from __future__ import annotations

import hashlib
import json

import pytest
import yaml

from registry.models import Adapter, Channel, Preparation, PreparedFile, RepoCommit
from registry.queries import files as version_files
from registry.services import repos
from tests import files
from tests.factories import (
    EARLIER,
    AdapterFactory,
    BaseFactory,
    FileFactory,
    TeamFactory,
    VersionFactory,
    keep,
    member,
    sweep,
    token,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]
REPO = "/api/models/ink/wash"
WEIGHTS = "pytorch_lora_weights.safetensors"


@pytest.fixture
def wash(team):
    return AdapterFactory(team=team, slug="wash", title="Ink wash", licence="Apache 2.0")


@pytest.fixture
def version(wash):
    base = BaseFactory(
        slug="sdxl-1-0", title="SDXL 1.0", aliases=["stabilityai/stable-diffusion-xl-base-1.0"]
    )
    return VersionFactory(adapter=wash, base=base, published=True, label="first try")


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def front_matter(readme):
    return yaml.safe_load(readme.split("---\n")[1])


class TestResolve:
    def test_head_says_all_that_a_client_needs_and_sends_nothing(self, api, version):
        answer = api.head(f"/ink/wash/resolve/main/{WEIGHTS}")

        assert answer.status_code == 200
        assert answer["X-Repo-Commit"] == repos.commit_of(version, now=EARLIER).sha
        assert answer["ETag"] == answer["X-Linked-Etag"] == f'"{version.sha256}"'
        assert answer["X-Linked-Size"] == answer["Content-Length"]
        assert not answer.streaming

    def test_get_sends_the_bytes_that_were_uploaded(self, api, version):
        answer = api.get(f"/ink/wash/resolve/main/{WEIGHTS}")

        assert hashlib.sha256(body(answer)).hexdigest() == version.sha256

    @pytest.mark.parametrize("revision", ["main", "v1", "first try", "refs/heads/main"])
    def test_a_revision_has_several_names(self, api, version, revision):
        assert api.head(f"/ink/wash/resolve/{revision}/README.md").status_code == 200

    def test_a_part_of_a_file_can_be_had(self, api, version):
        path = f"/ink/wash/resolve/v1/{WEIGHTS}"
        whole = body(api.get(path))

        answer = api.get(path, HTTP_RANGE="bytes=8-15")

        assert answer.status_code == 206
        assert body(answer) == whole[8:16]
        assert answer["Content-Range"] == f"bytes 8-15/{len(whole)}"

    def test_a_part_of_a_text_can_be_had(self, api, version):
        answer = api.get("/ink/wash/resolve/main/README.md", HTTP_RANGE="bytes=0-2")

        assert (answer.status_code, answer.content) == (206, b"---")

    def test_bytes_past_the_end_are_416(self, api, version):
        answer = api.get(f"/ink/wash/resolve/main/{WEIGHTS}", HTTP_RANGE="bytes=999999999-")

        assert answer.status_code == 416

    def test_an_object_store_sends_what_it_has(self, api, version, settings, monkeypatch):
        settings.DOWNLOADS = "redirect"
        link = "https://store.example/bytes?signed"
        monkeypatch.setattr("registry.services.downloads.link_to", lambda *_, **__: link)

        path = f"/ink/wash/resolve/main/{WEIGHTS}"
        head, get = api.head(path), api.get(path)

        assert head.status_code == 200  # so that GET comes by here and is counted
        assert (get.status_code, get["Location"]) == (302, link)
        assert get["X-Repo-Commit"] == head["X-Repo-Commit"]

    def test_only_the_weights_count_as_a_download(self, api, version):
        for path in (WEIGHTS, "README.md"):
            api.head(f"/ink/wash/resolve/main/{path}")
            body(api.get(f"/ink/wash/resolve/main/{path}"))
        body(api.get(f"/ink/wash/resolve/main/{WEIGHTS}", HTTP_RANGE="bytes=100-"))

        version.refresh_from_db()
        assert version.downloads == 1

    def test_what_is_pinned_is_kept_for_ever_and_main_is_asked_for_again(self, api, version):
        sha = repos.commit_of(version, now=EARLIER).sha

        pinned = api.head(f"/ink/wash/resolve/{sha}/{WEIGHTS}")
        moving = api.head(f"/ink/wash/resolve/main/{WEIGHTS}")

        assert "immutable" in pinned["Cache-Control"]
        assert "no-cache" in moving["Cache-Control"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("/ink/wash/resolve/main/nothing.bin", "EntryNotFound"),
            ("/ink/wash/resolve/v7/README.md", "RevisionNotFound"),
            ("/ink/wash/resolve/" + "0" * 40 + "/README.md", "RevisionNotFound"),
            ("/ink/other/resolve/main/README.md", "RepoNotFound"),
            ("/nobody/wash/resolve/main/README.md", "RepoNotFound"),
            ("/gpt2/resolve/main/config.json", "RepoNotFound"),
            ("/api/models/gpt2", "RepoNotFound"),
            ("/api/models/gpt2/revision/main", "RepoNotFound"),
            ("/api/models/nobody/wash", "RepoNotFound"),
            ("/api/datasets/squad", "RepoNotFound"),
            ("/api/datasets/nobody/squad/revision/main", "RepoNotFound"),
            ("/datasets/nobody/squad/resolve/main/data.csv", "RepoNotFound"),
            (f"{REPO}/revision/v7", "RevisionNotFound"),
            (f"{REPO}/tree/main/nowhere", "EntryNotFound"),
            (f"{REPO}/commits/v7", "RevisionNotFound"),
        ],
    )
    def test_say_what_is_missing_in_the_clients_words(self, api, version, path, code):
        answer = api.get(path)

        assert answer.status_code == 404
        assert answer["X-Error-Code"] == code
        assert answer["X-Error-Message"]
        assert answer.json()["error"].endswith(".")

    def test_of_a_file_name_the_state_in_which_it_is_missing(self, api, version):
        answer = api.head("/ink/wash/resolve/main/nothing.bin")

        assert answer["X-Repo-Commit"] == repos.commit_of(version, now=EARLIER).sha

    def test_a_wrong_token_is_said_to_be_wrong(self, api, version):
        answer = api.get(REPO, HTTP_AUTHORIZATION="Bearer hf_somebodyelses")

        assert answer.status_code == 401
        assert answer["X-Error-Message"] == "Invalid credentials in Authorization header"

    def test_what_is_not_published_looks_missing_to_strangers(self, api, team, wash):
        VersionFactory(adapter=wash, ready=True)
        secret = token(member(team))

        stranger = api.get(REPO)
        own = api.get(REPO, HTTP_AUTHORIZATION=f"Bearer {secret}")

        assert (stranger.status_code, stranger["X-Error-Code"]) == (404, "RepoNotFound")
        assert own.json()["private"] is True

    def test_a_closed_hub_has_nothing_for_strangers(self, api, version, settings):
        settings.READ_NEEDS_SIGN_IN = True

        answer = api.get(REPO)

        assert (answer.status_code, answer["X-Error-Code"]) == (401, "RepoNotFound")

    @pytest.mark.parametrize("query", ["limit=0", "limit=x", "cursor=%FF%FE", "limit=²"])
    def test_nonsense_is_refused_with_a_sentence(self, api, version, query):
        answer = api.get(f"{REPO}/tree/main?{query}")

        assert answer.status_code == 400
        assert answer.json()["error"]

    def test_a_nul_in_a_name_is_no_error_of_ours(self, api, version):
        assert api.get("/ink/wash/resolve/main/a%00b").status_code == 404


class TestStates:
    def test_a_title_that_changes_makes_another_state_and_the_first_stays(self, api, version):
        first = api.get(f"{REPO}/revision/main").json()["sha"]
        before = api.get(f"/ink/wash/resolve/{first}/README.md").content

        Adapter.objects.update(title="Something else")
        second = api.get(f"{REPO}/revision/main").json()["sha"]

        assert second != first
        assert api.get(f"/ink/wash/resolve/{first}/README.md").content == before
        assert b"Something else" in api.get(f"/ink/wash/resolve/{second}/README.md").content

    def test_asking_again_makes_no_other(self, api, version):
        for _ in range(3):
            api.get(REPO)

        assert RepoCommit.objects.count() == 1

    def test_main_is_the_newest_that_is_published(self, api, wash, version):
        VersionFactory(adapter=wash, base=version.base, published=True)
        VersionFactory(adapter=wash, base=version.base, ready=True)

        newest = api.get(REPO).json()["sha"]

        assert newest == api.get(f"{REPO}/revision/v2").json()["sha"]
        assert api.get(f"{REPO}/revision/v3").status_code == 404

    def test_whoever_pinned_a_version_that_is_withdrawn_still_gets_it(self, api, wash):
        version = VersionFactory(adapter=wash, withdrawn=True)
        sha = repos.commit_of(version, now=EARLIER).sha

        assert api.head(f"/ink/wash/resolve/{sha}/{WEIGHTS}").status_code == 200
        assert api.get(f"{REPO}/revision/main")["X-Error-Code"] == "RevisionNotFound"

    def test_pictures_of_a_state_are_not_orphans(self, version):
        sweep(version)
        commit = repos.commit_of(version, now=EARLIER)
        version.grids.all().delete()

        pinned = {entry["sha256"] for entry in commit.manifest if entry["sha256"]}
        orphans = set(
            version_files.orphan_blobs(wanted_before=version.uploaded_at.replace(year=2100))
            .values_list("sha256", flat=True)
        )  # fmt: skip
        assert len(pinned) == 2
        assert not pinned & orphans
        assert orphans

    def test_refs_are_main_and_each_name(self, api, wash, version):
        VersionFactory(adapter=wash, base=version.base, published=True)

        refs = api.get(f"{REPO}/refs").json()

        assert [ref["name"] for ref in refs["branches"]] == ["main"]
        assert [ref["name"] for ref in refs["tags"]] == ["v1", "v2", "first try"]
        assert refs["branches"][0]["targetCommit"] == refs["tags"][1]["targetCommit"]

    def test_a_channel_is_a_branch_and_a_revision(self, api, wash, version):
        VersionFactory(adapter=wash, base=version.base, published=True)
        Channel.objects.create(adapter=wash, name="prod", version=version, moved_at=EARLIER)

        refs = api.get(f"{REPO}/refs").json()
        at = {ref["name"]: ref["targetCommit"] for ref in refs["branches"]}

        assert list(at) == ["main", "prod"]
        assert at["prod"] == api.get(f"{REPO}/revision/prod").json()["sha"]
        assert at["prod"] == api.get(f"{REPO}/revision/v1").json()["sha"] != at["main"]

    def test_commits_are_versions_the_newest_first_in_pages(self, api, wash, version):
        for _ in range(2):
            VersionFactory(adapter=wash, base=version.base, published=True)

        first = api.get(f"{REPO}/commits/main", {"limit": 2})
        after = api.get(first["Link"].split(">")[0].lstrip("<"))

        assert [one["title"] for one in first.json()] == ["Version 3", "Version 2"]
        assert [one["title"] for one in after.json()] == ["Version 1: first try"]
        assert "Link" not in after


class TestFiles:
    def test_a_picture_adapter_has_one_weights_file_a_card_and_pictures(self, api, version):
        sweep(version)

        paths = [one["path"] for one in api.get(f"{REPO}/tree/main?recursive=true").json()]

        assert paths == ["README.md", "images", "images/1.webp", WEIGHTS]

    def test_checkpoints_lie_where_name_guessing_does_not_look(self, api, version):
        blob = keep(files.kohya_lora("sdxl", values=files.Values(seed=5)).getvalue())
        FileFactory(version=version, role="checkpoint", training_step=500, name="500", blob=blob)

        names = [one["rfilename"] for one in api.get(REPO).json()["siblings"]]

        assert f"checkpoints/step-500/{WEIGHTS}" in names
        assert [name for name in names if "checkpoint" not in name and "safetensors" in name] == [
            WEIGHTS
        ]

    def test_the_tree_comes_in_pages_and_folder_by_folder(self, api, version):
        sweep(version)

        first = api.get(f"{REPO}/tree/main", {"limit": 2})
        after = api.get(first["Link"].split(">")[0].lstrip("<"))
        inside = api.get(f"{REPO}/tree/main/images", {"expand": True}).json()

        assert [one["path"] for one in first.json()] == ["README.md", "images"]
        assert [one["path"] for one in after.json()] == [WEIGHTS]
        assert [one["path"] for one in inside] == ["images/1.webp"]
        assert inside[0]["lastCommit"]["title"] == "Version 1: first try"

    def test_paths_info_knows_files_and_folders_and_leaves_out_others(self, api, version):
        sweep(version)

        answer = api.post(
            f"{REPO}/paths-info/main",
            {"paths": ["images", WEIGHTS, "nothing"], "expand": "False"},
            format="multipart",
        )

        assert {one["path"]: one["type"] for one in answer.json()} == {
            "images": "directory",
            WEIGHTS: "file",
        }
        [weights] = [one for one in answer.json() if one["type"] == "file"]
        assert weights["lfs"]["oid"] == version.sha256

    def test_a_text_adapter_is_served_as_peft_reads_it(self, api, wash):
        version = text_version(wash, config=files.peft_config(base_model_name_or_path="./here"))

        paths = [one["rfilename"] for one in api.get(REPO).json()["siblings"]]
        config = json.loads(api.get("/ink/wash/resolve/main/adapter_config.json").content)

        assert paths == ["README.md", "adapter_config.json", "adapter_model.safetensors"]
        assert config["base_model_name_or_path"] == "loradex/tales"
        assert version.sha256 == hashlib.sha256(
            body(api.get("/ink/wash/resolve/v1/adapter_model.safetensors"))
        ).hexdigest()  # fmt: skip

    @pytest.mark.parametrize("named", ["Loradex/Tales", "output/checkpoint-500", "", None])
    def test_its_configuration_names_the_base_as_servers_do(self, api, wash, named):
        text_version(wash, config=files.peft_config(base_model_name_or_path=named))

        config = json.loads(api.get("/ink/wash/resolve/main/adapter_config.json").content)

        assert config["base_model_name_or_path"] == "loradex/tales"

    def test_a_configuration_that_names_its_base_well_is_left_as_it_is(self, api, wash):
        config = files.peft_config(base_model_name_or_path="loradex/tales")
        text_version(wash, config=config)

        served = api.get("/ink/wash/resolve/main/adapter_config.json").content

        assert served == json.dumps(config).encode()

    def test_what_diffusers_cannot_read_gives_way_to_what_was_converted(self, api, team):
        zebra = AdapterFactory(team=team, slug="zebra")
        shapes = BaseFactory(slug="shapes", family="shapes", pipeline="StableDiffusionPipeline")
        version = VersionFactory(adapter=zebra, base=shapes, published=True)
        version.files.update(dialect="peft")
        config = keep(json.dumps({"peft_type": "LORA", "r": 4, "lora_alpha": 4}).encode())
        FileFactory(version=version, role="config", name="adapter_config.json", blob=config)
        before = [one["path"] for one in api.get("/api/models/ink/zebra/tree/main").json()]
        converted = keep(files.diffusers_lora("sd1").getvalue())
        PreparedFile.objects.create(
            preparation=Preparation.objects.create(
                key="0" * 64, version=version, layout="diffusers", state="done", size=1,
                queued_at=EARLIER, wanted_at=EARLIER, finished_at=EARLIER,
            ),
            path=WEIGHTS,
            blob=converted,
        )  # fmt: skip

        tree = api.get("/api/models/ink/zebra/tree/main?recursive=1").json()

        assert before == ["README.md", "adapter_config.json", "adapter_model.safetensors"]
        assert {one["path"]: one.get("lfs", {}).get("oid") for one in tree} == {
            "README.md": None,
            "original": None,
            "original/adapter_config.json": None,
            "original/adapter_model.safetensors": version.sha256,
            WEIGHTS: converted.sha256,
        }

    def test_a_configuration_is_made_where_none_came(self, api, wash):
        text_version(wash, config=None)

        config = json.loads(api.get("/ink/wash/resolve/main/adapter_config.json").content)

        assert (config["peft_type"], config["task_type"]) == ("LORA", "CAUSAL_LM")
        assert (config["r"], config["lora_alpha"]) == (4, 4)
        assert "model.layers.0.self_attn.q_proj" in config["target_modules"]

    def test_an_adapter_without_versions_is_an_empty_repository_of_its_team(self, api, team, wash):
        secret = token(member(team))

        shown = api.get(REPO, HTTP_AUTHORIZATION=f"Bearer {secret}").json()

        assert shown["siblings"] == []
        assert len(shown["sha"]) == 40
        assert api.get(REPO).status_code == 404


def text_version(adapter, *, config):
    base = BaseFactory(
        slug="tales", family="llama", modality="text", pipeline="LlamaForCausalLM",
        aliases=["loradex/tales", "demo/tales"],
    )  # fmt: skip
    version = VersionFactory(
        adapter=adapter, base=base, published=True, content=files.peft_lora().getvalue()
    )
    version.files.update(dialect="peft")
    if config is not None:
        blob = keep(json.dumps(config).encode())
        FileFactory(version=version, role="config", name="adapter_config.json", blob=blob)
    return version


class TestCard:
    def test_its_front_matter_says_what_programs_look_for(self, api, version):
        sweep(version)

        told = front_matter(api.get("/ink/wash/resolve/main/README.md").content.decode())

        assert told["base_model"] == "stabilityai/stable-diffusion-xl-base-1.0"
        assert told["base_model_relation"] == "adapter"
        assert {"lora", "diffusers", "template:sd-lora", "sdxl", "style"} <= set(told["tags"])
        assert told["instance_prompt"] == "inkwash"
        assert (told["license"], told["pipeline_tag"]) == ("apache-2.0", "text-to-image")
        [shown] = told["widget"]
        path = shown["output"]["url"]
        assert api.head(f"/ink/wash/resolve/main/{path}").status_code == 200

    @pytest.mark.parametrize("title", ['"quotes": [and] {braces}', "---\ntags: x", "ink\u2028wash"])
    def test_nothing_that_people_type_breaks_out_of_it(self, api, version, title):
        Adapter.objects.update(title=title, licence=title[:100], tags=[title[:40]])
        version.trigger_words = [title]
        version.save()

        told = front_matter(api.get("/ink/wash/resolve/main/README.md").content.decode())

        assert told["instance_prompt"] == title
        assert told["license_name"] == title
        assert title[:40] in told["tags"]


class TestInfo:
    def test_fields_can_be_chosen(self, api, version):
        shown = api.get(f"{REPO}?expand=sha&expand=tags").json()

        assert set(shown) == {"_id", "id", "modelId", "sha", "tags"}
        assert api.get(f"{REPO}?expand=secrets").status_code == 400

    def test_sizes_and_digests_come_when_asked_for(self, api, version):
        siblings = api.get(f"{REPO}?blobs=True").json()["siblings"]

        weights = next(one for one in siblings if one["rfilename"] == WEIGHTS)
        assert weights["lfs"]["sha256"] == version.sha256
        assert weights["size"] == weights["lfs"]["size"]

    def test_noise_is_answered_at_once(self, api):
        assert api.head("/api/telemetry/huggingface_hub/x").status_code == 200
        assert api.get("/api/agent-harnesses").status_code == 404

    def test_a_team_cannot_have_the_name_of_an_address(self, team):
        from registry.errors import Invalid
        from registry.services import accounts

        for slug in ("models", "datasets", "spaces", "api"):
            with pytest.raises(Invalid):
                accounts.found_team(slug=slug, title="x", by=member(TeamFactory()), now=EARLIER)
