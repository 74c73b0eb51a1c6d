"""Adapters for llama.cpp, read again by our reader and by the reference one."""

from __future__ import annotations

import json

import gguf
import pytest
import torch
from safetensors.torch import load_file

from registry.formats import gguf_names
from tests.workers.engine.converting import made
from tests.workers.engine.converting.test_loading import peft_source
from workers.engine.converting import Conversion, ConversionRefused, convert
from workers.engine.converting.layouts import gguf as gguf_layout
from workers.engine.converting.turning import in_halves, interleaved

LLAMA = {
    "model.layers.0.self_attn.q_proj": (2048, 2048),
    "model.layers.0.self_attn.k_proj": (512, 2048),
    "model.layers.15.self_attn.v_proj": (512, 2048),
    "model.layers.3.mlp.gate_proj": (8192, 2048),
}
QWEN = {"model.layers.0.self_attn.q_proj": (896, 896), "model.layers.1.mlp.up_proj": (4864, 896)}
GPT2 = {"transformer.h.0.attn.c_attn": (2304, 768), "transformer.h.3.attn.c_proj": (768, 768)}


def to_gguf(source, base, folder, **asked):
    return convert(*source, to=Conversion("gguf", **asked), base=base, into=folder / "to")


def matrices(path):
    """Return what the reference reader finds, as rows of numbers."""
    reader = gguf.GGUFReader(path)
    return {each.name: torch.from_numpy(each.data.copy()).float() for each in reader.tensors}


def fields(path):
    return {name: field.contents() for name, field in gguf.GGUFReader(path).fields.items()}


@pytest.mark.parametrize(
    ("base", "layers"), [("llama-3-2-1b", LLAMA), ("qwen-2-0-5b", QWEN), ("gpt-2", GPT2)]
)
@pytest.mark.parametrize("dtype", ["fp32", "fp16", "bf16"])
def test_comes_back_as_it_went(tmp_path, base, layers, dtype):
    told = to_gguf(peft_source(tmp_path, layers), base, tmp_path, dtype=dtype)
    back = convert(told.files[0], None, to=Conversion("peft", dtype="fp32"), base=base,
                   into=tmp_path / "back")  # fmt: skip

    assert told.layers == len(layers)
    assert told.worst_error <= {"fp32": 1e-6, "fp16": 1e-3, "bf16": 8e-3}[dtype]
    prefix = "base_model.model."
    before = made.read_lettered(tmp_path / "adapter_model.safetensors", prefix=prefix)
    after = made.read_lettered(back.files[-1], prefix=prefix)
    made.assert_same(after, before, most=8e-3)


