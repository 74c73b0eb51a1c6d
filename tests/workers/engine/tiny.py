"""
A tiny StableDiffusionPipeline with random weights, built in code, and adapters for it.

It draws noise, but it is made of the stock classes, so loaders, hooks and schedulers behave as they
do on a base that people use. The same seed gives the same weights.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from diffusers import (
    AutoencoderTiny,
    DDIMScheduler,
    StableDiffusionPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from safetensors.torch import save_file
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

WIDTH = 32


def build_base(folder: Path, *, seed: int = 0) -> Path:
    """Save a small pipeline of the Stable Diffusion 1 kind under `folder`."""
    torch.manual_seed(seed)
    StableDiffusionPipeline(
        **_parts(folder),
        text_encoder=CLIPTextModel(_text_config()),
        unet=_unet(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def build_sd15_base(folder: Path, *, seed: int = 0) -> Path:
    """Save one whose UNet has every layer of Stable Diffusion 1.5, by name, and few channels."""
    torch.manual_seed(seed)
    StableDiffusionPipeline(
        **_parts(folder),
        text_encoder=CLIPTextModel(_text_config()),
        unet=_unet(
            block_out_channels=(32, 32, 64, 64),
            layers_per_block=2,
            down_block_types=(*["CrossAttnDownBlock2D"] * 3, "DownBlock2D"),
            up_block_types=("UpBlock2D", *["CrossAttnUpBlock2D"] * 3),
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def build_xl_base(folder: Path, *, seed: int = 0) -> Path:
    """Save one of the SDXL kind: two text encoders, and a pooled prompt beside the words."""
    torch.manual_seed(seed)
    parts = _parts(folder)
    StableDiffusionXLPipeline(
        **parts,
        tokenizer_2=parts["tokenizer"],
        text_encoder=CLIPTextModel(_text_config()),
        text_encoder_2=CLIPTextModelWithProjection(_text_config()),
        unet=_unet(
            cross_attention_dim=2 * WIDTH,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            projection_class_embeddings_input_dim=WIDTH + 6 * 8,
        ),
        add_watermarker=False,
    ).save_pretrained(folder, safe_serialization=True)
    return folder


def _parts(folder: Path) -> dict:
    return {
        "vae": AutoencoderTiny(
            encoder_block_out_channels=(8, 8),
            decoder_block_out_channels=(8, 8),
            num_encoder_blocks=(1, 1),
            num_decoder_blocks=(1, 1),
            latent_channels=4,
        ),
        "tokenizer": _tokenizer(folder / "tokenizer-source"),
        "scheduler": DDIMScheduler(
            clip_sample=False, steps_offset=1, prediction_type="v_prediction"
        ),
    }


def _text_config() -> CLIPTextConfig:
    return CLIPTextConfig(
        hidden_size=WIDTH,
        intermediate_size=2 * WIDTH,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=24,
        projection_dim=WIDTH,
        bos_token_id=512,
        eos_token_id=513,
        pad_token_id=513,
        vocab_size=514,
    )


def _unet(**other: object) -> UNet2DConditionModel:
    return UNet2DConditionModel(
        **{
            "sample_size": 8,
            "in_channels": 4,
            "out_channels": 4,
            "block_out_channels": (32, 64),
            "layers_per_block": 1,
            "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D"),
            "up_block_types": ("CrossAttnUpBlock2D", "UpBlock2D"),
            "cross_attention_dim": WIDTH,
            "attention_head_dim": 8,
            "norm_num_groups": 8,
        }
        | other
    )


def _tokenizer(folder: Path) -> CLIPTokenizer:
    folder.mkdir(parents=True)
    letters = [chr(code) for code in range(33, 289)]
    names = [*letters, *(f"{letter}</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    vocabulary = {name: number for number, name in enumerate(names)}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
    return CLIPTokenizer.from_pretrained(folder, model_max_length=24)


# --- adapters ------------------------------------------------------------------------------------

ATTENTION = ("to_q", "to_k", "to_v", "to_out.0")
ENCODER = ("q_proj", "k_proj", "v_proj", "out_proj")


def layers_of(module: torch.nn.Module, endings: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    return {
        name: tuple(part.weight.shape)
        for name, part in module.named_modules()
        if name.endswith(endings) and hasattr(part, "weight")
    }


def pairs(
    shapes: dict[str, tuple[int, ...]], *, rank: int = 4, seed: int = 1, size: float = 0.3
) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    """Return a down and an up matrix for each layer: strong enough that a picture changes."""
    draw = torch.Generator().manual_seed(seed)
    made = {}
    for name, shape in shapes.items():
        down = torch.randn(rank, *shape[1:], generator=draw) * size
        up = torch.randn(shape[0], rank, *[1] * (len(shape) - 2), generator=draw) * size
        made[name] = (down, up)
    return made


def kohya(unet: dict, encoder: dict | None = None, *, alpha: float | None = 4.0) -> dict:
    tensors = {}
    for prefix, halves in (("lora_unet_", unet), ("lora_te_text_model_", encoder or {})):
        for name, (down, up) in halves.items():
            layer = prefix + name.replace(".", "_")
            tensors[f"{layer}.lora_down.weight"] = down
            tensors[f"{layer}.lora_up.weight"] = up
            if alpha is not None:
                tensors[f"{layer}.alpha"] = torch.tensor(alpha)
    return tensors


def diffusers_new(unet: dict, encoder: dict | None = None) -> dict:
    return _lettered("unet.", unet) | _lettered("text_encoder.text_model.", encoder or {})


def diffusers_mid(unet: dict) -> dict:
    return _worded("unet.", unet, ".lora")


def diffusers_old(unet: dict, *, prefix: str = "unet.") -> dict:
    """Attention processors; with `prefix=""` the way the first trainer wrote them."""
    tensors = {}
    for name, (down, up) in unet.items():
        block, _, projection = name.removesuffix(".0").rpartition(".")
        layer = f"{prefix}{block}.processor.{projection}_lora"
        tensors |= {f"{layer}.down.weight": down, f"{layer}.up.weight": up}
    return tensors


def peft_files(unet: dict) -> dict:
    return _lettered("base_model.model.", unet)


def diffusers_wrapped(unet: dict) -> dict:
    """PEFT's prefix inside the pipeline's."""
    return _lettered("unet.base_model.model.", unet)


def _lettered(prefix: str, halves: dict) -> dict:
    return {
        f"{prefix}{name}.lora_{letter}.weight": half
        for name, both in halves.items()
        for letter, half in zip("AB", both, strict=True)
    }


def _worded(prefix: str, halves: dict, infix: str) -> dict:
    return {
        f"{prefix}{name}{infix}.{word}.weight": half
        for name, both in halves.items()
        for word, half in zip(("down", "up"), both, strict=True)
    }


def write(path: Path, tensors: dict, **metadata: str) -> Path:
    save_file(
        {name: tensor.contiguous().clone() for name, tensor in tensors.items()}, path, metadata
    )
    return path
