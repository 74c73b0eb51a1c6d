"""
The real loaders, and which layers really carry a file's numbers once they have loaded it.

Models stand on the meta device, and so does every matrix that a loader makes and does not fill. So
a layer counts as injected if both halves of its pair have left that device: a layer that the loader
would start with random numbers does not count. At last PEFT moves what it filled to where the model
is, and it is all meta again; so it is looked at just before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import peft
import torch
from peft.tuners.lora.layer import ParamWrapper
from peft.tuners.tuners_utils import BaseTunerLayer
from safetensors.torch import load_file, save_file

from registry.bases.manifest import Manifest
from tests.workers.engine.agreement.small import Small
from tests.workers.engine.agreement.writing import DENOISERS
from workers.engine import manifests
from workers.engine.experts import EXPERTS

NO_LOADER = "Diffusers has no loader for this model."
WEIGHTS = "adapter_model.safetensors"
RANK = 2

Part = tuple[str, torch.nn.Module]  # component, model


@dataclass(frozen=True)
class Loaded:
    """What a loader did with a file: component.layer of each that it filled, or why it refused."""

    layers: frozenset[str] = frozenset()
    refusal: str = ""


def load(small: Small, tensors: Mapping[str, torch.Tensor], folder: Path) -> Loaded:
    """Put a file on fresh models of a base by the loader that its runtime has for it."""
    if not small.is_pipeline:
        by = _by_peft
    elif small.has_loader:
        by = _by_pipeline
    else:
        by = _by_model
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / WEIGHTS
    save_file(dict(tensors), path, {"format": "pt"})
    try:
        with _watched() as filled:
            models = list(by(small, path))
    except (ValueError, RuntimeError, KeyError, AttributeError, TypeError, IndexError) as error:
        return Loaded(refusal=f"{type(error).__name__}: {error}")
    return Loaded(
        frozenset(
            f"{component}.{layer}"
            for component, model in models
            for name, module in model.named_modules()
            if id(module) in filled
            for layer in _layers(name, module, small.manifest)
        )
    )


def _layers(name: str, module: BaseTunerLayer, manifest: Manifest) -> Iterable[str]:
    """Return the layers that a filled one stands for: PEFT has one for all experts of a block."""
    if not isinstance(module, ParamWrapper):
        return [name]
    naming = EXPERTS[type(module.get_base_layer()).__name__]
    holder = name.partition(".mlp.experts")[0]
    root = f"{holder}.{naming.block}.experts."
    ends = {naming.down} if module.parameter_name == "down_proj" else {naming.gate, naming.up}
    return [
        layer
        for layer in manifest.components["model"]
        if layer.startswith(root) and layer.rpartition(".")[2] in ends
    ]


@contextmanager
def _watched() -> Iterator[set[int]]:
    """Yield the ids of the layers whose matrices hold numbers when a loader is done with them."""
    filled: set[int] = set()

    def watching(move: Callable[..., None]) -> Callable[..., None]:
        def watch(layer: BaseTunerLayer, *args: object, **more: object) -> None:
            (filled.add if all(_halves(layer)) else filled.discard)(id(layer))
            move(layer, *args, **more)

        return watch

    name = "_move_adapter_to_device_of_base_layer"
    with ExitStack() as patches:
        for kind in (BaseTunerLayer, ParamWrapper):
            if name in vars(kind):
                patches.enter_context(patch.object(kind, name, watching(vars(kind)[name])))
        yield filled


def _by_pipeline(small: Small, path: Path) -> Iterator[Part]:
    """Load by `load_lora_weights`, as everybody does."""
    pipeline = small.pipeline()
    pipeline.load_lora_weights(path.parent, weight_name=path.name, local_files_only=True)
    for component in small.parts():
        holder, inside = manifests.INSIDE.get(component, (component, ""))
        yield f"{holder}.{component}" if inside else holder, getattr(pipeline, component)


def _by_model(small: Small, path: Path) -> Iterator[Part]:
    """Load by `load_lora_adapter`: the pipeline has no loader, but its model may have one."""
    state = load_file(path)
    for component, model in small.parts().items():
        if component in DENOISERS:
            if not hasattr(model, "load_lora_adapter"):
                raise ValueError(NO_LOADER)
            model.load_lora_adapter(dict(state), prefix=component)
            yield component, model


def _by_peft(small: Small, path: Path) -> Iterator[Part]:
    """Load a folder by PEFT, with the configuration that it would have written beside the file."""
    state = load_file(path)
    names = {name.partition(".lora_")[0] for name in state}
    config = {
        "peft_type": "LORA",
        "r": RANK,
        "lora_alpha": RANK,
        "use_dora": any("lora_magnitude_vector" in name for name in state),
        "target_modules": sorted(set(map(_targeted, names))),
    }
    if all(name.startswith("base_model.model.") for name in names):
        (path.parent / "adapter_config.json").write_text(json.dumps(config), encoding="utf-8")
        model = peft.PeftModel.from_pretrained(small.model(), path.parent, low_cpu_mem_usage=True)
        yield "model", model.base_model.model
        return
    # Names without a prefix are for those who put an adapter into a model, as transformers does.
    model = small.model()
    peft.inject_adapter_in_model(peft.LoraConfig(**config), model, low_cpu_mem_usage=True)
    peft.set_peft_model_state_dict(model, state, low_cpu_mem_usage=True)
    yield "model", model


def _targeted(layer: str) -> str:
    """Return what a configuration calls a layer: its last word, if that is one."""
    last = layer.rpartition(".")[2]
    return layer.removeprefix("base_model.model.") if last.isdigit() else last


def _halves(module: Any) -> Iterable[bool]:
    """Yield of each half of a layer's pair whether it holds numbers."""
    for of_linear, of_embedding in (
        ("lora_A", "lora_embedding_A"),
        ("lora_B", "lora_embedding_B"),
    ):
        halves = [*getattr(module, of_linear).parameters()]
        halves += [*getattr(module, of_embedding).parameters()]
        yield bool(halves) and not any(half.is_meta for half in halves)
