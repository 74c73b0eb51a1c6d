"""
Make the manifest of a base from its configuration: every layer with its shape, and no weight.

`python -m workers.engine.manifests` writes bases/<slug>/manifest.json.gz for every base that has a
folder of configurations, `… shapes gpt-2` for these alone. Models are built on the meta device,
where a layer of any size takes no room, so this runs on any machine with torch.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers
from transformers.pytorch_utils import Conv1D

from registry.bases.catalogue import FOLDER
from registry.bases.manifest import Layer, Manifest, write
from workers.engine.experts import experts_in
from workers.engine.other_names import OtherNames, other_names

# Parts of a pipeline whose layers adapters change.
ADAPTED = ("unet", "transformer", "prior", "text_encoder", "text_encoder_2", "text_encoder_3")
# A part that diffusers keep beside the denoiser, and everybody else inside it under this name.
INSIDE = {"text_conditioner": ("transformer", "llm_adapter")}


def make(slug: str, config: Path) -> Manifest:
    """Return the manifest of the base whose configurations lie in `config`."""
    components: dict[str, dict[str, Layer]] = {}
    others: dict[str, OtherNames] = {}
    for component, class_name, model in _models(config):
        layers = dict(layers_of(model))
        if component in INSIDE:
            holder, root = INSIDE[component]
            for name, layer in layers.items():
                components[holder][f"{component}.{name}"] = layer
                others[holder][f"{root}.{name}".replace(".", "_")] = (f"{component}.{name}",)
            continue
        components[component] = layers
        names = other_names(class_name, layers, getattr(model, "config", {}))
        if names:
            others[component] = names
    return Manifest(slug, components, others)


def layers_of(model: torch.nn.Module) -> Iterator[tuple[str, Layer]]:
    """Yield the layers of a model that an adapter may change, in the model's own order."""
    for name, module in model.named_modules():
        yield from experts_in(name, module)
        weight = getattr(module, "weight", None)
        kind = _kind(module)
        if kind and isinstance(weight, torch.Tensor):
            shape = tuple(weight.shape)
            yield name, Layer(kind, shape[::-1] if isinstance(module, Conv1D) else shape)


def _kind(module: torch.nn.Module) -> str | None:
    if isinstance(module, torch.nn.Linear | Conv1D):
        return "linear"
    if isinstance(module, torch.nn.Conv1d | torch.nn.Conv2d | torch.nn.Conv3d):
        return "conv"
    if isinstance(module, torch.nn.Embedding):
        return "embedding"
    if "norm" in type(module).__name__.lower():
        return "norm"
    return None


def _models(config: Path) -> Iterator[tuple[str, str, torch.nn.Module]]:
    """Yield the component, class name and weightless model of each configuration."""
    index = config / "model_index.json"
    if not index.exists():
        fields = json.loads((config / "config.json").read_text(encoding="utf-8"))
        yield "model", *_empty(config, "transformers", fields["architectures"][0])
        return
    parts: dict[str, Any] = json.loads(index.read_text(encoding="utf-8"))
    for component in (*ADAPTED, *INSIDE):
        if component in parts:
            library, class_name = parts[component]
            yield component, *_empty(config / component, library, class_name)


def _empty(folder: Path, library: str, class_name: str) -> tuple[str, torch.nn.Module]:
    kind = getattr({"diffusers": diffusers, "transformers": transformers}[library], class_name)
    with torch.device("meta"):
        if library == "diffusers":
            return class_name, kind.from_config(kind.load_config(folder, local_files_only=True))
        return class_name, kind(kind.config_class.from_pretrained(folder, local_files_only=True))


def main(slugs: list[str]) -> None:
    for config in sorted(FOLDER.glob("*/config")):
        slug = config.parent.name
        if slugs and slug not in slugs:
            continue
        path = config.parent / "manifest.json.gz"
        write(make(slug, config), path)
        sys.stdout.write(f"{path.relative_to(FOLDER.parent)}: {path.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
