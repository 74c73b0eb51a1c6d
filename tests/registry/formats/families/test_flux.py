"""FLUX.1, Chroma and FLUX.2: what tells them apart, and what does not."""

from __future__ import annotations

import pytest

from registry.formats.families import Family, Strength, detect_family
from tests.reading import adapter_from

KLEIN_4B = "Klein 4B, base or distilled: shapes cannot tell"


def pair(root: str, inputs: int, outputs: int, *, tails=("lora_A.weight", "lora_B.weight")) -> dict:
    return {f"{root}.{tails[0]}": (16, inputs), f"{root}.{tails[1]}": (outputs, 16)}


def kohya(name: str, inputs: int, outputs: int) -> dict:
    return pair(f"lora_unet_{name}", inputs, outputs, tails=("lora_down.weight", "lora_up.weight"))


def detected(*pairs: dict):
    tensors = {name: shape for each in pairs for name, shape in each.items()}
    return detect_family(adapter_from(tensors))


FLUX_1 = {
    "kohya": (
        kohya("double_blocks_0_img_attn_qkv", 3072, 9216),
        kohya("double_blocks_0_txt_mlp_0", 3072, 12288),
        kohya("single_blocks_37_linear1", 3072, 21504),
    ),
    "ai-toolkit": (
        pair("transformer.transformer_blocks.0.attn.to_q", 3072, 3072),
        pair("transformer.transformer_blocks.0.ff_context.net.0.proj", 3072, 12288),
        pair("transformer.single_transformer_blocks.0.proj_mlp", 3072, 12288),
    ),
    "fal": (
        pair("base_model.model.double_blocks.0.img_attn.qkv", 3072, 9216),
        pair("base_model.model.single_blocks.0.linear2", 15360, 3072),
    ),
    "OneTrainer": (
        pair("lora_transformer_single_transformer_blocks_0_attn_to_k", 3072, 3072,
             tails=("lora_down.weight", "lora_up.weight")),
    ),
}  # fmt: skip
FLUX_2 = {
    "BFL, dev": (pair("diffusion_model.double_blocks.7.txt_attn.qkv", 6144, 18432), "dev"),
    "BFL, Klein 4B": (pair("diffusion_model.single_blocks.19.linear1", 3072, 27648), KLEIN_4B),
    "kohya, Klein 4B": (kohya("double_blocks_0_txt_mlp_0", 3072, 18432), KLEIN_4B),
    "diffusers, Klein 4B": (
        pair("transformer.single_transformer_blocks.0.attn.to_qkv_mlp_proj", 3072, 27648),
        KLEIN_4B,
    ),
    "diffusers' feed-forward, Klein 4B": (
        pair("transformer.transformer_blocks.0.ff.linear_in", 3072, 18432),
        KLEIN_4B,
    ),
    "diffusers, Klein 9B": (
        pair("transformer.single_transformer_blocks.23.attn.to_qkv_mlp_proj", 4096, 36864),
        "Klein 9B, base or distilled: shapes cannot tell",
    ),
    "a modulation that all blocks share": (
        pair("diffusion_model.double_stream_modulation_img.lin", 6144, 36864),
        "",
    ),
}


@pytest.mark.parametrize("naming", FLUX_1)
def test_flux_1_is_seen_in_every_naming(naming):
    seen = detected(*FLUX_1[naming])
    assert seen.family is Family.FLUX1


@pytest.mark.parametrize("naming", FLUX_1)
def test_flux_1_is_no_proof_where_others_have_its_blocks(naming):
    seen = detected(*FLUX_1[naming])
    assert seen.candidates[0].strength < Strength.PROOF


def test_chroma_is_named_beside_flux_1_where_layers_are_shared():
    seen = detected(*FLUX_1["kohya"])
    assert {each.family for each in seen.candidates} >= {Family.FLUX1, Family.CHROMA}


@pytest.mark.parametrize(
    "layer",
    [
        pair("diffusion_model.distilled_guidance_layer.layers.0.in_layer", 5120, 5120),
        pair("transformer.distilled_guidance_layer.layers.4.linear_2", 5120, 5120),
        kohya("distilled_guidance_layer_out_proj", 5120, 3072),
    ],
    ids=["BFL", "diffusers", "kohya"],
)
def test_chroma_is_seen_by_what_modulates_it(layer):
    seen = detected(*FLUX_1["kohya"], layer)
    assert seen.family is Family.CHROMA
    assert "distilled_guidance_layer" in seen.decided_by


@pytest.mark.parametrize("naming", FLUX_2)
def test_flux_2_is_seen_in_every_naming(naming):
    layer, variant = FLUX_2[naming]
    seen = detected(layer)
    assert (seen.family, seen.variant) == (Family.FLUX2, variant)


def test_klein_4b_is_not_taken_for_flux_1_by_its_attention():
    attention = pair("diffusion_model.double_blocks.0.img_attn.qkv", 3072, 9216)
    assert detected(attention).family is Family.FLUX1
    assert detected(attention, FLUX_2["BFL, Klein 4B"][0]).family is Family.FLUX2


@pytest.mark.parametrize(("width", "variant"), [(64, ""), (128, "control"), (384, "Fill")])
@pytest.mark.parametrize("root", ["diffusion_model.img_in", "transformer.x_embedder"])
def test_what_the_first_layer_takes_tells_the_kind_of_flux_1(width, variant, root):
    seen = detected(*FLUX_1["ai-toolkit"], pair(root, width, 3072))
    assert (seen.family, seen.variant) == (Family.FLUX1, variant)


@pytest.mark.parametrize("width", [7680, 12288, 15360])
def test_flux_2_is_seen_by_the_text_it_reads(width):
    seen = detected(pair("diffusion_model.txt_in", width, 6144))
    assert seen.family is Family.FLUX2
