"""What Stable Diffusion's first code calls the layers of a U-Net: all blocks in one row."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from workers.engine.other_names.naming import OtherNames

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


def names(layers: tuple[str, ...], config: Mapping[str, Any]) -> OtherNames:
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
