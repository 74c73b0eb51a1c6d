"""
Adapters for real bases, made of a few of their layers at a low rank, and what they do to a vector.

Names and shapes are the manifests', values are random. Whether two adapters make the same change is
asked by what they do to random vectors, which is not how the code under test asks it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from registry.bases import catalogue

RANK, ALPHA = 4, 2.0
Pairs = dict[str, tuple[torch.Tensor, torch.Tensor]]  # component.layer → down, up at a scale of 1

_BLOCK = "down_blocks.1.attentions.0.transformer_blocks.0"
_UNET = (
    "conv_in",
    "conv_out",
    "down_blocks.1.attentions.0.proj_in",
    f"{_BLOCK}.attn1.to_q",
    f"{_BLOCK}.attn2.to_k",
    f"{_BLOCK}.attn2.to_out.0",
    f"{_BLOCK}.ff.net.0.proj",
    "down_blocks.1.resnets.0.conv1",
    "down_blocks.1.resnets.0.time_emb_proj",
    "down_blocks.0.downsamplers.0.conv",
    "mid_block.attentions.0.transformer_blocks.0.attn1.to_v",
    "up_blocks.1.resnets.2.conv_shortcut",
    "up_blocks.1.upsamplers.0.conv",
)
_CLIP = ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj",
         "mlp.fc1", "mlp.fc2")  # fmt: skip
_FLUX = (
    "transformer_blocks.0.attn.to_q",
    "transformer_blocks.0.attn.to_k",
    "transformer_blocks.0.attn.to_v",
    "transformer_blocks.0.attn.to_out.0",
    "transformer_blocks.0.attn.add_k_proj",
    "transformer_blocks.0.ff.net.0.proj",
    "transformer_blocks.18.norm1.linear",
    "single_transformer_blocks.0.attn.to_v",
    "single_transformer_blocks.0.proj_mlp",
    "single_transformer_blocks.37.proj_out",
    "proj_out",
    "norm_out.linear",
    "x_embedder",
)
_SD3 = (
    "transformer_blocks.0.attn.to_q",
    "transformer_blocks.0.attn.to_k",
    "transformer_blocks.0.attn.to_v",
    "transformer_blocks.0.attn.add_q_proj",
    "transformer_blocks.0.attn.to_add_out",
    "transformer_blocks.3.ff_context.net.2",
    "transformer_blocks.3.norm1.linear",
    "transformer_blocks.23.norm1_context.linear",
    "norm_out.linear",
    "proj_out",
)
LAYERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "sd-1-5": {"unet": _UNET, "text_encoder": _CLIP},
    "sdxl-1-0": {"unet": _UNET, "text_encoder": _CLIP, "text_encoder_2": _CLIP},
    "flux-1-dev": {"transformer": _FLUX, "text_encoder": _CLIP},
    "sd3-medium": {"transformer": _SD3, "text_encoder": _CLIP, "text_encoder_2": _CLIP},
}


def layers_of(base: str) -> dict[str, tuple[int, ...]]:
    """Return the shapes of the layers that adapters here change, by component and name."""
    components = catalogue.manifest(base).components
    found = {}
    for component, names in LAYERS[base].items():
        ends = [f"encoder.layers.1.{name}" for name in names] if "text" in component else names
        for name, layer in components[component].items():
            if name.endswith(tuple(ends)) if "text" in component else name in names:
                found[f"{component}.{name}"] = layer.shape
    return found


def pairs_of(base: str, *, rank: int = RANK, seed: int = 0) -> Pairs:
    """Return a pair for each of those layers, of sizes as training leaves them."""
    draw = torch.Generator().manual_seed(seed)
    return {
        name: (
            torch.randn(rank, *shape[1:], generator=draw) * 0.02,
            torch.randn(shape[0], rank, *[1] * (len(shape) - 2), generator=draw) * 0.005,
        )
        for name, shape in layers_of(base).items()
    }


def diffusers_file(
    path: Path, pairs: Pairs, *, alpha: float | None = ALPHA, dtype: torch.dtype = torch.float16
) -> Path:
    """Write pairs as diffusers does, with alpha in the header's configuration."""
    tensors, fields = {}, {}
    for name, (down, up) in pairs.items():
        component, _, layer = name.partition(".")
        wrapped = component.startswith("text_encoder") and layer.startswith("encoder.")
        root = f"{component}.text_model.{layer}" if wrapped else name
        tensors[f"{root}.lora_A.weight"] = down.to(dtype)
        tensors[f"{root}.lora_B.weight"] = up.to(dtype)
        if alpha is not None:
            fields |= {f"{component}.r": down.shape[0], f"{component}.lora_alpha": alpha}
    return save(path, tensors, {"lora_adapter_metadata": json.dumps(fields)} if fields else {})


def save(path: Path, tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str] = {}) -> Path:
    whole = {name: tensor.contiguous().clone() for name, tensor in tensors.items()}
    save_file(whole, path, dict(metadata) or None)
    return path


def scaled(pairs: Pairs, scale: float, dtype: torch.dtype = torch.float16) -> Pairs:
    """Return what a file of pairs at a scale comes to, its own rounding counted in."""
    return {
        name: (down.to(dtype).float(), up.to(dtype).float() * scale)
        for name, (down, up) in pairs.items()
    }


def read_lettered(path: Path, *, prefix: str = "") -> Pairs:
    """Return the pairs of a file with A and B, of a scale of 1."""
    return lettered(load_file(path), prefix=prefix)


def lettered(tensors: Mapping[str, torch.Tensor], *, prefix: str = "") -> Pairs:
    return {
        name.removesuffix(".lora_A.weight").removeprefix(prefix).replace(".text_model.", "."): (
            tensor.float(),
            tensors[name.replace(".lora_A.", ".lora_B.")].float(),
        )
        for name, tensor in tensors.items()
        if name.endswith(".lora_A.weight")
    }


def plain(pairs: Pairs) -> Pairs:
    return {name.replace(".text_model.", "."): pair for name, pair in pairs.items()}


def assert_same(found: Pairs, wanted: Pairs, *, most: float = 1e-3) -> None:
    """Assert that each layer does the same to random vectors, but for `most` of it."""
    found, wanted = plain(found), plain(wanted)
    assert found.keys() == wanted.keys()
    errors = {name: error(found[name], wanted[name]) for name in wanted}
    assert max(errors.values()) <= most, max(errors.items(), key=lambda item: item[1])


def error(found: tuple[torch.Tensor, torch.Tensor], wanted: tuple[torch.Tensor, torch.Tensor]):
    draw = torch.Generator().manual_seed(7)
    vectors = torch.randn(wanted[0][0].numel(), 8, generator=draw).double()
    one, other = (_through(pair, vectors) for pair in (found, wanted))
    return float((one - other).norm() / other.norm())


def _through(pair: tuple[torch.Tensor, torch.Tensor], vectors: torch.Tensor) -> torch.Tensor:
    down, up = (matrix.double().flatten(1) for matrix in pair)
    return up @ (down @ vectors)
