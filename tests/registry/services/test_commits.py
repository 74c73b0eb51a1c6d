from __future__ import annotations

import io
import json

import pytest
from django.utils import timezone

from registry.errors import NotAllowed, UploadRefused, WrongState
from registry.models import AdapterVersion, DraftFile, Event, Upload
from registry.queries import drafts
from registry.services import commits, uploads
from registry.services.commits import Change, Commit
from tests import files
from tests.factories import AdapterFactory, BaseFactory, VersionFactory, keep, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "sent")]

WEIGHTS = files.diffusers_lora("sdxl").getvalue()
PEFT = files.peft_lora().getvalue()
CARD = """---
base_model: sdxl-1-0
instance_prompt: inkwash
license: apache-2.0
tags: [lora, Style]
---
It draws with ink.
"""


def config(**fields):
    return json.dumps(files.peft_config(**fields)).encode()


@pytest.fixture
def line(team, contributor):
    """Return an adapter that has no version yet."""
    BaseFactory()
    return AdapterFactory(team=team, slug="wash", kind="other", created_by=contributor)


@pytest.fixture
def commit(line, contributor, django_capture_on_commit_callbacks):
    """Return a function that commits files by their paths: bytes are uploaded, texts are not."""

    def act(given=None, *, deleted=(), by=contributor, message=""):
        added = [_change(path, content, line.team, by) for path, content in (given or {}).items()]
        wanted = Commit(tuple(added), deleted, message)
        with django_capture_on_commit_callbacks(execute=True):
            return commits.apply(wanted, to=line, by=by, now=timezone.now())

    return act


def _change(path, content, team, by):
    if isinstance(content, str):
        return Change(path, text=content)
    upload = uploads.receive_whole(
        io.BytesIO(content), name=path.split("/")[-1], team=team, by=by, now=timezone.now()
    )
    return Change(path, upload)


class TestAVersion:
    def test_is_made_of_weights_and_what_the_card_says(self, commit, line, sent):
        done = commit({"pytorch_lora_weights.safetensors": WEIGHTS, "README.md": CARD})

        version = line.versions.get()
        assert done.version == version
        assert (version.base.slug, version.trigger_words) == ("sdxl-1-0", ["inkwash"])
        assert [name for name, _ in sent] == ["workers.intake.check_file"]
        line.refresh_from_db()
        assert line.description == "It draws with ink."
        assert (line.licence, line.tags, line.kind) == ("apache-2.0", ["lora", "style"], "other")
        assert not DraftFile.objects.exists()

    def test_is_for_the_base_that_its_tensors_are_for_where_nothing_names_one(self, commit, line):
        done = commit({"ink.safetensors": WEIGHTS})

        assert line.versions.get().base.slug == "sdxl-1-0"
        assert "base_model" in done.remarks[0]

    def test_says_which_base_it_does_not_know(self, commit, line):
        card = CARD.replace("sdxl-1-0", "somebody/juggernaut")
        done = commit({"ink.safetensors": WEIGHTS, "README.md": card})

        assert line.versions.get().base.slug == "sdxl-1-0"
        assert "somebody/juggernaut" in done.remarks[0]

    def test_waits_for_the_configuration_of_peft(self, commit, line):
        BaseFactory(slug="llama-3-1-8b", family="llama", modality="text", aliases=["meta/llama"])
        first = commit({"adapter_model.safetensors": PEFT})
        assert first.version is None
        assert "adapter_config.json" in first.remarks[0]

        second = commit({"adapter_config.json": config(base_model_name_or_path="meta/llama")})

        assert second.version == line.versions.get()
        assert {file.role for file in second.version.files.all()} == {"weights", "config"}
        assert second.version.base.slug == "llama-3-1-8b"
        line.refresh_from_db()
        assert line.modality == "text"

    def test_is_made_of_a_configuration_that_came_first(self, commit, line):
        BaseFactory(slug="llama-3-1-8b", family="llama", modality="text")
        card = CARD.replace("sdxl-1-0", "llama-3-1-8b")
        first = commit({"adapter_config.json": config(), "README.md": card})
        assert first.version is None
        assert "waits for weights" in first.remarks[0]

        assert commit({"adapter_model.safetensors": PEFT}).version.base.slug == "llama-3-1-8b"

    def test_holds_the_checkpoints_of_its_training(self, commit, line):
        other = files.diffusers_lora("sdxl", values=files.Values(seed=7)).getvalue()
        name = "pytorch_lora_weights.safetensors"

        commit({name: WEIGHTS, f"checkpoint-500/{name}": other})

        assert {(file.role, file.training_step) for file in line.versions.get().files.all()} == {
            ("weights", None),
            ("checkpoint", 500),
        }

    def test_goes_on_with_the_configuration_and_the_words_of_the_one_before(self, commit, line):
        BaseFactory(slug="llama-3-1-8b", family="llama", modality="text")
        before = VersionFactory(
            adapter=line,
            published=True,
            base__slug="llama-3-1-8b",
            trigger_words=["once"],
            content=PEFT,
        )
        blob = keep(config())
        before.files.create(
            role="config",
            name="adapter_config.json",
            size=blob.size,
            sha256=blob.sha256,
            blob=blob,
        )
        other = files.peft_lora(values=files.Values(seed=7)).getvalue()

        version = commit({"adapter_model.safetensors": other}, message="Train longer").version

        assert version.number == 2
        assert (version.base.slug, version.trigger_words) == ("llama-3-1-8b", ["once"])
        assert version.changes == "Train longer"
        assert version.files.get(role="config").sha256 == blob.sha256

    def test_is_not_made_twice_of_the_same_weights(self, commit, line):
        first = commit({"ink.safetensors": WEIGHTS})

        again = commit({"ink.safetensors": WEIGHTS, "README.md": CARD})

        assert again.version == first.version
        assert not again.made
        line.refresh_from_db()
        assert line.licence == "apache-2.0"
        assert not DraftFile.objects.exists()


