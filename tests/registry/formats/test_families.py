from __future__ import annotations

import pytest

from registry.formats.families import RULES, Family, detect_family
from tests import files
from tests.reading import adapter_from, adapter_of, header_of

PICTURES = ["shapes", "sd1", "sd2", "sdxl", "flux1", "sd3"]
WORDS = ["llama", "gpt2", "bloom", "bert", "opt", "whisper"]


def detected(shapes):
    return detect_family(adapter_from(shapes))


def kohya(module: str, *, inputs: int, outputs: int = 640) -> dict:
    root = f"lora_unet_{module}"
    return {f"{root}.lora_down.weight": (4, inputs), f"{root}.lora_up.weight": (outputs, 4)}


LAYERS = [
    # a layer, its inputs and outputs, the family and (how it begins) the variant
    ("double_blocks_0_img_mlp_0", 3072, 18432, "flux2", "Klein 4B, base or distilled"),
    ("double_blocks_0_img_attn_qkv", 4096, 12288, "flux2", "Klein 9B, base or distilled"),
    ("double_blocks_0_img_attn_qkv", 6144, 18432, "flux2", "dev"),
    ("single_blocks_0_linear1", 3072, 27648, "flux2", "Klein 4B"),
    ("blocks_0_self_attn_q", 1536, 1536, "wan", "1.3B"),
    ("blocks_0_self_attn_q", 5120, 5120, "wan", "14B"),
    ("blocks_0_self_attn_q", 3072, 3072, "wan", "5B"),
    ("layers_0_attention_qkv", 2304, 3840, "lumina2", ""),
    ("layers_0_attention_to_q", 3840, 3840, "z-image", ""),
    ("double_stream_blocks_0_block_attn1_to_q", 2560, 2560, "hidream", ""),
    ("joint_transformer_blocks_0_attn_to_q", 3072, 3072, "auraflow", ""),
    ("transformer_blocks_0_attn2_to_k", 2048, 2048, "ltx-video", "2B"),
    ("transformer_blocks_0_ff_net_0_proj", 1152, 4608, "pixart", ""),
    ("transformer_blocks_0_attn1_to_q", 2240, 2240, "sana", ""),
    ("transformer_blocks_20_attn_to_q", 3072, 3072, "qwen-image", ""),
    ("blocks_0_cross_attn_k_proj", 1024, 2048, "cosmos", ""),
    ("llm_adapter_blocks_0_self_attn_q_proj", 1024, 1024, "cosmos", "Anima"),
    ("double_blocks_0_img_mod_linear", 3072, 18432, "hunyuan-video", ""),
]


