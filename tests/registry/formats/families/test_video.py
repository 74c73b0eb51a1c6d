"""Files as trainers write them for video bases and their kin, a few layers of each."""

from __future__ import annotations

import pytest

from registry.formats.families import Family, detect_family
from tests.reading import adapter_from

KOHYA = ("lora_down.weight", "lora_up.weight")
PEFT = ("lora_A.weight", "lora_B.weight")

# naming, family, variant, layers with inputs and outputs
FILES = [
    ("Wan 14B, musubi", "wan", "14B",
     {"lora_unet_blocks_0_self_attn_q": (5120, 5120), "lora_unet_blocks_39_ffn_0": (5120, 13824)}),
    ("Wan 14B, ComfyUI", "wan", "14B", {"diffusion_model.blocks.0.cross_attn.v": (5120, 5120)}),
    ("Wan 14B, diffusers", "wan", "14B",
     {"transformer.blocks.0.attn1.to_out.0": (5120, 5120),
      "transformer.condition_embedder.text_embedder.linear_1": (4096, 5120)}),
    ("Wan 14B, its feed-forward alone", "wan", "14B",
     {"diffusion_model.blocks.3.ffn.0": (5120, 13824),
      "diffusion_model.blocks.3.ffn.2": (13824, 5120)}),
    ("Wan 14B, reading a picture", "wan", "14B, image to video",
     {"diffusion_model.blocks.0.self_attn.q": (5120, 5120),
      "diffusion_model.blocks.0.cross_attn.k_img": (5120, 5120)}),
    ("Wan 14B, reading a picture, diffusers", "wan", "14B, image to video",
     {"transformer.blocks.0.attn2.add_k_proj": (5120, 5120)}),
    ("Wan 14B, the blocks of VACE, DiffSynth", "wan", "14B",
     {"vace_blocks.0.self_attn.q": (5120, 5120), "vace_blocks.7.ffn.2": (13824, 5120)}),
    ("Wan 1.3B, musubi", "wan", "1.3B", {"lora_unet_blocks_0_cross_attn_o": (1536, 1536)}),
    ("Wan 5B, ComfyUI", "wan", "5B", {"diffusion_model.blocks.0.self_attn.k": (3072, 3072)}),
    ("HunyuanVideo, musubi", "hunyuan-video", "",
     {"lora_unet_double_blocks_0_img_attn_qkv": (3072, 9216),
      "lora_unet_double_blocks_0_img_mlp_fc1": (3072, 12288)}),
    ("HunyuanVideo, diffusion-pipe", "hunyuan-video", "",
     {"transformer.double_blocks.0.img_mod.linear": (3072, 18432),
      "transformer.single_blocks.0.linear1": (3072, 21504)}),
    ("HunyuanVideo, its attention by its own spelling", "hunyuan-video", "",
     {"diffusion_model.double_blocks.0.img_attn_qkv": (3072, 9216),
      "diffusion_model.double_blocks.0.txt_attn_proj": (3072, 3072)}),
    ("HunyuanVideo, ComfyUI", "hunyuan-video", "",
     {"diffusion_model.double_blocks.0.img_attn.qkv": (3072, 9216),
      "diffusion_model.double_blocks.0.img_mod.lin": (3072, 18432),
      "diffusion_model.single_blocks.39.linear1": (3072, 21504)}),
    ("HunyuanVideo, diffusers", "hunyuan-video", "",
     {"transformer.transformer_blocks.0.attn.to_q": (3072, 3072),
      "transformer.single_transformer_blocks.38.attn.to_q": (3072, 3072)}),
    ("HunyuanVideo, its refiner", "hunyuan-video", "",
     {"transformer.context_embedder.token_refiner.refiner_blocks.0.attn.to_q": (3072, 3072)}),
    ("FLUX.1 with dots by guess", "flux1", "",
     {"diffusion_model.double_blocks.0.img_attn_qkv": (3072, 9216),
      "diffusion_model.double_blocks.0.img_mlp.0": (3072, 12288),
      "diffusion_model.single_blocks.0.linear1": (3072, 21504)}),
    ("HunyuanVideo 1.5, musubi", "hunyuan-video", "1.5",
     {"lora_unet_double_blocks_53_img_attn_q": (2048, 2048),
      "lora_unet_double_blocks_53_img_mlp_fc1": (2048, 8192)}),
    ("HunyuanImage, kohya", "hunyuan-image", "",
     {"lora_unet_double_blocks_0_img_attn_q": (3584, 3584),
      "lora_unet_single_blocks_39_linear1_mlp": (3584, 14336)}),
    ("HunyuanImage, ComfyUI", "hunyuan-image", "",
     {"diffusion_model.double_blocks.0.img_attn.qkv": (3584, 10752)}),
    ("HunyuanImage, diffusers", "hunyuan-image", "",
     {"transformer.transformer_blocks.0.attn.to_q": (3584, 3584)}),
    ("Anima, diffusers", "cosmos", "Anima",
     {"text_conditioner.blocks.0.self_attn.q_proj": (1024, 1024),
      "transformer.transformer_blocks.0.attn1.to_q": (2048, 2048)}),
    ("LTX-Video, ComfyUI", "ltx-video", "2B",
     {"diffusion_model.transformer_blocks.0.attn1.to_q": (2048, 2048),
      "diffusion_model.transformer_blocks.0.attn2.to_k": (2048, 2048)}),
    ("LTX-Video 13B or LTX-2, diffusers", "ltx-video", "13B, or LTX-2 of the same width",
     {"transformer.transformer_blocks.47.attn1.to_q": (4096, 4096)}),
    ("LTX-Video, its ends", "ltx-video", "",
     {"diffusion_model.patchify_proj": (128, 2048),
      "diffusion_model.adaln_single.linear": (2048, 12288)}),
    ("LTX-2, ComfyUI", "ltx-video", "LTX-2",
     {"diffusion_model.transformer_blocks.0.attn1.to_q": (4096, 4096),
      "diffusion_model.transformer_blocks.0.audio_attn1.to_q": (2048, 2048)}),
    ("CogVideoX 2B, diffusers", "cogvideox", "",
     {"transformer.transformer_blocks.0.attn1.to_q": (1920, 1920)}),
    ("CogVideoX 5B, its modulation", "cogvideox", "",
     {"transformer.transformer_blocks.0.attn1.to_q": (3072, 3072),
      "transformer.transformer_blocks.0.norm1.linear": (512, 18432)}),
    ("Mochi, diffusers", "mochi", "",
     {"transformer.transformer_blocks.0.attn1.to_q": (3072, 3072),
      "transformer.transformer_blocks.0.attn1.add_q_proj": (1536, 3072)}),
    ("Mochi, its own", "mochi", "", {"diffusion_model.blocks.0.attn.qkv_x": (3072, 9216)}),
    ("Hunyuan-DiT, its own", "hunyuan-dit", "",
     {"base_model.model.blocks.0.attn1.Wqkv": (1408, 4224),
      "base_model.model.blocks.0.attn2.kv_proj": (1024, 2816)}),
    ("Hunyuan-DiT, diffusers", "hunyuan-dit", "",
     {"transformer.blocks.0.attn2.to_q": (1408, 1408)}),
    ("Cosmos-Predict2, its own", "cosmos", "2B",
     {"diffusion_model.blocks.0.self_attn.q_proj": (2048, 2048),
      "diffusion_model.blocks.0.mlp.layer1": (2048, 8192)}),
    ("Cosmos-Predict2, diffusers", "cosmos", "2B",
     {"transformer.transformer_blocks.0.attn1.to_q": (2048, 2048),
      "transformer.transformer_blocks.0.attn2.to_k": (1024, 2048)}),
    ("Cosmos-Predict2 14B, diffusers", "cosmos", "14B",
     {"transformer.transformer_blocks.0.attn1.to_q": (5120, 5120)}),
    ("Anima, kohya", "cosmos", "Anima",
     {"lora_unet_blocks_0_cross_attn_k_proj": (1024, 2048),
      "lora_unet_llm_adapter_blocks_0_mlp_0": (1024, 4096)}),
    ("Anima, its modulation", "cosmos", "",
     {"lora_unet_blocks_0_adaln_modulation_cross_attn_1": (2048, 256)}),
    ("Lumina 2, kohya", "lumina2", "",
     {"lora_unet_layers_0_attention_qkv": (2304, 3840),
      "lora_te_layers_0_self_attn_q_proj": (2304, 2048)}),
    ("Lumina 2, ComfyUI", "lumina2", "",
     {"diffusion_model.layers.25.feed_forward.w1": (2304, 9216)}),
    ("Lumina 2, diffusers", "lumina2", "", {"transformer.layers.0.attn.to_k": (2304, 768)}),
    ("HiDream, ai-toolkit", "hidream", "",
     {"diffusion_model.double_stream_blocks.0.block.attn1.to_q_t": (2560, 2560)}),
    ("HiDream, SimpleTuner's LyCORIS", "hidream", "",
     {"lycoris_single_stream_blocks_31_block_ff_i_experts_3_w1": (2560, 6912)}),
    ("PixArt, diffusers", "pixart", "",
     {"transformer.transformer_blocks.0.attn1.to_q": (1152, 1152),
      "transformer.transformer_blocks.0.ff.net.0.proj": (1152, 4608)}),
    ("PixArt, its own", "pixart", "",
     {"diffusion_model.blocks.0.attn.qkv": (1152, 3456),
      "diffusion_model.blocks.0.mlp.fc1": (1152, 4608)}),
    ("Sana 1.6B, diffusers", "sana", "",
     {"transformer.transformer_blocks.0.attn2.to_q": (2240, 2240)}),
    ("Sana 0.6B, its own", "sana", "0.6B",
     {"diffusion_model.blocks.0.attn.qkv": (1152, 3456),
      "diffusion_model.blocks.0.mlp.point_conv.conv": (2880, 1152)}),
]  # fmt: skip

