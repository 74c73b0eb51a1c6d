from __future__ import annotations

import pytest

from workers.engine.layer_names import layers_by_component

COMPONENTS = ("unet", "text_encoder")
BLOCK = "down_blocks.1.attentions.0.transformer_blocks.0.attn1"
ENCODER = "encoder.layers.0.self_attn"


@pytest.mark.parametrize(
    ("name", "component", "layer"),
    [
        (f"unet.{BLOCK}.to_q.lora_A.weight", "unet", f"{BLOCK}.to_q"),
        (f"unet.{BLOCK}.to_q.lora_B.default.weight", "unet", f"{BLOCK}.to_q"),
        (f"unet.{BLOCK}.to_q.lora.down.weight", "unet", f"{BLOCK}.to_q"),
        (f"unet.{BLOCK}.processor.to_q_lora.up.weight", "unet", f"{BLOCK}.to_q"),
        (f"unet.{BLOCK}.processor.to_out_lora.up.weight", "unet", f"{BLOCK}.to_out"),
        (f"unet.{BLOCK}.to_out.0.lora_A.weight", "unet", f"{BLOCK}.to_out"),
        (f"unet.{BLOCK}.to_q.lora_magnitude_vector", "unet", f"{BLOCK}.to_q"),
        (f"text_encoder.text_model.{ENCODER}.to_k_lora.down.weight", "text_encoder", "k_proj"),
        (
            f"text_encoder.{ENCODER}.out_proj.lora_linear_layer.up.weight",
            "text_encoder",
            "out_proj",
        ),
        ("transformer.blocks.0.to_q.lora_A.weight", "", "transformer.blocks.0.to_q"),
    ],
)
def test_one_layer_has_one_name(name, component, layer):
    expected = f"{ENCODER}.{layer}" if component == "text_encoder" else layer

    assert layers_by_component([name], COMPONENTS) == {component: (expected,)}


def test_what_is_no_part_of_an_adapter_is_passed_over():
    assert layers_by_component(["unet.conv_in.weight", "lora.alpha"], COMPONENTS) == {}