def test_queries_and_keys_of_llama_lie_as_llama_cpp_has_them(tmp_path):
    told = to_gguf(peft_source(tmp_path, LLAMA), "llama-3-2-1b", tmp_path)
    ours = load_file(tmp_path / "adapter_model.safetensors")
    found = matrices(told.files[0])

    for name, its, heads in (("q_proj", "attn_q", 32), ("k_proj", "attn_k", 8)):
        rows = ours[f"base_model.model.model.layers.0.self_attn.{name}.lora_B.weight"]
        # As llama.cpp's converter turns the weight itself.
        turned = rows.reshape(heads, 2, rows.shape[0] // heads // 2, -1).swapaxes(1, 2)
        assert torch.equal(found[f"blk.0.{its}.weight.lora_b"], turned.reshape(rows.shape))
    down = ours["base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"]
    assert torch.equal(found["blk.0.attn_q.weight.lora_a"], down)


def test_rotating_neighbours_is_rotating_halves_of_the_turned_rows():
    """Why the rows are turned: both codes then rotate the same two numbers together."""
    rows = torch.arange(12.0)[:, None]
    turned = interleaved(rows, 2)

    assert turned[:, 0].tolist() == [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]
    assert torch.equal(in_halves(turned, 2), rows)


@pytest.mark.parametrize(("base", "layers"), [("qwen-2-0-5b", QWEN), ("gpt-2", GPT2)])
def test_rows_of_others_lie_as_they_are(tmp_path, base, layers):
    """GPT-2's own weights lie transposed; PEFT's pair of one does not, whatever it says."""
    told = to_gguf(peft_source(tmp_path, layers, fan_in_fan_out=True), base, tmp_path)
    ours = load_file(tmp_path / "adapter_model.safetensors")
    found = matrices(told.files[0])

    wanted = [tensor for name, tensor in sorted(ours.items())]
    assert sorted(map(tuple, (each.shape for each in found.values()))) == sorted(
        map(tuple, (each.shape for each in wanted))
    )
    assert all(any(torch.equal(each, other) for other in found.values()
                   if other.shape == each.shape) for each in wanted)  # fmt: skip
    if base == "gpt-2":
        assert found["blk.0.attn_qkv.weight.lora_a"].shape == (4, 768)
        assert found["blk.0.attn_qkv.weight.lora_b"].shape == (2304, 4)


class TestKeys:
    def test_say_what_llama_cpp_asks_for(self, tmp_path):
        told = to_gguf(peft_source(tmp_path, LLAMA), "llama-3-2-1b", tmp_path,
                       bake={"general.name": "Pirate speech"})  # fmt: skip
        found = fields(told.files[0])

        assert found["general.type"] == "adapter"
        assert found["general.architecture"] == "llama"
        assert found["adapter.type"] == "lora"
        assert found["adapter.lora.alpha"] == 8.0
        assert found["general.name"] == "Pirate speech"

    @pytest.mark.parametrize(
        "config",
        [{"alpha_pattern": {"layers.0.self_attn.q_proj": 2}}, {"use_rslora": True}],
        ids=["a pattern", "rank-stabilised"],
    )
    def test_scales_that_no_one_alpha_gives_are_in_the_matrices(self, tmp_path, config):
        told = to_gguf(peft_source(tmp_path, LLAMA, **config), "llama-3-2-1b", tmp_path)
        found = fields(told.files[0])["adapter.lora.alpha"]

        assert told.worst_error < 1e-5
        assert found == (0.0 if "alpha_pattern" in config else 16.0)  # 8 / √4 is 16 / 4.


@pytest.mark.parametrize(
    ("base", "layers", "sentence"),
    [
        ("bloom-560m", {"transformer.h.0.self_attention.query_key_value": (3072, 1024)},
         "family BLOOM are not written"),
        ("sd-1-5", {"mid_block.attentions.0.proj_in": (1280, 1280)},
         "family Stable Diffusion 1 are not written"),
        ("gpt-2", {"lm_head": (50257, 768)}, "shares its weight"),
        ("gpt-2", {"transformer.h.12.attn.c_attn": (2304, 768)}, "no layer of gpt-2"),
    ],
)  # fmt: skip
def test_refuses_what_llama_cpp_could_not_load(tmp_path, base, layers, sentence):
    with pytest.raises(ConversionRefused, match=sentence):
        to_gguf(peft_source(tmp_path, layers), base, tmp_path)


def test_refuses_magnitudes(tmp_path):
    path, config = peft_source(tmp_path, GPT2, use_dora=True)
    tensors = load_file(path)
    for name, (outputs, _) in GPT2.items():
        tensors[f"base_model.model.{name}.lora_magnitude_vector"] = torch.ones(outputs)
    made.save(path, tensors)
    with pytest.raises(ConversionRefused, match="magnitudes"):
        to_gguf((path, config), "gpt-2", tmp_path)


def test_refuses_a_file_whose_alpha_nobody_knows(tmp_path):
    path, _ = peft_source(tmp_path, GPT2)
    with pytest.raises(ConversionRefused, match=r"adapter_config\.json"):
        to_gguf((path, None), "gpt-2", tmp_path)


def test_an_embedding_is_turned_as_llama_cpp_looks_words_up(tmp_path):
    words, width = 50257, 768
    tensors = {
        "base_model.model.transformer.wte.lora_embedding_A": torch.randn(2, words) * 0.02,
        "base_model.model.transformer.wte.lora_embedding_B": torch.randn(width, 2) * 0.02,
    }
    path = made.save(tmp_path / "adapter_model.safetensors", tensors)
    config = tmp_path / "adapter_config.json"
    config.write_text(json.dumps({"peft_type": "LORA", "r": 2, "lora_alpha": 2}))
    told = to_gguf((path, config), "gpt-2", tmp_path)

    assert told.worst_error < 1e-6
    assert matrices(told.files[0])["token_embd.weight.lora_a"].shape == (words, 2)


@pytest.mark.parametrize("name", sorted({name for name, _ in gguf_layout.ARCHITECTURES.values()}))
def test_a_layer_s_name_is_what_our_reader_makes_of_it(name):
    target = gguf_layout.Architecture(name, None, is_tied=False)
    names = gguf_names.ARCHITECTURES[name]
    inside = [names.block.format(7) + its for its in names.inside.values()]

    for layer in (*names.outside.values(), *inside):
        theirs = gguf_layout.name_of(layer, target).removesuffix(".weight")
        assert gguf_names.module(theirs, architecture=name) == layer
