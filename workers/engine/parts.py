"""
Give the parts of a base their own share of an adapter's weight.

A part is a component ("unet", "text_encoder"), one of a U-Net's three stretches ("unet.down",
"unet.mid", "unet.up"), a block or an attention of them as diffusers counts them ("unet.up.block_1",
"unet.up.block_1.0"), or any module of a component by its own name
("transformer.transformer_blocks.7"). Each has a factor that its layers' weight is multiplied by. Of
several that a layer is in, the innermost counts; a layer in none keeps its weight.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Parts = Mapping[str, float]

_STRETCHES = {"down": "down_blocks", "mid": "mid_block", "up": "up_blocks"}
_BLOCK = re.compile(r"block_(\d+)(?:\.(\d+))?")


class UnknownPart(ValueError):
    """The base has no part of that name."""


def factor(parts: Parts, component: str, layer: str) -> float:
    """Return what the weight of a layer is multiplied by."""
    whole = f"{component}.{layer}"
    holding = [path for path in map(_path, parts) if f"{whole}.".startswith(f"{path}.")]
    if not holding:
        return 1.0
    innermost = max(holding, key=len)
    return next(share for part, share in parts.items() if _path(part) == innermost)


def refuse_unknown(parts: Parts, pipeline: Any, components: tuple[str, ...]) -> None:
    """
    Refuse parts that the base does not have: their factor would silently mean nothing.

    :raises UnknownPart: naming the first
    """
    for part in parts:
        component, _, module = _path(part).partition(".")
        held = getattr(pipeline, component, None) if component in components else None
        if held is None or (module and not _has(held, module)):
            raise UnknownPart(
                f"{part} is no part of this base that adapters change: it has "
                f"{', '.join(components)}, and the blocks in them."
            )


def _path(part: str) -> str:
    """Return a part as the name of a module, component first."""
    component, _, rest = part.partition(".")
    head, _, rest = rest.partition(".")
    if component != "unet" or head not in _STRETCHES:
        return part
    block = _BLOCK.fullmatch(rest)
    if block is None:
        return ".".join(filter(None, (component, _STRETCHES[head], rest)))
    number, attention = block.groups()
    inside = f".attentions.{attention}" if attention is not None else ""
    return f"{component}.{_STRETCHES[head]}.{number}{inside}"


def _has(held: Any, module: str) -> bool:
    # An adapter's layer has the base's own inside it, and keeps its name.
    return any(
        name == module or name.removeprefix("text_model.") == module
        for name, _ in held.named_modules()
    )
