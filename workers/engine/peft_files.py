"""
Adapter files as PEFT takes them, for bases of transformers.

A file goes to PEFT as it lies on disk, by the configuration beside it, or by one made from its own
ranks. What PEFT does not take, GGUF or other names for its layers, is brought into its layout, and
the answer says so: whoever loads the file by PEFT must do the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch

from registry.bases.manifest import Manifest
from registry.formats.dialects import Dialect
from registry.formats.header import Tensor
from workers.engine.adapter_files import (
    AdapterSource,
    AdapterUnreadable,
    Loadable,
    manifest_of,
)
from workers.engine.bases import Base
from workers.engine.converting.contract import ConversionRefused
from workers.engine.converting.layouts import gguf, peft
from workers.engine.converting.names import Names
from workers.engine.converting.numbers import written_in
from workers.engine.converting.translating import SomeLayers
from workers.engine.converting.weights import NUMBERS, Weights, open_weights
from workers.engine.layer_names import layer_of
from workers.engine.models_alone import MODEL, PREFIX

ALONE = "PEFT alone does not take this file: it"
BY_GGUF = "is a GGUF file, which llama.cpp reads and PEFT does not"


def prepare(base: Base, source: AdapterSource) -> Loadable:
    """
    Return the adapter as PEFT reads it.

    :raises AdapterUnreadable: if the file cannot be read
    """
    try:
        weights = open_weights(source.path, source.config_path)
        tensors = {each.name: _tensor(weights, each) for each in weights.header.tensors.values()}
    except ConversionRefused as refusal:
        raise AdapterUnreadable(f"The adapter's file cannot be read: {refusal}") from refusal
    is_finite = all(bool(torch.isfinite(one.float()).all()) for one in tensors.values())
    as_it_is = Loadable(
        tensors,
        (),
        is_finite,
        counted=len(weights.adapter.pairs),
        options={"config": weights.adapter.config or _made_of(tensors)},
    )
    if weights.adapter.dialect is not Dialect.GGUF:
        return as_it_is
    try:
        return _translated(base, weights, as_it_is, BY_GGUF)
    except ConversionRefused as refusal:
        return replace(as_it_is, messages=(f"The file could not be translated: {refusal}",))


def translated(base: Base, source: AdapterSource, tried: Loadable, *, said: str) -> Loadable | None:
    """Return the adapter in PEFT's layout after it was `tried` as it is, None if it cannot be."""
    if tried.layers is not None:
        return None
    try:
        return _translated(base, open_weights(source.path, source.config_path), tried, said)
    except ConversionRefused:
        return None


def _translated(base: Base, weights: Weights, tried: Loadable, why: str) -> Loadable:
    manifest: Manifest = manifest_of(base)
    heads = None
    if weights.adapter.dialect is Dialect.GGUF:
        told = json.loads((base.source.config_folder / "config.json").read_text(encoding="utf-8"))
        heads = gguf.of_config(told).heads
    reading = SomeLayers(weights, Names(manifest), heads=heads, shapes_only=base.is_skeleton)
    changes = list(reading)
    if not changes:
        raise ConversionRefused("None of its layers is in the base.")
    config = peft.config(changes, manifest.components[MODEL], weights.adapter.config)
    return Loadable(
        state=peft.tensors(changes, written_in(weights.dtype)),
        messages=(
            f"{ALONE} {why}. For the trial it was brought into PEFT's layout.",
            *reading.notes,
        ),
        is_finite=tried.is_finite,
        unplaced=reading.unplaced,
        layers=len({change.layer for change in changes}),
        options={"config": config},
    )


def _tensor(weights: Weights, tensor: Tensor) -> torch.Tensor:
    """Return a tensor of the file; of a number type that nobody computes in, its shape alone."""
    if tensor.dtype in NUMBERS:
        return weights.tensor(tensor)
    return torch.zeros(tensor.shape, dtype=torch.float16)


def _made_of(tensors: Mapping[str, torch.Tensor]) -> dict[str, Any]:
    """Return the configuration that PEFT would have written: each layer, by its own rank."""
    ranks: dict[str, int] = {}
    for name, tensor in tensors.items():
        layer = (layer_of(name) or "").removeprefix(PREFIX)
        if not layer:
            continue
        if ".lora_A." in name or name.endswith(".lora_embedding_A"):
            ranks[layer] = tensor.shape[0]
        else:
            ranks.setdefault(layer, 0)
    known = {layer: (rank, float(rank)) for layer, rank in ranks.items() if rank}
    return {
        "peft_type": "LORA",
        "use_dora": any(".lora_magnitude_vector" in name for name in tensors),
        "target_modules": sorted(ranks),
        **(peft.numbers(known) if known else {}),
    }