class TestARefusal:
    def test_of_weights_that_are_for_nobody_knows_what_keeps_nothing(self, commit, line):
        BaseFactory(slug="llama-3-1-8b", family="llama", modality="text")

        with pytest.raises(UploadRefused, match="base_model:"):
            commit({"adapter_model.safetensors": PEFT, "adapter_config.json": config()})

        assert not DraftFile.objects.exists()
        assert not line.versions.exists()

    def test_of_a_card_that_cannot_be_read_changes_nothing(self, commit, line):
        with pytest.raises(UploadRefused, match="cannot be read"):
            commit({"ink.safetensors": WEIGHTS, "README.md": "---\na: [\n---\n"})

        assert not line.versions.exists()

    def test_of_several_adapters_names_them(self, commit):
        other = files.diffusers_lora("sdxl", values=files.Values(seed=7)).getvalue()

        with pytest.raises(UploadRefused, match=r"ink\.safetensors"):
            commit({"ink.safetensors": WEIGHTS, "other.safetensors": other})

    def test_is_what_a_viewer_gets(self, commit, line):
        with pytest.raises(NotAllowed):
            commit({"README.md": CARD}, by=member(line.team, role="viewer"))

    @pytest.mark.parametrize("path", ["ink.safetensors", "README.md", "/"])
    def test_is_what_comes_of_taking_files_from_a_version(self, commit, line, path):
        commit({"ink.safetensors": WEIGHTS})

        with pytest.raises(WrongState, match="Version 1 stays as it is"):
            commit(deleted=[path])


class TestTheDraft:
    def test_forgets_a_file_that_is_deleted_and_its_bytes(self, commit, line, contributor):
        commit({"adapter_config.json": config()})

        commit(deleted=["adapter_config.json"])

        assert not drafts.files_of(line, by=contributor)
        assert Upload.objects.get().state == Upload.State.DROPPED

    def test_forgets_a_file_that_another_replaces(self, commit, line, contributor):
        commit({"adapter_config.json": config()})
        commit({"adapter_config.json": config(rank=8)})

        states = Upload.objects.order_by("opened_at").values_list("state", flat=True)
        assert list(states) == [Upload.State.DROPPED, Upload.State.COMPLETE]

    def test_is_a_persons_own(self, commit, line, team):
        commit({"adapter_config.json": config()})

        assert not drafts.files_of(line, by=member(team))

    def test_does_not_count_what_has_expired(self, commit, line, contributor):
        commit({"adapter_config.json": config()})
        uploads.drop(Upload.objects.get())

        assert not drafts.files_of(line, by=contributor)


def test_a_card_alone_describes_the_adapter_and_makes_no_version(commit, line):
    done = commit({"README.md": CARD})

    line.refresh_from_db()
    assert line.description == "It draws with ink."
    assert done.version is None
    assert not AdapterVersion.objects.exists()
    assert Event.objects.get(verb="adapter.described").detail == {
        "fields": ["description", "tags", "licence"]
    }