# What no name and no shape can tell, and between which families.
OPEN = [
    ("PixArt and Sana 0.6B by attention", {"pixart", "sana"},
     {"transformer.transformer_blocks.0.attn1.to_q": (1152, 1152),
      "transformer.transformer_blocks.0.attn2.to_k": (1152, 1152)}),
    ("CogVideoX 5B and Mochi by attention", {"cogvideox", "mochi"},
     {"transformer.transformer_blocks.0.attn1.to_v": (3072, 3072)}),
    ("LTX-Video and Cosmos by their first attention", {"ltx-video", "cosmos"},
     {"transformer.transformer_blocks.0.attn1.to_q": (2048, 2048)}),
]  # fmt: skip


def tensors_of(layers: dict) -> dict:
    found = {}
    for root, (inputs, outputs) in layers.items():
        down, up = PEFT if "." in root else KOHYA
        found |= {f"{root}.{down}": (16, inputs), f"{root}.{up}": (outputs, 16)}
    return found


@pytest.mark.parametrize(
    ("family", "variant", "layers"), [row[1:] for row in FILES], ids=[row[0] for row in FILES]
)
def test_a_file_of_a_family_is_seen_to_be_of_it(family, variant, layers):
    tensors = tensors_of(layers)
    seen = detect_family(adapter_from(tensors))
    assert (seen.family, seen.variant) == (family, variant)
    assert seen.decided_by in tensors


@pytest.mark.parametrize(
    ("families", "layers"), [row[1:] for row in OPEN], ids=[row[0] for row in OPEN]
)
def test_what_nothing_tells_stays_open(families, layers):
    seen = detect_family(adapter_from(tensors_of(layers)))
    assert seen.family is Family.UNKNOWN
    assert {each.family for each in seen.candidates} == families


def test_nothing_is_said_of_blocks_as_wide_as_no_base():
    seen = detect_family(adapter_from(tensors_of({"transformer.blocks.0.attn1.to_q": (777, 777)})))
    assert seen.family is Family.UNKNOWN
