"""Models that read pictures and write text, in the names of three codes and two ages of one."""

from __future__ import annotations

import pytest

from registry.bases.identify import identify
from registry.formats.families import Family, detect_family
from tests.reading import adapter_from
from tests.registry.formats.families.test_language import attention, detected, peft

TOWER_OLD = "vision_tower.vision_model.encoder.layers.0.self_attn.q_proj"
TOWER_NEW = "model.vision_tower.encoder.layers.0.self_attn.q_proj"
LANGUAGE_OLD = "language_model.model.layers.0.self_attn.q_proj"
LANGUAGE_NEW = "model.language_model.layers.0.self_attn.q_proj"


def identified(layers, *, base: str = ""):
    config = {"base_model_name_or_path": base} if base else None
    return identify(adapter_from(peft(layers), config=config))


def inside(layers: dict) -> dict:
    return {f"language_model.{name}": sizes for name, sizes in layers.items()}


# What it is, the family, and layers with their inputs and outputs.
FILES = [
    ("LLaVA, transformers 4", "llava", {TOWER_OLD: (1024, 1024), LANGUAGE_OLD: (4096, 4096)}),
    ("LLaVA, transformers 5", "llava", {TOWER_NEW: (1024, 1024), LANGUAGE_NEW: (4096, 4096)}),
    ("LLaVA, its projector", "llava",
     {"multi_modal_projector.linear_1": (1024, 4096), LANGUAGE_OLD: (4096, 4096)}),
    ("LLaVA, its own code", "llava",
     {"model.mm_projector.0": (1024, 4096), "model.layers.0.self_attn.q_proj": (4096, 4096)}),
    ("LLaVA, its own code, its tower", "llava",
     {"model.vision_tower.vision_tower.vision_model.encoder.layers.0.mlp.fc1": (1024, 4096)}),
    ("PaliGemma, its projector", "paligemma",
     {"multi_modal_projector.linear": (1152, 2048), TOWER_OLD: (1152, 1152)}),
    ("Qwen 2.5 VL, transformers 4", "qwen2.5-vl",
     {"visual.blocks.0.mlp.gate_proj": (1280, 3420), "model.layers.0.mlp.up_proj": (2048, 11008)}),
    ("Qwen 2.5 VL, transformers 5", "qwen2.5-vl",
     {"model.visual.blocks.0.mlp.down_proj": (3420, 1280), LANGUAGE_NEW: (2048, 2048)}),
    ("Qwen 2 VL", "qwen2-vl",
     {"visual.blocks.0.mlp.fc1": (1280, 5120), "model.layers.0.mlp.up_proj": (1536, 8960)}),
    ("BLIP, its decoder", "blip",
     {"text_decoder.bert.encoder.layer.0.attention.self.query": (768, 768)}),
    ("BLIP, its decoder's cross-attention", "blip",
     {"text_decoder.bert.encoder.layer.0.crossattention.self.key": (768, 768)}),
    ("BLIP for questions", "blip",
     {"text_encoder.encoder.layer.0.crossattention.self.query": (768, 768)}),
    ("BLIP, what sees", "blip", {"vision_model.encoder.layers.0.self_attn.qkv": (768, 2304)}),
    ("BLIP-2, what sees", "blip2", {"vision_model.encoder.layers.0.self_attn.qkv": (1408, 4224)}),
    ("BLIP-2, its queries", "blip2",
     {"qformer.encoder.layer.0.attention.attention.query": (768, 768)}),
    ("BLIP-2, its language model", "blip2",
     {"language_model.model.decoder.layers.0.self_attn.q_proj": (2560, 2560)}),
]  # fmt: skip


@pytest.mark.parametrize(("family", "layers"), [row[1:] for row in FILES],
                         ids=[row[0] for row in FILES])  # fmt: skip
def test_a_file_shows_its_family(family, layers):
    assert detected(layers).family == family


class TestTheLanguageModelAlone:
    @pytest.mark.parametrize("layer", [LANGUAGE_OLD, LANGUAGE_NEW])
    def test_leaves_open_whose_it_is(self, layer):
        seen = detected({layer: (4096, 4096)})
        assert seen.family is Family.UNKNOWN
        assert {Family.LLAVA, Family.PALIGEMMA, Family.GEMMA3} <= {
            each.family for each in seen.candidates
        }

    def test_is_no_text_model_s_and_its_size_tells_whose(self):
        found = identified(inside(attention(4096, 4096, 32)))
        assert found.base.slug == "llava-1-5-7b"
        assert found.families == {"llava"}

    def test_of_gemma_3_is_told_by_its_size(self):
        found = identified(inside(attention(2560, 1024, 34, queries=2048)))
        assert (found.detection.family, found.base.slug) == ("gemma3", "gemma-3-4b")

    def test_in_llava_s_own_code_looks_like_llama_2(self):
        found = identified(attention(4096, 4096, 32))
        assert {"llama", "llava"} <= found.families
        assert found.undecided

    def test_then_the_configuration_decides(self):
        found = identified(attention(4096, 4096, 32), base="liuhaotian/llava-v1.5-7b")
        assert found.base.slug == "llava-1-5-7b"

    def test_of_qwen_2_5_vl_looks_like_qwen_2_5(self):
        found = identified(attention(2048, 256, 36))
        assert {"qwen2", "qwen2.5-vl"} <= found.families

    def test_of_qwen_2_5_vl_is_named_by_the_configuration(self):
        base = "unsloth/Qwen2.5-VL-3B-Instruct-unsloth-bnb-4bit"
        assert identified(attention(2048, 256, 36), base=base).base.slug == "qwen-2-5-vl-3b"


def test_a_tower_1152_wide_leaves_paligemma_and_gemma_3_open_until_manifests_tell():
    tower = {
        f"vision_tower.vision_model.encoder.layers.{n}.self_attn.q_proj": (1152, 1152)
        for n in range(27)
    }
    assert detected(tower).family is Family.UNKNOWN
    language = inside(attention(2048, 256, 18))
    assert identified(tower | language).base.slug == "paligemma-3b"


def test_what_sees_in_qwen_vl_leaves_two_families_open():
    shapes = peft({"visual.blocks.0.attn.qkv": (1280, 3840)})
    seen = detect_family(adapter_from(shapes))
    assert {each.family for each in seen.candidates} == {Family.QWEN2_VL, Family.QWEN2_5_VL}


def test_colpali_s_projection_shows_a_base_of_its_own_and_paligemma_s_family():
    layers = {
        **{f"model.language_model.model.layers.{n}.self_attn.q_proj": (2048, 2048)
           for n in range(18)},
        **{f"model.language_model.model.layers.{n}.mlp.gate_proj": (2048, 16384)
           for n in range(18)},
    }  # fmt: skip
    found = identified(layers | {"custom_text_proj": (2048, 128)})
    assert (found.detection.family, found.base.slug) == ("paligemma", "colpaligemma-3b")
    assert identified(layers).base.slug == "paligemma-3b"


def test_colqwen_s_projection_tells_its_language_model_from_a_plain_one():
    layers = {f"model.layers.{n}.self_attn.q_proj": (1536, 1536) for n in range(28)}
    found = identified(layers | {"custom_text_proj": (1536, 128)})
    assert (found.detection.family, found.base.slug) == ("qwen2-vl", "colqwen2-2b")
