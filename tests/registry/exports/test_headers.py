"""What the header of a prepared file says."""

from __future__ import annotations

import pytest

from registry.bases import catalogue
from registry.exports import headers
from registry.exports.card import Card

CARD = Card(
    team="ink",
    slug="ink-wash",
    title="Ink wash 水墨",
    version=3,
    stem="ink-wash-v3-0123abcd",
    sha256="a" * 64,
    base="sdxl-1-0",
    family="sdxl",
    trigger_words=("inkwash", "brush strokes"),
    weight=0.8,
    weight_low=0.6,
    weight_high=1.0,
    download_url="",
    file_name="ink-wash-v3-0123abcd.safetensors",
    dialect="kohya",
)


def test_a_header_says_where_runtimes_look_what_the_hub_knows():
    assert headers.baked(CARD, layout="kohya", said={}) == {
        "modelspec.sai_model_spec": "1.0.1",
        "modelspec.title": "Ink wash 水墨",
        "modelspec.author": "ink",
        "modelspec.usage_hint": "Weight 0.8, from 0.6 to 1. Trigger words: inkwash, brush strokes.",
        "modelspec.lora_default_weight": "0.8",
        "modelspec.trigger_phrase": "inkwash, brush strokes",
        "modelspec.architecture": "stable-diffusion-xl-v1-base/lora",
        "modelspec.implementation": "https://github.com/Stability-AI/generative-models",
        "ss_base_model_version": "sdxl_base_v1-0",
        "ss_v2": "False",
        "loradex.name": "ink/ink-wash",
        "loradex.version": "3",
        "loradex.base": "sdxl-1-0",
        "loradex.trigger_words": "inkwash, brush strokes",
        "loradex.weight": "0.8",
        "loradex.weight_low": "0.6",
        "loradex.weight_high": "1",
        "loradex.source_sha256": "a" * 64,
    }


def test_what_the_trainer_said_of_the_base_is_not_said_again():
    fields = headers.baked(CARD, layout="kohya", said={"ss_base_model_version": "sdxl_base_v0-9"})
    assert "ss_base_model_version" not in fields
    assert "modelspec.architecture" in fields


def test_gguf_has_its_own_words_for_it():
    fields = headers.baked(CARD, layout="gguf", said={})
    assert fields["general.name"] == "Ink wash 水墨"
    assert fields["loradex.source_sha256"] == "a" * 64
    assert not [key for key in fields if key.startswith(("modelspec", "ss_"))]


@pytest.mark.parametrize("family", list(headers.BY_FAMILY))
def test_a_base_is_called_as_the_catalogue_knows_it(family):
    spelling = headers.BY_FAMILY[family]
    for name in (spelling.architecture, f"{spelling.architecture}/lora", spelling.version):
        known = catalogue.named(name)
        assert known is not None, name
        assert known.family == family


@pytest.mark.parametrize("slug", list(headers.BY_BASE))
def test_a_base_of_its_own_name_is_found_by_it(slug):
    known = catalogue.named(headers.BY_BASE[slug].architecture)
    assert known is not None
    assert known.slug == slug


def test_a_stripped_header_keeps_what_readers_need_and_nothing_of_its_trainer():
    kept = {"ss_network_dim", "lora_adapter_metadata", "unet:12:rank", "<s1>", "sshs_model_hash"}
    out = {"ss_tag_frequency", "ss_dataset_dirs", "ss_sd_model_name", "ot_config", "ss_output_name",
           "workflow", "modelspec.author", "modelspec.thumbnail"}  # fmt: skip
    assert {key for key in kept | out if headers.is_needed(key)} == kept


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("meta-llama/Llama-3.1-8B", "meta-llama/Llama-3.1-8B"),
        ("/home/mei/llama", None),
        ("./models/llama", None),
        ("C:\\models\\llama", None),
        ("a/b/c", None),
        (7, None),
    ],
)
def test_a_configuration_without_paths_names_repositories_alone(name, left):
    config = headers.without_paths({"base_model_name_or_path": name, "r": 4})
    assert config == {"base_model_name_or_path": left, "r": 4}
