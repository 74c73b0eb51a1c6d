from __future__ import annotations

import json

import pytest

from tests.reading import adapter_from

LAYER = "base_model.model.model.layers.0.self_attn.q_proj"
LORA = {f"{LAYER}.lora_A.weight": (4, 64), f"{LAYER}.lora_B.weight": (64, 4)}
KOHYA = {"lora_unet_mid_block_x.lora_down.weight": (4, 64),
         "lora_unet_mid_block_x.lora_up.weight": (64, 4)}  # fmt: skip


def told(module="networks.lora", **arguments):
    return {"ss_network_module": module, "ss_network_args": json.dumps(arguments)}


@pytest.mark.parametrize(
    ("shapes", "config", "metadata", "method"),
    [
        (LORA, {"peft_type": "LORA"}, {}, "lora"),
        (LORA, {"peft_type": "LORA", "use_rslora": True}, {}, "rslora"),
        (LORA, {"transformer.use_rslora": True}, {}, "rslora"),
        (LORA, {"use_rslora": "yes"}, {}, "lora"),
        (KOHYA, {}, told(), "lora"),
        (KOHYA, {}, told("networks.dylora"), "dylora"),
        (KOHYA, {}, told("lycoris.kohya", algo="dylora"), "dylora"),
        (KOHYA, {}, told("lycoris.kohya", algo="locon", rs_lora="True"), "rslora"),
        (KOHYA, {}, told("lycoris.kohya", algo="locon", rs_lora="False"), "lora"),
        (KOHYA, {}, told("networks.lora_fa"), "lora-fa"),
        (KOHYA, {}, {"ss_network_args": "["}, "lora"),
        (KOHYA, {}, {"ss_network_args": "7"}, "lora"),
        ({f"{LAYER}.hra_u": (64, 8)}, {}, {}, "hra"),
        ({f"{LAYER}.hra_u": (64, 8)}, {"peft_type": "HRA"}, {}, "hra"),
        ({f"{LAYER}.glora_A.Xd": (64, 4), f"{LAYER}.glora_A.Xu": (4, 64)}, {}, {}, "glora"),
        ({f"{LAYER}.vera_lambda_b": (64,), f"{LAYER}.vera_lambda_d": (8,)}, {}, {}, "vera"),
        ({"w_a_000": (2, 768)}, {"use_rslora": True}, {}, ""),
    ],
)
def test_a_method_has_its_name(shapes, config, metadata, method):
    assert adapter_from(shapes, config=config, metadata=metadata).method == method


@pytest.mark.parametrize(
    ("config", "metadata"),
    [({"use_rslora": True}, {}), ({}, told("lycoris.kohya", rs_lora="True"))],
)
def test_rank_stabilised_is_said(config, metadata):
    assert adapter_from(LORA, config=config, metadata=metadata).rank_stabilised
    assert not adapter_from(LORA).rank_stabilised


@pytest.mark.parametrize(
    "name",
    ["base_model.vera_A", "base_model.vera_B", "base_model.vblora_vector_bank",
     "base_model.frod_V.q_proj", "base_model.tinylora_v.0"],
)  # fmt: skip
def test_what_all_layers_share_is_no_leftover(name):
    adapter = adapter_from(LORA | {name: (8, 64)})
    assert (adapter.shared, adapter.leftovers) == ((name,), ())


@pytest.mark.parametrize(
    "name",
    ["double_blocks.0.img_attn.norm.query_norm.scale", "diffusion_model.img_in.set_weight"],
)
def test_a_weight_put_in_place_whole_is_no_leftover(name):
    adapter = adapter_from(LORA | {name: (128,)})
    assert (adapter.saved, adapter.leftovers) == ((name,), ())
    assert len(adapter.pairs) == 1
