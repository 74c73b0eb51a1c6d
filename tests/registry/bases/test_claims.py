from __future__ import annotations

import json

import pytest

from registry.bases.claims import claimed, claims
from tests.reading import adapter_from

LAYER = {
    "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight": (4, 2048),
    "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k.lora_up.weight": (1280, 4),
}


PONY = "67ab2fd8ec439a89b3fedb15cc65f54336af163c7eb5e4f2acc98f090a29b0b3"


def claim_in(metadata=None, config=None, **more):
    return claimed(adapter_from(LAYER, metadata=metadata or {}, config=config), **more)


class TestClaimed:
    @pytest.mark.parametrize(
        ("source", "text", "slug"),
        [
            ("ss_base_model_version", "sdxl_base_v1-0", "sdxl-1-0"),
            ("modelspec.architecture", "stable-diffusion-xl-v1-base/lora", "sdxl-1-0"),
            ("ss_sd_model_name", "ponyDiffusionV6XL_v6StartWithThisOne.safetensors", "pony-v6"),
            ("ss_sd_model_name", "C:\\models\\sd_xl_base_1.0.safetensors", "sdxl-1-0"),
            ("ss_base_model_version", "sd_v1", "sd-1-5"),
            ("ss_new_sd_model_hash", PONY, "pony-v6"),
            ("ss_sd_model_hash", PONY[:10], "pony-v6"),
        ],
    )
    def test_is_found_in_the_metadata_and_says_where(self, source, text, slug):
        claim = claim_in({source: text})
        assert (claim.source, claim.text, claim.base.slug) == (source, text, slug)

    @pytest.mark.parametrize(
        "path",
        [
            "meta-llama/Llama-3.1-8B",
            "./models/Llama-3.1-8B",
            "/home/me/models/llama-3.1-8b/",
            "https://huggingface.co/meta-llama/Llama-3.1-8B/tree/main",
            "/root/.cache/huggingface/hub/models--meta-llama--Llama-3.1-8B/snapshots/0e9e39f2",
            "somebody/Llama-3.1-8B-Instruct-bnb-4bit",
            "D:\\models\\Llama-3.1-8B-unsloth-bnb-4bit",
        ],
    )
    def test_is_found_in_peft_s_configuration_whatever_the_path(self, path):
        claim = claim_in(config={"base_model_name_or_path": path})
        assert (claim.source, claim.base.slug) == ("base_model_name_or_path", "llama-3-1-8b")

    def test_is_found_in_what_onetrainer_wrote_of_itself(self):
        config = json.dumps({"base_model_name": "stabilityai/stable-diffusion-xl-base-1.0"})
        claim = claim_in({"ot_config": config})
        assert (claim.source, claim.base.slug) == ("ot_config", "sdxl-1-0")

    def test_is_found_where_diffusers_names_the_component_first(self):
        config = {"unet.base_model_name_or_path": "stabilityai/stable-diffusion-xl-base-1.0"}
        assert claim_in(config=config).base.slug == "sdxl-1-0"

    def test_is_not_the_version_that_ai_toolkit_writes_into_everything(self):
        software = json.dumps(
            {"name": "ai-toolkit", "repo": "https://github.com/ostris/ai-toolkit"}
        )
        metadata = {"software": software, "ss_base_model_version": "sd_1.5"}
        assert claim_in(metadata) is None
        assert claim_in(metadata | {"ss_base_model_version": "sdxl_1.0"}).base.slug == "sdxl-1-0"

    def test_is_the_surest_that_names_a_base_of_ours(self):
        metadata = {"ss_base_model_version": "sdxl_base_v1-0", "ss_sd_model_hash": "00000000"}
        assert claim_in(metadata).source == "ss_base_model_version"

    def test_is_of_the_family_that_was_asked_for(self):
        metadata = {"ss_base_model_version": "sd_v1", "ss_sd_model_name": "pony"}
        assert claim_in(metadata, family="sdxl").base.slug == "pony-v6"

    @pytest.mark.parametrize("text", ["", "None", "x" * 400, "my own mix v3", "../../etc/passwd"])
    def test_is_none_where_no_name_is_known(self, text):
        assert claim_in({"ss_sd_model_name": text}) is None

    @pytest.mark.parametrize("value", [None, 7, ["a"], {"a": 1}, True])
    def test_is_none_where_the_configuration_holds_nonsense(self, value):
        assert claim_in(config={"base_model_name_or_path": value}) is None


def test_claims_of_unknown_names_are_kept():
    adapter = adapter_from(LAYER, metadata={"ss_sd_model_name": "my own mix"})
    [claim] = claims(adapter)
    assert (claim.text, claim.base) == ("my own mix", None)
