"""Weights in a bucket of a real S3 server, brought to a worker's disk."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError, call_command

from registry.blobs.prefix import Prefix, is_plain
from registry.errors import Unavailable
from registry.models import BaseModel
from registry.services import bases, fetching
from workers import places

pytestmark = pytest.mark.django_db

FILES = {
    "config.json": json.dumps({"architectures": ["LlamaForCausalLM"]}).encode(),
    "model.safetensors": b"weights" * 1000,
    "sub/tokenizer.json": b"{}",
    "pytorch_model.bin": b"a pickle, which nobody asked for",
    "README.md": b"words",
}


@pytest.fixture
def client(s3_server):
    client = s3_server.client()
    for name, content in FILES.items():
        client.put_object(Bucket=s3_server.bucket, Key=f"bases/small/{name}", Body=content)
    return client


@pytest.fixture
def base(s3_server, client, settings, tmp_path):
    settings.S3 = s3_server.settings | {"bucket": ""}
    settings.DATA = tmp_path / "data"
    return BaseModel.objects.create(
        slug="small",
        title="Small",
        family="llama",
        modality="text",
        pipeline="LlamaForCausalLM",
        weights_at=f"s3://{s3_server.bucket}/bases/small",
        proof_needed="renders",
    )


@pytest.fixture
def saved(monkeypatch):
    """Return the names of the files that are fetched."""
    names, save = [], Prefix.save

    def noted(self, item, path):
        names.append(item.name)
        save(self, item, path)

    monkeypatch.setattr(Prefix, "save", noted)
    return names


def in_folder(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


class TestBring:
    def test_brings_weights_configurations_and_tokenizers_alone(self, base):
        folder = fetching.bring(base)

        wanted = {"config.json", "model.safetensors", "sub/tokenizer.json"}
        assert in_folder(folder) == {name: FILES[name] for name in wanted}

    def test_brings_nothing_twice(self, base, saved):
        first = fetching.bring(base)
        saved.clear()

        assert fetching.bring(base) == first
        assert saved == []

    def test_brings_them_again_when_they_have_changed(self, base, client, s3_server):
        first = fetching.bring(base)
        client.put_object(
            Bucket=s3_server.bucket, Key="bases/small/model.safetensors", Body=b"other weights"
        )

        second = fetching.bring(base)

        assert second != first
        assert (second / "model.safetensors").read_bytes() == b"other weights"
        assert not first.exists()

    def test_goes_on_where_it_was_cut_off(self, base, saved, monkeypatch):
        whole = fetching.listed(fetching._prefix(base.weights_at))
        part = fetching.settings.DATA / "bases" / "small" / f"{fetching._digest(whole)}.part"
        fetching._prefix(base.weights_at).save(whole[1], part / whole[1].name)
        saved.clear()

        folder = fetching.bring(base)

        assert whole[1].name not in saved
        assert len(saved) == 2
        assert (folder / "model.safetensors").read_bytes() == FILES["model.safetensors"]

    def test_takes_the_last_copy_while_the_store_does_not_answer(self, base, settings):
        folder = fetching.bring(base)
        settings.S3 = settings.S3 | {"endpoint": "http://127.0.0.1:9", "attempts": 1}

        assert fetching.bring(base) == folder

    def test_says_so_where_there_is_no_copy_either(self, base, settings):
        settings.S3 = settings.S3 | {"endpoint": "http://127.0.0.1:9", "attempts": 1}

        with pytest.raises(Unavailable, match="The weights of Small cannot be had"):
            fetching.bring(base)

    def test_refuses_a_prefix_without_weights(self, base):
        base.weights_at = f"{base.weights_at}-of-nothing"

        with pytest.raises(Unavailable, match="No weights lie at"):
            fetching.bring(base)

    def test_refuses_more_than_the_disk_has_room_for(self, base, monkeypatch):
        monkeypatch.setattr(fetching, "LEFT_FREE", 10**18)

        with pytest.raises(Unavailable, match="GB are free there"):
            fetching.bring(base)


class TestPlaces:
    def test_tell_the_engine_of_the_copy(self, base):
        fields = places.base_fields(base)

        assert fields["folder"] == str(fetching.bring(base))
        assert fields["digest"]

    def test_count_such_a_base_as_here(self, base):
        assert places.bases_here() == {base.pk}

    def test_find_a_base_in_the_hub_cache(self, base, settings, tmp_path):
        settings.HUB_CACHE = tmp_path / "hub"
        folder = tmp_path / "hub" / "models--owner--name" / "snapshots" / "abc"
        folder.mkdir(parents=True)
        (folder / "config.json").write_bytes(FILES["config.json"])
        (folder / "model.safetensors").write_bytes(b"weights")
        base.weights_at = "hf://owner/name@abc"

        assert places.base_fields(base)["folder"] == str(folder)
        bases.check_weights(base, weights_at=base.weights_at)


class TestPlaceWeights:
    def test_looks_into_the_bucket_first(self, base, capsys):
        call_command("place_weights", "small", base.weights_at)

        assert "now rendered from s3://" in capsys.readouterr().out

    def test_refuses_weights_of_another_class(self, base):
        BaseModel.objects.update(pipeline="GPT2LMHeadModel")

        with pytest.raises(CommandError, match="small is a GPT2LMHeadModel"):
            call_command("place_weights", "small", base.weights_at)

    @pytest.mark.parametrize(
        ("address", "said"),
        [
            ("s3://", "is no s3://bucket/prefix"),
            ("hf://owner/nothing", "fetch it there first"),
            ("ftp://somewhere", "is no folder"),
        ],
    )
    def test_names_an_address_that_leads_nowhere(self, base, address, said):
        with pytest.raises(CommandError, match=said):
            call_command("place_weights", "small", address)


@pytest.mark.parametrize("name", ["../a", "a/../b", "/a", "a/", "", "a\\b", "a\0"])
def test_a_key_that_leads_out_of_its_folder_is_no_file(name):
    assert not is_plain(name)
