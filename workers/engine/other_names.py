"""
Names that adapters use for layers and that diffusers' own names do not give away.

Stable Diffusion's first code numbered its blocks in one row (`input_blocks.4.1`), and Black Forest
Labs keep queries, keys and values in one matrix. Adapters trained on those codes carry these names;
here they are worked out from the configuration, flat (underscores for dots) as manifests hold them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

OtherNames = dict[str, tuple[str, ...]]  # other name, flat → the layers it covers

_IN_RESNET = {
    "conv1": "in_layers_2",
    "time_emb_proj": "emb_layers_1",
    "conv2": "out_layers_3",
    "conv_shortcut": "skip_connection",
    "norm1": "in_layers_0",
    "norm2": "out_layers_0",
}
_UNET_ENDS = {
    "conv_in": "input_blocks_0_0",
    "conv_norm_out": "out_0",
    "conv_out": "out_2",
    "time_embedding.linear_1": "time_embed_0",
    "time_embedding.linear_2": "time_embed_2",
    "add_embedding.linear_1": "label_emb_0_0",
    "add_embedding.linear_2": "label_emb_0_2",
}
_IN_BLOCK = re.compile(r"(down|up)_blocks\.(\d+)\.(resnets|attentions)\.(\d+)\.(.+)")
_BETWEEN = re.compile(r"(down|up)_blocks\.(\d+)\.(down|up)samplers\.0\.conv")
_MIDDLE = re.compile(r"mid_block\.(resnets|attentions)\.(\d+)\.(.+)")

_FLUX_ENDS = {
    "img_in": "x_embedder",
    "txt_in": "context_embedder",
    "time_in_in_layer": "time_text_embed.timestep_embedder.linear_1",
    "time_in_out_layer": "time_text_embed.timestep_embedder.linear_2",
    "vector_in_in_layer": "time_text_embed.text_embedder.linear_1",
    "vector_in_out_layer": "time_text_embed.text_embedder.linear_2",
    "guidance_in_in_layer": "time_text_embed.guidance_embedder.linear_1",
    "guidance_in_out_layer": "time_text_embed.guidance_embedder.linear_2",
    "final_layer_linear": "proj_out",
    "final_layer_adaLN_modulation_1": "norm_out.linear",
}
_FLUX_DOUBLE = {
    "img_attn_qkv": ("attn.to_q", "attn.to_k", "attn.to_v"),
    "txt_attn_qkv": ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"),
    "img_attn_proj": ("attn.to_out.0",),
    "txt_attn_proj": ("attn.to_add_out",),
    "img_mlp_0": ("ff.net.0.proj",),
    "img_mlp_2": ("ff.net.2",),
    "txt_mlp_0": ("ff_context.net.0.proj",),
    "txt_mlp_2": ("ff_context.net.2",),
    "img_mod_lin": ("norm1.linear",),
    "txt_mod_lin": ("norm1_context.linear",),
}
_FLUX_SINGLE = {
    "linear1": ("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"),
    "linear2": ("proj_out",),
    "modulation_lin": ("norm.linear",),
    "qkv": ("attn.to_q", "attn.to_k", "attn.to_v"),  # XLabs trains these rows alone.
}


def other_names(class_name: str, layers: Iterable[str], config: Mapping[str, Any]) -> OtherNames:
    """Return the other names of a component's layers, none where no other code names them."""
    rule = _RULES.get(class_name)
    return rule(tuple(layers), config) if rule else {}


def _of_unet(layers: tuple[str, ...], config: Mapping[str, Any]) -> OtherNames:
    named = ((_unet_name(layer, config), layer) for layer in layers)
    return {other: (layer,) for other, layer in named if other}


def _unet_name(layer: str, config: Mapping[str, Any]) -> str | None:
    for its_own, other in _UNET_ENDS.items():
        if layer == its_own:
            return other
    per_block = int(config["layers_per_block"])
    if match := _IN_BLOCK.fullmatch(layer):
        way, block, kind, number, rest = match.groups()
        place = _place(way, int(block), int(number), per_block)
        return f"{place}_{_slot(kind)}_{_inside(kind, rest)}"
    if match := _MIDDLE.fullmatch(layer):
        kind, number, rest = match.groups()
        slot = int(number) * 2 if kind == "resnets" else 1
        return f"middle_block_{slot}_{_inside(kind, rest)}"
    if match := _BETWEEN.fullmatch(layer):
        return _between(match[1], int(match[2]), per_block, config)
    return None


def _place(way: str, block: int, number: int, per_block: int) -> str:
    # Down: the input convolution is number 0, and each block ends with its downsampler. Up: one
    # layer more a block, and upsamplers share the number of the layer before them.
    if way == "down":
        return f"input_blocks_{1 + block * (per_block + 1) + number}"
    return f"output_blocks_{block * (per_block + 1) + number}"


def _between(way: str, block: int, per_block: int, config: Mapping[str, Any]) -> str:
    if way == "down":
        return f"input_blocks_{(block + 1) * (per_block + 1)}_0_op"
    attends = "Attn" in config["up_block_types"][block]
    return f"output_blocks_{block * (per_block + 1) + per_block}_{2 if attends else 1}_conv"


def _slot(kind: str) -> int:
    return 0 if kind == "resnets" else 1


def _inside(kind: str, rest: str) -> str:
    return _IN_RESNET.get(rest, rest) if kind == "resnets" else rest.replace(".", "_")


def _of_flux(layers: tuple[str, ...], config: Mapping[str, Any]) -> OtherNames:
    names: OtherNames = {other: (layer,) for other, layer in _FLUX_ENDS.items() if layer in layers}
    for kind, count, table in (
        ("double_blocks", config["num_layers"], _FLUX_DOUBLE),
        ("single_blocks", config["num_single_layers"], _FLUX_SINGLE),
    ):
        root = "transformer_blocks" if kind == "double_blocks" else "single_transformer_blocks"
        for number in range(count):
            for other, parts in table.items():
                covered = tuple(f"{root}.{number}.{part}" for part in parts)
                names[f"{kind}_{number}_{other}"] = covered
    return names


_RULES: Mapping[str, Callable[[tuple[str, ...], Mapping[str, Any]], OtherNames]] = {
    "UNet2DConditionModel": _of_unet,
    "FluxTransformer2DModel": _of_flux,
}
