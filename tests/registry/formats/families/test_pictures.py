"""Files as trainers write them for the other picture bases, a few layers of each."""

from __future__ import annotations

import pytest

from registry.formats.families import Family, detect_family
from tests.reading import adapter_from

KOHYA = ("lora_down.weight", "lora_up.weight")
PEFT = ("lora_A.weight", "lora_B.weight")

# naming, family, layers with inputs and outputs
FILES = [
    ("SD 3, kohya", "sd3", {"lora_unet_joint_blocks_0_context_block_attn_qkv": (1536, 4608),
                            "lora_unet_joint_blocks_23_x_block_mlp_fc1": (1536, 6144)}),
    ("SD 3, diffusers", "sd3", {"transformer.transformer_blocks.0.attn.add_q_proj": (1536, 1536)}),
    ("SD 3.5 large, diffusers", "sd3",
     {"transformer.transformer_blocks.37.attn.to_q": (2432, 2432)}),
    ("SD 3.5 medium, its second attention", "sd3",
     {"transformer.transformer_blocks.12.attn2.to_k": (1536, 1536)}),
    ("SD 3, OneTrainer", "sd3",
     {"lora_transformer_transformer_blocks_0_ff_net_0_proj": (1536, 6144)}),
    ("Cascade, kohya", "cascade",
     {"lora_prior_unet_down_blocks_0_2_attention_attn_in_proj": (2048, 6144)}),
    ("Cascade, OneTrainer", "cascade",
     {"lora_prior_unet_down_blocks_0_2_attention_to_q": (2048, 2048),
      "lora_prior_te_text_model_encoder_layers_0_self_attn_q_proj": (1280, 1280)}),
    ("Cascade, its text encoder alone", "cascade",
     {"lora_prior_te_text_model_encoder_layers_0_self_attn_q_proj": (1280, 1280)}),
    ("Kolors, its time embedding", "kolors",
     {"unet.add_embedding.linear_1": (5632, 1280),
      "unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q": (1280, 1280)}),
    ("Kolors, its text projection", "kolors", {"unet.encoder_hid_proj": (4096, 2048)}),
    ("Qwen-Image, diffusers", "qwen-image",
     {"transformer.transformer_blocks.0.attn.to_q": (3072, 3072),
      "transformer.transformer_blocks.0.img_mlp.net.0.proj": (3072, 12288)}),
    ("Qwen-Image, musubi", "qwen-image",
     {"lora_unet_transformer_blocks_0_attn_add_q_proj": (3072, 3072),
      "lora_unet_transformer_blocks_59_txt_mod_1": (3072, 18432)}),
    ("Z-Image, ai-toolkit", "z-image",
     {"diffusion_model.layers.0.attention.to_q": (3840, 3840),
      "diffusion_model.layers.0.feed_forward.w1": (3840, 10240)}),
    ("Z-Image, ComfyUI", "z-image", {"diffusion_model.layers.29.attention.qkv": (3840, 11520)}),
    ("Z-Image, musubi", "z-image", {"lora_unet_layers_0_attention_to_out_0": (3840, 3840)}),
    ("Z-Image, diffusers", "z-image",
     {"transformer.context_refiner.1.feed_forward.w3": (3840, 10240)}),
    ("Krea 2, musubi", "krea2", {"lora_unet_blocks_0_attn_gate": (6144, 6144)}),
    ("Krea 2, ai-toolkit", "krea2", {"diffusion_model.blocks.0.attn.wk": (6144, 1536)}),
    ("Krea 2, diffusers", "krea2",
     {"transformer.transformer_blocks.0.attn.to_q": (6144, 6144),
      "transformer.transformer_blocks.0.attn.to_k": (6144, 1536)}),
    ("Krea 2, its text fusion", "krea2",
     {"diffusion_model.txtfusion.refiner_blocks.1.mlp.up": (2560, 6912)}),
    ("AuraFlow, diffusers", "auraflow",
     {"transformer.joint_transformer_blocks.3.attn.to_q": (3072, 3072),
      "transformer.single_transformer_blocks.0.attn.to_q": (3072, 3072)}),
    ("AuraFlow, its single blocks alone", "auraflow",
     {"transformer.single_transformer_blocks.31.attn.to_v": (3072, 3072),
      "transformer.single_transformer_blocks.31.ff.linear_1": (3072, 8192)}),
    ("AuraFlow, ComfyUI", "auraflow",
     {"diffusion_model.double_layers.0.attn.w1q": (3072, 3072),
      "diffusion_model.single_layers.31.mlp.c_proj": (8192, 3072)}),
]  # fmt: skip


def tensors_of(layers: dict) -> dict:
    found = {}
    for root, (inputs, outputs) in layers.items():
        down, up = PEFT if "." in root else KOHYA
        found |= {f"{root}.{down}": (16, inputs), f"{root}.{up}": (outputs, 16)}
    return found


@pytest.mark.parametrize(
    ("family", "layers"), [row[1:] for row in FILES], ids=[row[0] for row in FILES]
)
def test_a_file_of_a_family_is_seen_to_be_of_it(family, layers):
    tensors = tensors_of(layers)
    seen = detect_family(adapter_from(tensors))
    assert seen.family == family
    assert seen.decided_by in tensors


def test_kolors_is_named_beside_sdxl_where_attention_is_alike():
    root = "unet.mid_block.attentions.0.transformer_blocks.0.attn2.to_k"
    seen = detect_family(adapter_from(tensors_of({root: (2048, 1280)})))
    assert seen.family is Family.SDXL
    assert {each.family for each in seen.candidates} == {Family.SDXL, Family.KOLORS}


def test_krea_2_is_not_told_from_flux_2_by_queries_alone():
    root = "transformer.transformer_blocks.0.attn.to_q"
    seen = detect_family(adapter_from(tensors_of({root: (6144, 6144)})))
    assert seen.family is Family.UNKNOWN
    assert {each.family for each in seen.candidates} == {Family.FLUX2, Family.KREA2}
