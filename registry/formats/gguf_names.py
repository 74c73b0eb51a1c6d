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

_BLOCK = re.compile(r"blk\.(\d+)\.([a-z_]+)")


class Names(NamedTuple):
    """A way of naming layers: what blocks are called, what is in them, what is around them."""

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
_GEMMA = _LLAMA._replace(outside={"token_embd": "model.embed_tokens"})
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

# By `general.architecture`.
ARCHITECTURES: Mapping[str, Names] = MappingProxyType(
    {
        "llama": _LLAMA,  # Mistral too
        "qwen2": _LLAMA,
        "qwen3": _LLAMA,
        "gemma": _GEMMA,
        "gemma2": _GEMMA,
        "gemma3": _LLAMA,
        "phi3": _PHI3,
        "gpt2": _GPT2,
        "bloom": _BLOOM,
        "falcon": _BLOOM,
        "gptneox": _NEOX,
    }
)


def module(name: str, *, architecture: str) -> str | None:
    """Return what the base calls the layer that GGUF calls `name`, None if we do not know."""
    names = ARCHITECTURES.get(architecture)
    if names is None:
        return None
    if match := _BLOCK.fullmatch(name):
        inside = names.inside.get(match[2])
        return names.block.format(match[1]) + inside if inside else None
    return names.outside.get(name)
