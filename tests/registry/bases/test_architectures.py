"""What GGUF's word for its architecture tells of the family, and what it does not."""

from __future__ import annotations

import pytest

from registry.bases.identify import identify
from registry.formats.adapter import read_adapter
from registry.formats.header import Container, Header
from tests.reading import header_from

LLAMA_3 = {
    **{f"blk.{block}.attn_q": (4096, 4096) for block in range(32)},
    **{f"blk.{block}.attn_v": (1024, 4096) for block in range(32)},
}
QWEN_2 = {f"blk.{block}.ffn_gate": (18944, 3584) for block in range(28)}


def identified(layers, architecture):
    shapes = {}
    for name, (outputs, inputs) in layers.items():
        shapes[f"{name}.weight.lora_a"] = (8, inputs)
        shapes[f"{name}.weight.lora_b"] = (outputs, 8)
    metadata = {"adapter.type": "lora", "general.architecture": architecture}
    tensors = header_from(shapes).tensors
    return identify(read_adapter(Header(tensors, metadata, 1, container=Container.GGUF)))


def test_of_families_with_such_layers_the_architecture_is_the_one():
    found = identified(QWEN_2, "qwen2")
    assert (found.detection.family, found.base.slug) == ("qwen2", "qwen-2-5-7b")
    assert "qwen-2-5-vl-7b" not in [each.base for each in found.candidates]
    assert "general.architecture says “qwen2”" in found.detection.reason


def test_the_word_llama_leaves_mistral_open_and_qwen_not():
    found = identified(LLAMA_3, "llama")
    assert found.detection.family == "llama"
    named = {each.base for each in found.candidates}
    assert {"llama-3-1-8b", "mistral-7b-v0-1"} <= named
    assert "qwen-3-8b" not in named


def test_a_size_that_nobody_knows_is_of_the_architecture():
    layers = {f"blk.{block}.attn_q": (3000, 3000) for block in range(28)}
    assert identified(layers, "qwen2").detection.family == "qwen2"


@pytest.mark.parametrize("architecture", ["gemma2", "a word of nobody"])
def test_a_word_that_the_layers_refute_says_nothing(architecture):
    assert identified(LLAMA_3, architecture).detection.family != "gemma2"
