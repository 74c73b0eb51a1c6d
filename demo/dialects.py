"""Decides how an adapter's weights are named in a file: the kohya, PEFT or diffusers way.

The same pairs can be written in each dialect; the demonstration has all three, because a team's
library meets all three. Everything is written in half precision.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import StableDiffusionPipeline
from peft import LoraConfig
from peft.tuners.lora import LoraLayer
from safetensors.torch import load_file, save, save_file
from torch import Tensor, nn

# The layers that adapters change, by the ends of their paths.
UNET_LAYERS = (
    "to_q",
    "to_k",
    "to_v",
    "to_out.0",
    "ff.net.0.proj",
    "ff.net.2",
    "conv1",
    "conv2",
)
TEXT_LAYERS = ("q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2")
KOHYA_PREFIXES = {"unet": "lora_unet", "text_encoder": "lora_te"}


@dataclass(frozen=True)
class Pair:
    """The down and up matrix of one layer, to which alpha / rank * up @ down is added."""

    down: Tensor
    up: Tensor
    alpha: float

    @property
    def rank(self) -> int:
        return self.down.shape[0]


# By component ("unet", "text_encoder"), then by the layer's path inside it.
Pairs = dict[str, dict[str, Pair]]


def read_pairs(network: nn.Module) -> dict[str, Pair]:
    """Return a copy of the pairs that peft put into a network."""
    return {
        path: Pair(
            down=layer.lora_A["default"].weight.detach().half().contiguous(),
            up=layer.lora_B["default"].weight.detach().half().contiguous(),
            alpha=float(layer.lora_alpha["default"]),
        )
        for path, layer in network.named_modules()
        if isinstance(layer, LoraLayer)
    }


def write_kohya(pairs: Pairs, file: Path, metadata: dict[str, str]) -> None:
    """Write one file with the trainer's metadata and the hashes that it adds."""
    tensors: dict[str, Tensor] = {}
    for component, layers in pairs.items():
        for path, pair in layers.items():
            name = f"{KOHYA_PREFIXES[component]}_{_outward(component, path).replace('.', '_')}"
            tensors[f"{name}.lora_down.weight"] = pair.down
            tensors[f"{name}.lora_up.weight"] = pair.up
            tensors[f"{name}.alpha"] = torch.tensor(pair.alpha).half()
    save_file(tensors, file, metadata=metadata | _hashes(tensors, metadata))


def write_peft(pairs: Pairs, folder: Path, *, base_name: str) -> None:
    """Write a PEFT folder for the denoiser alone."""
    layers = pairs["unet"]
    tensors = {}
    for path, pair in layers.items():
        tensors[f"base_model.model.{path}.lora_A.weight"] = pair.down
        tensors[f"base_model.model.{path}.lora_B.weight"] = pair.up
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    config = _config(layers).to_dict() | {
        "base_model_name_or_path": base_name,
        "inference_mode": True,
        "auto_mapping": {
            "base_model_class": "UNet2DConditionModel",
            "parent_library": "diffusers.models.unets.unet_2d_condition",
        },
    }
    (folder / "adapter_config.json").write_text(_pretty(config), "utf-8")


def write_diffusers(pairs: Pairs, folder: Path) -> None:
    """Write pytorch_lora_weights.safetensors; alpha and rank go into its header, as JSON."""
    tensors, facts = {}, {}
    for component, layers in pairs.items():
        for path, pair in layers.items():
            name = f"{component}.{_outward(component, path)}"
            tensors[f"{name}.lora_A.weight"] = pair.down
            tensors[f"{name}.lora_B.weight"] = pair.up
        facts |= {f"{component}.{key}": value for key, value in _config(layers).to_dict().items()}
    metadata = {"format": "pt", "lora_adapter_metadata": _pretty(facts)}
    save_file(tensors, folder / "pytorch_lora_weights.safetensors", metadata=metadata)


def attach(pipeline: StableDiffusionPipeline, file: Path) -> None:
    """Load a file of any of the three dialects into a pipeline, as the adapter "adapter"."""
    state: Any = file
    if file.name == "adapter_model.safetensors":
        # diffusers knows PEFT's names only with the component in front, and without the config it
        # takes alpha for the rank, so alpha goes into the up matrix.
        config = json.loads((file.parent / "adapter_config.json").read_text("utf-8"))
        share = {"lora_A": 1.0, "lora_B": config["lora_alpha"] / config["r"]}
        state = {
            name.replace("base_model.model.", "unet."): value * share[name.split(".")[-2]]
            for name, value in load_file(file).items()
        }
    pipeline.load_lora_weights(state, adapter_name="adapter")


def _outward(component: str, path: str) -> str:
    """Return a layer's path as files name it: since version 5, transformers omits `text_model`."""
    if component == "text_encoder" and not path.startswith("text_model."):
        return f"text_model.{path}"
    return path


def _config(layers: dict[str, Pair]) -> LoraConfig:
    first = next(iter(layers.values()))
    ends = [
        end for end in UNET_LAYERS + TEXT_LAYERS if any(path.endswith(f".{end}") for path in layers)
    ]
    return LoraConfig(r=first.rank, lora_alpha=int(first.alpha), target_modules=ends)


def _pretty(facts: dict[str, Any]) -> str:
    """Return JSON in a fixed order: peft keeps sets, and enums that are strings."""
    ready = {
        key: sorted(value) if isinstance(value, set) else value for key, value in facts.items()
    }
    return json.dumps(ready, indent=2, sort_keys=True)


def _hashes(tensors: dict[str, Tensor], metadata: dict[str, str]) -> dict[str, str]:
    """Return the digest of the tensors, and the older one over a window of the file."""
    training = {key: value for key, value in metadata.items() if key.startswith("ss_")}
    data = save(tensors, metadata=training)
    start = 8 + int.from_bytes(data[:8], "little")
    digest = hashlib.sha256(data[start:]).hexdigest()
    return {
        "sshs_model_hash": digest,
        "sshs_legacy_hash": hashlib.sha256(data[0x100000:0x110000]).hexdigest()[:8],
        "modelspec.hash_sha256": f"0x{digest}",
    }
