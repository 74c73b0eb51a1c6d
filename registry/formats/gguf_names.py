"""
What llama.cpp calls a layer, and what its base calls it.

GGUF has one vocabulary for all language models (`blk.3.attn_q`), so the name of a layer in its base
depends on the architecture that the file says it is for. Architectures that we do not list keep
GGUF's names: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

_BLOCK = re.compile(r"((?:enc\.|dec\.)?)blk\.(\d+)\.([a-z_]+)")


class Names(NamedTuple):
    """
    A way of naming layers: what blocks are called, what is in them, what is around them.

    Where encoder and decoder have blocks of their own, what is in them begins with `enc.` or
    `dec.`, as GGUF's names do, and stands in a row of its own among the blocks.
    """

    block: str
    inside: Mapping[str, str]
    outside: Mapping[str, str]


_LLAMA = Names(
    "model.layers.{}.",
    {
        "attn_q": "self_attn.q_proj",
        "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj",
        "attn_output": "self_attn.o_proj",
        "ffn_gate": "mlp.gate_proj",
        "ffn_up": "mlp.up_proj",
        "ffn_down": "mlp.down_proj",
    },
    {"token_embd": "model.embed_tokens", "output": "lm_head"},
)
# Experts come joined in one tensor, so an adapter's of theirs are no pairs for single layers.
_MIXTRAL = _LLAMA._replace(inside={**_LLAMA.inside, "ffn_gate_inp": "block_sparse_moe.gate"})
_QWEN3_MOE = _LLAMA._replace(
    inside={
        **{name: layer for name, layer in _LLAMA.inside.items() if name.startswith("attn")},
        "ffn_gate_inp": "mlp.gate",
    }
)
_GEMMA = _LLAMA._replace(outside={"token_embd": "model.embed_tokens"})
_PHI2 = _LLAMA._replace(
    inside={
        "attn_q": "self_attn.q_proj",
        "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj",
        "attn_output": "self_attn.dense",
        "ffn_up": "mlp.fc1",
        "ffn_down": "mlp.fc2",
    }
)
_PHI3 = _LLAMA._replace(
    inside={
        "attn_qkv": "self_attn.qkv_proj",
        "attn_output": "self_attn.o_proj",
        "ffn_up": "mlp.gate_up_proj",
        "ffn_down": "mlp.down_proj",
    }
)
_GPT2 = Names(
    "transformer.h.{}.",
    {
        "attn_qkv": "attn.c_attn",
        "attn_output": "attn.c_proj",
        "ffn_up": "mlp.c_fc",
        "ffn_down": "mlp.c_proj",
    },
    {"token_embd": "transformer.wte", "output": "lm_head"},
)
_BLOOM = Names(
    "transformer.h.{}.",
    {
        "attn_qkv": "self_attention.query_key_value",
        "attn_output": "self_attention.dense",
        "ffn_up": "mlp.dense_h_to_4h",
        "ffn_down": "mlp.dense_4h_to_h",
    },
    {"token_embd": "transformer.word_embeddings", "output": "lm_head"},
)
_NEOX = Names(
    "gpt_neox.layers.{}.",
    {
        "attn_qkv": "attention.query_key_value",
        "attn_output": "attention.dense",
        "ffn_up": "mlp.dense_h_to_4h",
        "ffn_down": "mlp.dense_4h_to_h",
    },
    {"token_embd": "gpt_neox.embed_in", "output": "embed_out"},
)
# Without the word `bert` or `roberta`: llama.cpp has one architecture for both.
_BERT = Names(
    "encoder.layer.{}.",
    {
        "attn_q": "attention.self.query",
        "attn_k": "attention.self.key",
        "attn_v": "attention.self.value",
        "attn_output": "attention.output.dense",
        "ffn_up": "intermediate.dense",
        "ffn_down": "output.dense",
    },
    {"token_embd": "embeddings.word_embeddings", "token_types": "embeddings.token_type_embeddings"},
)
# Not `ffn_up`: it is `wi` in T5 and `wi_1` in T5 v1.1, and the name does not say in which.
_T5 = Names(
    "",
    {
        "enc.attn_q": "encoder.block.{}.layer.0.SelfAttention.q",
        "enc.attn_k": "encoder.block.{}.layer.0.SelfAttention.k",
        "enc.attn_v": "encoder.block.{}.layer.0.SelfAttention.v",
        "enc.attn_o": "encoder.block.{}.layer.0.SelfAttention.o",
        "enc.ffn_gate": "encoder.block.{}.layer.1.DenseReluDense.wi_0",
        "enc.ffn_down": "encoder.block.{}.layer.1.DenseReluDense.wo",
        "dec.attn_q": "decoder.block.{}.layer.0.SelfAttention.q",
        "dec.attn_k": "decoder.block.{}.layer.0.SelfAttention.k",
        "dec.attn_v": "decoder.block.{}.layer.0.SelfAttention.v",
        "dec.attn_o": "decoder.block.{}.layer.0.SelfAttention.o",
        "dec.cross_attn_q": "decoder.block.{}.layer.1.EncDecAttention.q",
        "dec.cross_attn_k": "decoder.block.{}.layer.1.EncDecAttention.k",
        "dec.cross_attn_v": "decoder.block.{}.layer.1.EncDecAttention.v",
        "dec.cross_attn_o": "decoder.block.{}.layer.1.EncDecAttention.o",
        "dec.ffn_gate": "decoder.block.{}.layer.2.DenseReluDense.wi_0",
        "dec.ffn_down": "decoder.block.{}.layer.2.DenseReluDense.wo",
    },
    {"token_embd": "shared", "output": "lm_head"},
)

# By `general.architecture`.
ARCHITECTURES: Mapping[str, Names] = MappingProxyType(
    {
        "llama": _MIXTRAL,  # Llama, Mistral and Mixtral
        "qwen2": _LLAMA,
        "qwen2vl": _LLAMA,  # Qwen 2.5 VL too; what sees is in a file of its own
        "qwen3": _LLAMA,
        "qwen3moe": _QWEN3_MOE,
        "gemma": _GEMMA,
        "gemma2": _GEMMA,
        "gemma3": _LLAMA,
        "phi2": _PHI2,
        "phi3": _PHI3,  # Phi-4 too
        "gpt2": _GPT2,
        "bloom": _BLOOM,
        "falcon": _BLOOM,
        "gptneox": _NEOX,
        "bert": _BERT,
        "t5": _T5,
    }
)


def module(name: str, *, architecture: str) -> str | None:
    """Return what the base calls the layer that GGUF calls `name`, None if we do not know."""
    names = ARCHITECTURES.get(architecture)
    if names is None:
        return None
    if match := _BLOCK.fullmatch(name):
        stack, number, layer = match.groups()
        inside = names.inside.get(stack + layer)
        return (names.block + inside).format(number) if inside else None
    return names.outside.get(name)
