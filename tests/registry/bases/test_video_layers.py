"""Layers of the video bases and their kin under names that trainers write, as in the releases."""

from __future__ import annotations

import pytest

from registry.bases import catalogue
from registry.bases.identify import identify
from tests.reading import adapter_from

KNOWN = [
    ("wan-2-1-1-3b", "blocks_29_ffn_0", (8960, 1536)),
    ("wan-2-1-14b", "blocks_39_self_attn_q", (5120, 5120)),
    ("wan-2-1-14b", "blocks_0_norm3", (5120,)),
    ("wan-2-1-14b", "time_projection_1", (30720, 5120)),
    ("wan-2-1-14b", "text_embedding_0", (5120, 4096)),
    ("wan-2-1-14b", "head_head", (64, 5120)),
    ("wan-2-1-14b", "patch_embedding", (5120, 16, 1, 2, 2)),
    ("wan-2-1-14b-i2v", "blocks_0_cross_attn_k_img", (5120, 5120)),
    ("wan-2-1-14b-i2v", "img_emb_proj_1", (1280, 1280)),
    ("wan-2-1-14b-i2v", "patch_embedding", (5120, 36, 1, 2, 2)),
    ("wan-2-2-a14b", "blocks_39_ffn_2", (5120, 13824)),
    ("wan-2-2-a14b-i2v", "patch_embedding", (5120, 36, 1, 2, 2)),
    ("wan-2-2-5b", "blocks_29_ffn_2", (3072, 14336)),
    ("hunyuan-video", "double_blocks_19_img_attn_qkv", (9216, 3072)),
    ("hunyuan-video", "double_blocks_0_txt_mlp_fc1", (12288, 3072)),
    ("hunyuan-video", "single_blocks_39_linear1", (21504, 3072)),
    ("hunyuan-video", "single_blocks_0_modulation_linear", (9216, 3072)),
    ("hunyuan-video", "single_blocks_0_modulation_lin", (9216, 3072)),
    ("hunyuan-video", "txt_in_individual_token_refiner_blocks_1_self_attn_qkv", (9216, 3072)),
    ("hunyuan-video", "txt_in_c_embedder_linear_1", (3072, 4096)),
    ("hunyuan-video-1-5", "double_blocks_53_txt_attn_q", (2048, 2048)),
    ("hunyuan-video-1-5", "double_blocks_0_img_attn_qkv", (6144, 2048)),
    ("hunyuan-image-2-1", "single_blocks_39_linear1", (25088, 3584)),
    ("hunyuan-image-2-1", "single_blocks_0_linear1_mlp", (14336, 3584)),
    ("hunyuan-image-2-1-distilled", "time_r_in_mlp_0", (3584, 256)),
    ("framepack", "transformer_blocks_19_attn_add_q_proj", (3072, 3072)),
    ("ltx-video", "patchify_proj", (2048, 128)),
    ("ltx-video", "adaln_single_linear", (12288, 2048)),
    ("ltx-video", "transformer_blocks_27_attn2_to_k", (2048, 2048)),
    ("ltx-video-13b", "transformer_blocks_47_ff_net_0_proj", (16384, 4096)),
    ("ltx-2", "av_ca_a2v_gate_adaln_single_linear", (4096, 4096)),
    ("ltx-2", "transformer_blocks_0_audio_to_video_attn_to_q", (2048, 4096)),
    ("ltx-2-3", "transformer_blocks_0_attn1_to_gate_logits", (32, 4096)),
    ("cosmos-predict2-2b", "blocks_27_mlp_layer1", (8192, 2048)),
    ("cosmos-predict2-2b", "blocks_0_cross_attn_k_proj", (2048, 1024)),
    ("cosmos-predict2-2b", "blocks_0_adaln_modulation_self_attn_2", (6144, 256)),
    ("anima", "llm_adapter_blocks_5_cross_attn_o_proj", (1024, 1024)),
    ("anima", "llm_adapter_blocks_0_mlp_2", (1024, 4096)),
    ("anima", "text_conditioner_blocks_0_mlp_2", (1024, 4096)),
    ("lumina-2", "layers_25_attention_qkv", (3840, 2304)),
    ("lumina-2", "context_refiner_1_feed_forward_w3", (9216, 2304)),
    ("lumina-2", "noise_refiner_0_adaLN_modulation_1", (9216, 1024)),
    ("hidream-i1-full", "single_stream_blocks_31_block_ff_i_experts_3_w2", (2560, 6912)),
    ("hidream-i1-dev", "caption_projection_48_linear", (2560, 4096)),
    ("pixart-sigma", "blocks_27_cross_attn_kv_linear", (2304, 1152)),
    ("pixart-alpha", "csize_embedder_mlp_0", (384, 256)),
    ("sana-1600m", "blocks_19_mlp_inverted_conv_conv", (11200, 2240, 1, 1)),
    ("sana-600m", "transformer_blocks_27_attn1_to_q", (1152, 1152)),
    ("mochi-1", "blocks_47_mod_y", (1536, 3072)),
    ("mochi-1", "blocks_46_mlp_y_w1", (8192, 1536)),
    ("cogvideox-5b", "transformer_blocks_41_norm1_linear", (18432, 512)),
    ("hunyuan-dit", "blocks_39_attn1_Wqkv", (4224, 1408)),
    ("hunyuan-dit", "blocks_0_mlp_fc1", (6144, 1408)),
]
LACKING = [
    ("hunyuan-video", "double_blocks_0_img_attn_q"),
    ("hunyuan-image-2-1", "time_r_in_mlp_0"),
    ("wan-2-1-14b", "blocks_0_cross_attn_k_img"),
    ("wan-2-2-a14b-i2v", "blocks_0_cross_attn_k_img"),
    ("wan-2-1-1-3b", "blocks_30_self_attn_q"),
    ("cosmos-predict2-2b", "llm_adapter_blocks_0_self_attn_q_proj"),
    ("pixart-sigma", "csize_embedder_mlp_0"),
    ("ltx-2", "transformer_blocks_0_attn1_to_gate_logits"),
]


