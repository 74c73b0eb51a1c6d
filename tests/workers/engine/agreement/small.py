"""
Real models made small: the published configuration of a base, with two of its many blocks.

Widths stay as published, so shapes are the real ones; weights are none (the meta device). The
manifest is made of the same small configuration by the script that makes those in bases/.
"""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from registry.bases import catalogue
from registry.bases.catalogue import Entry
from registry.bases.manifest import Manifest
from workers.engine import manifests

BLOCKS = 2
EXPERTS = 2
# Fields that count blocks; those of U-Nets are lists, which name the blocks, and stay.
COUNTS = {
    "num_layers", "num_single_layers", "num_mmdit_layers", "num_single_dit_layers",
    "num_hidden_layers", "num_decoder_layers", "num_refiner_layers", "approximator_layers",
    "num_attention_layers", "n_layer", "n_layers", "encoder_layers", "decoder_layers", "depth",
    "num_layerwise_text_blocks", "num_refiner_text_blocks",
    "prior_encoder_num_flows", "posterior_encoder_num_wavenet_layers",
}  # fmt: skip
COUNTED = ("num_local_experts", "num_experts", "num_routed_experts")
ONE_FOR_EACH = {"layer_types", "llama_layers", "mlp_layer_types"}
# What cannot be imported without a tokenizer's library, and what it takes its loader from.
LIKE = {"KolorsPipeline": "StableDiffusionXLPipeline"}
OPTIONS = {
    "StableDiffusionPipeline": {"requires_safety_checker": False},
    "StableDiffusionXLPipeline": {"add_watermarker": False},
    "StableDiffusionInpaintPipeline": {"requires_safety_checker": False},
    "StableDiffusionXLInpaintPipeline": {"add_watermarker": False},
}


def bases() -> dict[str, Entry]:
    """Return a base of every family, and of every class in it but those with the same layers."""
    found: dict[tuple[str, str], Entry] = {}
    for entry in catalogue.entries():
        has_config = (catalogue.FOLDER / entry.slug / "config").is_dir()
        if has_config and not (
            entry.parent or "inpainting" in entry.slug or entry.family == "shapes"
        ):
            found.setdefault((entry.family, entry.pipeline), entry)
    return {entry.slug: entry for entry in found.values()}


def shrink(config: Path, into: Path) -> Path:
    """Write the configurations of a base as those of one with few blocks."""
    for path in config.rglob("*.json"):
        small = into / path.relative_to(config)
        small.parent.mkdir(parents=True, exist_ok=True)
        fields = json.loads(path.read_text(encoding="utf-8"))
        if path.name != "model_index.json":
            fields = _small(fields)
        small.write_text(json.dumps(fields), encoding="utf-8")
    return into


def _small(fields: dict[str, Any]) -> dict[str, Any]:
    cut = dict(fields)
    for name, value in fields.items():
        if isinstance(value, dict):
            cut[name] = _small(value)
        elif name in COUNTS and isinstance(value, int):
            cut[name] = min(value, BLOCKS)
        elif name in COUNTED and isinstance(value, int):
            cut[name] = min(value, EXPERTS)
        elif name == "layers_per_block" and isinstance(value, int):
            cut[name] = 1
        elif name == "transformer_layers_per_block" and isinstance(value, list):
            cut[name] = [1] * len(value)  # More of them would be numbered on, and named alike.
        elif name in ONE_FOR_EACH and isinstance(value, list):
            cut[name] = value[: 2 * BLOCKS if name == "llama_layers" else BLOCKS]
    return cut


@dataclass(frozen=True)
class Small:
    """A base made small, as a library builds it."""

    entry: Entry
    config: Path

    @cached_property
    def manifest(self) -> Manifest:
        return manifests.make(self.entry.slug, self.config)

    @property
    def is_pipeline(self) -> bool:
        return (self.config / "model_index.json").exists()

    def parts(self) -> dict[str, torch.nn.Module]:
        """Return fresh models of the base by component."""
        return {name: model for name, _, model in manifests._models(self.config)}

    def pipeline(self) -> Any:
        """Return the base's pipeline with these models and nothing else in it."""
        name = LIKE.get(self.entry.pipeline, self.entry.pipeline)
        kind = getattr(diffusers, name)
        options = OPTIONS.get(name, {})
        wanted = inspect.signature(kind.__init__).parameters
        parts = self.parts() | dict(options)
        pipeline = kind(
            **{
                name: parts.get(name)
                for name, told in wanted.items()
                if name in parts or (name != "self" and told.default is told.empty)
            }
        )
        if issubclass(kind, diffusers.ModularPipeline):  # These take their parts afterwards.
            for name, model in parts.items():
                setattr(pipeline, name, model)
        return pipeline

    @property
    def has_loader(self) -> bool:
        """Whether diffusers has a loader for the pipeline, not just for its models."""
        kind = getattr(diffusers, LIKE.get(self.entry.pipeline, self.entry.pipeline))
        return hasattr(kind, "load_lora_weights")

    def model(self) -> torch.nn.Module:
        fields = json.loads((self.config / "config.json").read_text(encoding="utf-8"))
        kind = getattr(transformers, fields["architectures"][0])
        with torch.device("meta"):
            return kind(kind.config_class.from_pretrained(self.config, local_files_only=True))
