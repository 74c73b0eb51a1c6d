"""Experts have the names of published weights, whatever transformers keeps them in."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="models are built with torch")

import torch
from transformers import MixtralConfig, MixtralForCausalLM, Qwen3MoeConfig, Qwen3MoeForCausalLM

from registry.bases.manifest import Layer
from workers.engine.manifests import layers_of

pytestmark = pytest.mark.torch

SMALL = {
    "hidden_size": 32,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "vocab_size": 64,
}


def layers(model_class, config) -> dict[str, Layer]:
    with torch.device("meta"):
        return dict(layers_of(model_class(config)))


def test_mixtral_s_stand_by_themselves():
    found = layers(MixtralForCausalLM, MixtralConfig(**SMALL, intermediate_size=48,
                                                     num_local_experts=3))  # fmt: skip
    root = "model.layers.0.block_sparse_moe"
    assert found[f"{root}.gate"] == Layer("linear", (3, 32))
    assert found[f"{root}.experts.2.w1"] == Layer("linear", (48, 32))
    assert found[f"{root}.experts.2.w2"] == Layer("linear", (32, 48))
    assert found[f"{root}.experts.2.w3"] == Layer("linear", (48, 32))
    assert sum("experts" in name for name in found) == 9


def test_qwen_s_stand_by_themselves():
    found = layers(Qwen3MoeForCausalLM, Qwen3MoeConfig(**SMALL, moe_intermediate_size=24,
                                                       num_experts=4))  # fmt: skip
    root = "model.layers.0.mlp"
    assert found[f"{root}.gate"] == Layer("linear", (4, 32))
    assert found[f"{root}.experts.3.gate_proj"] == Layer("linear", (24, 32))
    assert found[f"{root}.experts.3.down_proj"] == Layer("linear", (32, 24))
    assert sum("experts" in name for name in found) == 12


def test_what_has_none_gives_none():
    with torch.device("meta"):
        model = torch.nn.Sequential(torch.nn.Linear(4, 4))
    assert list(dict(layers_of(model))) == ["0"]