@pytest.mark.parametrize(("base", "name", "shape"), KNOWN)
def test_a_base_has_the_layer_under_the_name_that_trainers_write(base, name, shape):
    assert catalogue.manifest(base).find("transformer", name).shape == shape


@pytest.mark.parametrize(("base", "name"), LACKING)
def test_a_base_lacks_what_its_like_alone_have(base, name):
    assert catalogue.manifest(base).find("transformer", name) is None


@pytest.mark.parametrize(
    ("base", "name", "shape"),
    [
        ("anima", "layers_27_mlp_gate_proj", (3072, 1024)),
        ("lumina-2", "layers_25_self_attn_k_proj", (1024, 2304)),
        ("pixart-sigma", "encoder_block_0_layer_0_SelfAttention_q", (4096, 4096)),
    ],
)
def test_a_base_has_the_text_encoder_that_trainers_change(base, name, shape):
    assert catalogue.manifest(base).find("text_encoder", name).shape == shape


def wan(width, *names):
    shapes = {}
    for name in ("self_attn.q", *names):
        root = f"diffusion_model.blocks.0.{name}"
        shapes |= {f"{root}.lora_A.weight": (4, width), f"{root}.lora_B.weight": (width, 4)}
    return identify(adapter_from(shapes))


class TestWan:
    def test_of_14b_stays_open_where_the_layers_of_the_picture_are_left_alone(self):
        found = wan(5120)
        assert {each.base for each in found.candidates} == {
            "wan-2-1-14b", "wan-2-1-14b-i2v", "wan-2-2-a14b", "wan-2-2-a14b-i2v",
        }  # fmt: skip
        assert "cannot tell these bases apart" in found.undecided

    def test_of_14b_that_reads_a_picture_is_of_2_1(self):
        found = wan(5120, "cross_attn.v_img")
        assert [each.base for each in found.candidates] == ["wan-2-1-14b-i2v"]
        assert not found.undecided

    @pytest.mark.parametrize(("width", "slug"), [(1536, "wan-2-1-1-3b"), (3072, "wan-2-2-5b")])
    def test_of_another_width_is_decided(self, width, slug):
        assert [each.base for each in wan(width).candidates] == [slug]


def test_flat_attention_of_flux_stays_open_to_hunyuan_video():
    root = "lora_unet_double_blocks_0_img_attn_qkv"
    shapes = {f"{root}.lora_down.weight": (4, 3072), f"{root}.lora_up.weight": (9216, 4)}
    found = identify(adapter_from(shapes))
    assert {"flux1", "hunyuan-video"} <= found.families
    assert found.undecided
