"""Layers of the picture bases under names that trainers write, with the shapes of the releases."""

from __future__ import annotations

import json

import pytest

from registry.bases import catalogue
from registry.bases.fit import fit
from registry.bases.identify import identify
from tests.reading import SAMPLES, adapter_from, needs_samples

KNOWN = [
    ("sd3-medium", "transformer", "joint_blocks_23_x_block_attn_qkv", (4608, 1536)),
    ("sd3-medium", "transformer", "joint_blocks_0_context_block_mlp_fc2", (1536, 6144)),
    ("sd3-medium", "transformer", "x_embedder_proj", (1536, 16, 2, 2)),
    ("sd3-medium", "text_encoder_2", "text_model_encoder_layers_31_mlp_fc1", (5120, 1280)),
    ("sd3-medium", "text_encoder_3", "encoder_block_23_layer_1_DenseReluDense_wo", (4096, 10240)),
    ("sd-3-5-medium", "transformer", "joint_blocks_12_x_block_attn2_qkv", (4608, 1536)),
    ("sd-3-5-medium", "transformer", "joint_blocks_0_x_block_adaLN_modulation_1", (13824, 1536)),
    ("sd-3-5-large", "transformer", "joint_blocks_37_x_block_mlp_fc1", (9728, 2432)),
    ("sd-3-5-large-turbo", "transformer", "transformer_blocks_0_attn_add_q_proj", (2432, 2432)),
    ("stable-cascade", "prior", "down_blocks_0_2_attention_attn_in_proj", (6144, 2048)),
    ("stable-cascade", "prior", "up_blocks_1_23_attention_to_out_0", (2048, 2048)),
    ("stable-cascade", "text_encoder", "text_model_encoder_layers_0_mlp_fc2", (1280, 5120)),
    ("chroma", "transformer", "distilled_guidance_layer_layers_4_in_layer", (5120, 5120)),
    ("chroma", "transformer", "double_blocks_18_img_attn_qkv", (9216, 3072)),
    ("chroma", "transformer", "single_blocks_37_linear1", (21504, 3072)),
    ("flux-1-fill-dev", "transformer", "img_in", (3072, 384)),
    ("flux-1-depth-dev", "transformer", "img_in", (3072, 128)),
    ("flux-2-dev", "transformer", "double_blocks_7_img_mlp_0", (36864, 6144)),
    ("flux-2-dev", "transformer", "single_blocks_47_linear1", (55296, 6144)),
    ("flux-2-dev", "transformer", "txt_in", (6144, 15360)),
    ("flux-2-klein-4b", "transformer", "double_blocks_4_txt_mlp_0", (18432, 3072)),
    ("flux-2-klein-4b-base", "transformer", "single_blocks_19_linear2", (3072, 12288)),
    ("flux-2-klein-9b", "transformer", "double_stream_modulation_img_lin", (24576, 4096)),
    ("flux-2-klein-9b", "transformer", "txt_in", (4096, 12288)),
    ("qwen-image", "transformer", "transformer_blocks_59_txt_mod_1", (18432, 3072)),
    ("qwen-image-edit-2511", "transformer", "transformer_blocks_0_img_mlp_net_2", (3072, 12288)),
    ("z-image", "transformer", "layers_29_attention_qkv", (11520, 3840)),
    ("z-image-turbo", "transformer", "context_refiner_1_attention_out", (3840, 3840)),
    ("z-image", "transformer", "layers_0_adaLN_modulation_0", (15360, 256)),
    ("krea-2", "transformer", "blocks_27_attn_wk", (1536, 6144)),
    ("krea-2", "transformer", "txtfusion_refiner_blocks_1_mlp_up", (6912, 2560)),
    ("krea-2-turbo", "transformer", "tproj_1", (36864, 6144)),
    ("auraflow", "transformer", "double_layers_3_mlpC_c_proj", (3072, 8192)),
    ("pony-v7", "transformer", "single_layers_31_attn_w1q", (3072, 3072)),
    ("kolors", "unet", "add_embedding_linear_1", (1280, 5632)),
    ("kolors", "unet", "encoder_hid_proj", (2048, 4096)),
]  # fmt: skip
LACKING = [
    ("sd3-medium", "transformer", "joint_blocks_0_x_block_attn2_qkv"),
    ("sd-3-5-medium", "transformer", "joint_blocks_13_x_block_attn2_qkv"),
    ("sd3-medium", "transformer", "joint_blocks_23_context_block_attn_proj"),  # the last has none
    ("chroma", "transformer", "double_blocks_0_img_mod_lin"),
    ("flux-2-klein-4b", "transformer", "guidance_in_in_layer"),
    ("flux-2-klein-4b", "transformer", "double_blocks_5_img_mlp_0"),
]


@pytest.mark.parametrize(("base", "component", "name", "shape"), KNOWN)
def test_a_base_has_the_layer_under_the_name_that_trainers_write(base, component, name, shape):
    assert catalogue.manifest(base).find(component, name).shape == shape


@pytest.mark.parametrize(("base", "component", "name"), LACKING)
def test_a_base_lacks_what_only_its_relatives_have(base, component, name):
    assert catalogue.manifest(base).find(component, name) is None


@needs_samples
@pytest.mark.parametrize(
    ("table", "bases"),
    [
        ("krea2_lora_kohya_format", {"krea-2", "krea-2-turbo"}),
        ("qwen_image_lora_diffusers_format", {"qwen-image"}),
        ("flux_control_lora_format", {"flux-1-canny-dev", "flux-1-depth-dev"}),
    ],
)
def test_a_real_adapter_fits_whole_and_finds_its_bases(table, bases):
    tensors = json.loads((SAMPLES / "tables" / f"{table}.json").read_text())
    adapter = adapter_from({name: tuple(shape) for name, shape in tensors.items()})
    found = identify(adapter)
    assert bases <= {each.base for each in found.candidates}
    assert all(fit(adapter, catalogue.manifest(base)).whole for base in bases)


def test_a_control_adapter_does_not_fit_what_takes_a_picture_alone():
    tensors = {"img_in.lora_A.weight": (16, 128), "img_in.lora_B.weight": (3072, 16)}
    [mismatch] = fit(adapter_from(tensors), catalogue.manifest("flux-1-dev")).mismatches
    assert "takes 128 inputs where FLUX.1 dev has 64" in mismatch.told("FLUX.1 dev")