class TestDetectFamily:
    @pytest.mark.parametrize("family", PICTURES)
    @pytest.mark.parametrize("text_encoder", [False, True])
    def test_sees_it_in_diffusers_names(self, family, text_encoder):
        file = files.diffusers_lora(family, text_encoder=text_encoder)
        seen = detect_family(adapter_of(file))
        assert seen.family == family
        assert seen.decided_by in header_of(file).tensors
        assert seen.reason

    @pytest.mark.parametrize("family", ["shapes", "sd1", "sd2", "sdxl", "flux1"])
    def test_sees_it_in_kohya_names(self, family):
        seen = detect_family(adapter_of(files.kohya_lora(family, text_encoder=True)))
        assert seen.family == family

    @pytest.mark.parametrize("family", WORDS)
    @pytest.mark.parametrize("prefix", ["base_model.model.", ""])
    def test_sees_it_in_peft_names(self, family, prefix):
        seen = detect_family(adapter_of(files.peft_lora(family, prefix=prefix)))
        assert seen.family == family

    def test_names_the_tensor_that_decided(self):
        seen = detect_family(adapter_of(files.kohya_lora("sd1")))
        assert seen.decided_by.endswith("attn2_to_k.lora_down.weight")
        assert "768" in seen.reason

    def test_sees_sdxl_in_a_slider_that_touches_self_attention_alone(self):
        name = "input_blocks_7_1_transformer_blocks_4_attn1_to_q"
        assert detected(kohya(name, inputs=1280)).family is Family.SDXL

    def test_cannot_tell_sd1_from_sd2_by_self_attention(self):
        name = "down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q"
        seen = detected(kohya(name, inputs=320))
        assert seen.family is Family.UNKNOWN
        assert "Shapes alone cannot tell sd1 and sd2 apart" in seen.reason
        assert {each.family for each in seen.candidates} == {Family.SD1, Family.SD2}

    def test_sees_one_family_behind_two_text_encoders(self):
        layers = [
            layer for layer in files.layers_of("sdxl") if layer.component.startswith("text_enc")
        ]
        tensors = files.kohya_tensors(layers, two_encoders=True)
        seen = detected({name: raw.shape for name, raw in tensors.items()})
        assert seen.family is Family.SDXL

    def test_refuses_to_choose_between_two_families_in_one_file(self):
        name = "mid_block_attentions_0_transformer_blocks_0_attn2_to_"
        seen = detected(kohya(f"{name}k", inputs=768) | kohya(f"{name}v", inputs=2048))
        assert seen.family is Family.UNKNOWN
        assert "more than one family: sd1 and sdxl" in seen.reason

    def test_cannot_tell_qwen_from_flux_by_joint_attention(self):
        seen = detected(kohya("transformer_blocks_0_attn_to_k", inputs=3072))
        assert seen.family is Family.UNKNOWN
        assert {each.family for each in seen.candidates} >= {Family.FLUX1, Family.QWEN_IMAGE}

    def test_tells_bloom_from_falcon_by_how_many_keys_there_are(self):
        root = "base_model.model.transformer.h.0.self_attention.query_key_value"
        falcon = {f"{root}.lora_A.weight": (4, 4544), f"{root}.lora_B.weight": (4672, 4)}
        assert detected(falcon).family is Family.FALCON

    @pytest.mark.parametrize(
        ("width", "variant"), [(1536, "medium"), (2432, "3.5 large")]
    )  # fmt: skip
    def test_names_the_variant_where_shapes_tell(self, width, variant):
        seen = detected(kohya("joint_blocks_0_x_block_attn_qkv", inputs=width))
        assert (seen.family, seen.variant) == (Family.SD3, variant)

    @pytest.mark.parametrize(
        ("module", "inputs", "outputs", "family", "variant"), LAYERS,
        ids=[f"{row[3]}: {row[0]} {row[1]}" for row in LAYERS],
    )  # fmt: skip
    def test_knows_it_by_a_layer_that_no_other_has(self, module, inputs, outputs, family, variant):
        seen = detected(kohya(module, inputs=inputs, outputs=outputs))
        assert seen.family == family
        assert seen.variant.startswith(variant)

    def test_sees_hunyuan_video_behind_layers_that_flux_has_too(self):
        shared = kohya("double_blocks_0_img_attn_qkv", inputs=3072, outputs=9216)
        assert detected(shared).family is Family.FLUX1
        more = kohya("single_blocks_39_linear1", inputs=3072, outputs=21504)
        assert detected(shared | more).family is Family.HUNYUAN_VIDEO

    def test_sees_stable_cascade_by_its_prior(self):
        name = "lora_prior_unet_down_blocks_0_2_attention"
        seen = detected({f"{name}.lora_down.weight": (4, 9), f"{name}.lora_up.weight": (9, 4)})
        assert seen.family is Family.CASCADE

    def test_names_no_width_that_the_file_does_not_show(self):
        seen = detected({"model.layers.0.self_attn.q_proj.a1.weight": ()})
        assert (seen.family, seen.variant) == (Family.LLAMA, "")

    def test_says_nothing_of_an_unknown_layout(self):
        seen = detected({"w_a_000": (2, 768)})
        assert (seen.family, seen.candidates) == (Family.UNKNOWN, ())

    def test_says_nothing_of_layers_of_a_width_it_does_not_know(self):
        name = "mid_block_attentions_0_transformer_blocks_0_attn2_to_k"
        seen = detected(kohya(name, inputs=333))
        assert seen.family is Family.UNKNOWN


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.family}: {rule.reason}")
def test_a_rule_ends_in_a_reason_a_person_can_read(rule):
    assert rule.reason
    assert not rule.reason.endswith(".")
