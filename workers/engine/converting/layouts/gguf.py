"""
llama.cpp's layout: a GGUF file, with its names for layers and its order of rows.

PEFT keeps the pair of a layer inputs first whatever the base keeps, so nothing is turned over for
GPT-2, whose own weights lie transposed. One alpha serves all layers; where theirs differ, the scale
goes into the matrices.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import gguf
import torch

from registry.bases.catalogue import FOLDER, entry
from registry.formats import gguf_names
from workers.engine.converting import turning
from workers.engine.converting.changes import Change
from workers.engine.converting.contract import ConversionRefused
from workers.engine.converting.folding import folded
from workers.engine.converting.numbers import cast

FILE = "adapter.gguf"
KINDS: Mapping[torch.dtype, gguf.GGMLQuantizationType] = {
    torch.float32: gguf.GGMLQuantizationType.F32,
    torch.float16: gguf.GGMLQuantizationType.F16,
    torch.bfloat16: gguf.GGMLQuantizationType.BF16,
}

# By `model_type` of the base's configuration: llama.cpp's name for it, and whether it has the rows
# of queries and keys interleaved.
ARCHITECTURES: Mapping[str, tuple[str, bool]] = {
    "llama": ("llama", True),
    "mistral": ("llama", True),
    "qwen2": ("qwen2", False),
    "qwen3": ("qwen3", False),
    "gemma": ("gemma", False),
    "gemma2": ("gemma2", False),
    "gemma3_text": ("gemma3", False),
    "phi3": ("phi3", False),
    "gpt2": ("gpt2", False),
}
_TIED = {"gpt2", "gemma", "gemma2", "gemma3_text"}  # unless their configuration says otherwise


class Architecture(NamedTuple):
    """What llama.cpp makes of a base."""

    name: str
    heads: turning.Heads | None
    is_tied: bool  # the output layer is the embedding, so it has no tensor of its own


def architecture(base: str) -> Architecture:
    """
    Return what llama.cpp calls a base's architecture, and how it lays it out.

    :raises ConversionRefused: if it has none that we can write for
    """
    known = entry(base)
    path = FOLDER / (known.parent or base if known else base) / "config" / "config.json"
    try:
        return of_config(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConversionRefused(
            f"The configuration of {base} is not here, so its heads are not known."
        ) from error


def of_config(config: Mapping[str, Any]) -> Architecture:
    """
    Return the same by the base's own configuration.

    :raises ConversionRefused: as above
    """
    kind = str(config.get("model_type", ""))
    if kind not in ARCHITECTURES:
        raise ConversionRefused(
            f"GGUF is written for {', '.join(ARCHITECTURES)}; this base is a {kind or 'picture'} "
            "model."
        )
    name, interleaves = ARCHITECTURES[kind]
    queries = int(config.get("num_attention_heads", 0))
    keys = int(config.get("num_key_value_heads") or queries)
    heads = turning.Heads(queries, keys) if interleaves else None
    return Architecture(name, heads, bool(config.get("tie_word_embeddings", kind in _TIED)))


@cache
def _names(architecture: str) -> Mapping[str, str]:
    """Return by the name inside a block (or of a layer outside), what llama.cpp calls it."""
    names = gguf_names.ARCHITECTURES[architecture]
    inside = {its: ours for ours, its in names.inside.items()}
    return inside | {its: ours for ours, its in names.outside.items()}


def name_of(layer: str, target: Architecture) -> str:
    """
    Return llama.cpp's name of a layer.

    :raises ConversionRefused: if it has none
    """
    before, after = gguf_names.ARCHITECTURES[target.name].block.split("{}")
    number, _, inside = layer.removeprefix(before).partition(after)
    names = _names(target.name)
    if layer.startswith(before) and number.isdecimal() and inside in names:
        return f"blk.{number}.{names[inside]}.weight"
    if layer in names:
        if names[layer] == "output" and target.is_tied:
            raise ConversionRefused(
                f"{layer} shares its weight with the embedding in this base, and llama.cpp has no "
                "such tensor to change."
            )
        return f"{names[layer]}.weight"
    raise ConversionRefused(f"llama.cpp has no name for {layer} in the architecture {target.name}.")


def write(
    changes: Iterable[Change],
    target: Architecture,
    path: Path,
    *,
    dtype: torch.dtype,
    bake: Mapping[str, str],
) -> tuple[str, ...]:
    """
    Write the file, and return what is to be said of it.

    :raises ConversionRefused: if something of a layer has no place in the format
    """
    found = list(changes)
    alpha, found = _one_alpha(found)
    writer = gguf.GGUFWriter(path, target.name)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, alpha or 0.0)
    for key, value in bake.items():
        writer.add_string(key, value)
    for change in found:
        _add(writer, change, target, dtype)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    notes = () if target.heads is None else (
        "The rows of queries and keys were put into llama.cpp's order.",)  # fmt: skip
    if alpha is None:
        return (*notes, "The scales of its layers differ, so they are in the matrices.")
    return (*notes, f"Alpha is kept: {alpha:g}.")


def _one_alpha(changes: list[Change]) -> tuple[float | None, list[Change]]:
    """Return the alpha of all layers and the changes, or None and the changes at a scale of 1."""
    alphas = {round(change.alpha, 6) for change in changes}
    if len(alphas) == 1 and (alpha := alphas.pop()):
        return alpha, changes
    return None, [folded(change) for change in changes]


def _add(writer: gguf.GGUFWriter, change: Change, target: Architecture, dtype: torch.dtype) -> None:
    if change.magnitude is not None:
        raise ConversionRefused(
            f"{change.layer} has magnitudes (DoRA), which llama.cpp does not know."
        )
    name = name_of(change.layer, target)
    change = turning.into_gguf(change, target.heads)
    down = change.down.T if change.kind == "embedding" else change.down
    for tail, matrix in (("lora_a", down), ("lora_b", change.up)):
        numbers = cast(matrix, dtype, change.layer).float().contiguous().numpy()
        kind = KINDS[dtype]
        packed = gguf.quants.quantize(numbers, kind)
        writer.add_tensor(f"{name}.{tail}", packed, raw_dtype=kind)
