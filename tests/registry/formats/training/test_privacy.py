from __future__ import annotations

import json
import time

import pytest

from registry.formats.training.privacy import Kind, private


def kinds(**metadata):
    return [fact.kind for fact in private(metadata)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("C:\\Users\\ann\\models\\sdxl.safetensors", Kind.PERSON),
        ("C:/Users/Ann Lee/models/sdxl.safetensors", Kind.PERSON),
        ("/home/ann/train/10_zkw", Kind.PERSON),
        ("/Users/ann/Desktop/lora", Kind.PERSON),
        ("/mnt/c/Users/ann/lora", Kind.PERSON),
        ("D:\\stable diffusion\\models\\base.safetensors", Kind.PATH),
        ("E:/ai/datasets/face", Kind.PATH),
        ("/workspace/models/flux1-dev.safetensors", Kind.PATH),
        ("/content/drive/MyDrive/lora", Kind.PATH),
        ("/home/user/train/set", Kind.PATH),
        ("\\\\nas\\share\\pictures", Kind.PATH),
        ("~/models/base.ckpt", Kind.PATH),
        ("mail me at ann.lee@example.org please", Kind.MAIL),
        ("hf_" + "aB3" * 12, Kind.KEY),
        ("token sk-" + "aB3" * 12, Kind.KEY),
        ('{"wandb_api_key": "0123456789abcdef0123"}', Kind.KEY),
    ],
)
def test_what_shows_a_person_or_a_machine_is_private(text, kind):
    [fact] = private({"ss_training_comment": text})
    assert fact.kind is kind
    assert fact.kind.is_private
    assert fact.key == "ss_training_comment"


@pytest.mark.parametrize(
    "text",
    [
        "sd_xl_base_1.0.safetensors",
        "stabilityai/stable-diffusion-xl-base-1.0",
        "stable-diffusion-xl-v1-base/lora",
        "https://github.com/black-forest-labs/flux",
        "git@github.com:someone/repository.git",
        "LoRA@1695839402.33",
        "style@v2.safetensors",
        "10_zkw cat",
        "(1024, 1024)",
        "and/or 1/2, 3:4",
        "ratio 16:9/4:3",
        "torch.optim.adamw.AdamW(betas=(0.9, 0.99))",
        '{"class_tokens": "zkw cat, ink", "keep_tokens": "1"}',
        "2023-10-01T12:00:00",
        "https://example.org/home/ann/file",
        "sk-learn and hf_hub",
        "a:b c:d",
    ],
)
def test_ordinary_words_are_not(text):
    assert private({"ss_sd_model_name": text}) == ()


def test_paths_in_the_json_of_a_trainer_are_found():
    config = {
        "base_model_name": "C:\\Users\\ann\\models\\sdxl.safetensors",
        "workspace_dir": "/workspace/run",
        "concepts": [{"path": "/home/bob/pictures/me"}],
    }
    found = private({"ot_config": json.dumps(config)})
    assert [fact.kind for fact in found] == [Kind.PERSON, Kind.PERSON, Kind.PATH]


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("C:\\Users\\annette\\models\\me.safetensors", "annette"),
        ("/home/annette/x/y", "annette"),
        ("annette@example.org", "annette"),
        ("hf_" + "aB3" * 12, "aB3"),
        ("/workspace/annette/train", "annette"),
    ],
)
def test_what_is_private_is_masked(text, hidden):
    [fact] = private({"ss_training_comment": text})
    assert hidden not in fact.excerpt
    assert "***" in fact.excerpt


def test_captions_and_workflows_are_only_noted():
    tags = json.dumps({"1_a": {"zkw": 4, "tree": 2}})
    workflow = json.dumps({"3": {"class_type": "KSampler", "inputs": {}}})
    found = private({"ss_tag_frequency": tags, "prompt": workflow})
    assert [fact.kind for fact in found] == [Kind.WORKFLOW, Kind.CAPTIONS]
    assert not any(fact.kind.is_private for fact in found)
    assert found[1].key == "ss_tag_frequency"


@pytest.mark.parametrize("text", ["{}", "null", "", "{", '{"1_a": {}}', "[]"])
def test_captions_that_are_none_are_not_noted(text):
    assert private({"ss_tag_frequency": text, "ss_datasets": text}) == ()


def test_captions_and_folders_among_datasets_are_found():
    subset = {"image_dir": "/home/ann/train/10_zkw", "class_tokens": "zkw"}
    datasets = [{"subsets": [subset], "tag_frequency": {"10_zkw": {"zkw": 3}}}]
    found = private({"ss_datasets": json.dumps(datasets)})
    assert [fact.kind for fact in found] == [Kind.PERSON, Kind.CAPTIONS]


def test_the_gravest_comes_first_and_none_twice():
    assert kinds(
        ss_sd_model_name="/workspace/base.ckpt",
        ss_vae_name="/workspace/base.ckpt",
        ss_training_comment="ask ann@example.org, hf_" + "x" * 34,
    ) == [Kind.KEY, Kind.MAIL, Kind.PATH]


@pytest.mark.parametrize("text", ["a" * 300_000, "a/" * 150_000, "C:\\" * 90_000, "@a." * 90_000,
                                  "\\" * 200_000, "/home/" * 50_000])  # fmt: skip
def test_hostile_text_takes_no_time(text):
    before = time.perf_counter()
    private({"ss_training_comment": text})
    assert time.perf_counter() - before < 2
