"""
By what a layer's product is multiplied: alpha over rank, wherever a file or its config says it.

PEFT's own way of matching patterns is used for PEFT's configurations, so a pattern means here what
it means there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from peft.utils.other import get_pattern_key

from registry.formats.adapter import Pair
from registry.formats.dialects import Dialect
from workers.engine.converting.contract import ConversionRefused
from workers.engine.converting.weights import Weights

_LIKE_LYCORIS = ("LOHA", "LOKR")  # PEFT keeps their alpha under another word.


def scale_of(weights: Weights, pair: Pair, rank: int) -> float:
    """
    Return the factor of one layer's product.

    :raises ConversionRefused: if what the file says of it is no number
    """
    if "alpha" in pair.tensors:
        alpha = weights.tensor(pair.tensors["alpha"])
        if alpha.numel() != 1:
            raise ConversionRefused(f"The alpha of {pair.layer} is not one number.")
        # kohya takes an alpha of nothing for the rank.
        return (float(alpha) or rank) / rank
    config = _of_component(weights.adapter.config, pair.component)
    if weights.adapter.dialect is Dialect.GGUF:
        return (pair.alpha or rank) / rank
    if not config:
        return 1.0
    return _of_config(config, pair, rank)


def _of_component(config: Mapping[str, Any], component: str) -> Mapping[str, Any]:
    """Return what the configuration says of one part of the base; diffusers prefixes its keys."""
    prefix = f"{component}."
    own = {key.removeprefix(prefix): value for key, value in config.items()
           if key.startswith(prefix)}  # fmt: skip
    return own or config


def _of_config(config: Mapping[str, Any], pair: Pair, rank: int) -> float:
    word = "alpha" if config.get("peft_type") in _LIKE_LYCORIS else "lora_alpha"
    alpha = _matched(config.get("alpha_pattern"), pair.module, config.get(word))
    if word == "alpha":  # Their rank is not that of a matrix, so the configuration's word counts.
        rank = int(_matched(config.get("rank_pattern"), pair.module, config.get("r"))) or rank
    if not alpha:
        return 1.0
    return alpha / (rank**0.5 if config.get("use_rslora") else rank)


def _matched(patterns: Any, module: str, otherwise: Any) -> float:
    found = otherwise
    if isinstance(patterns, Mapping) and patterns:
        key = get_pattern_key(tuple(patterns), module)
        found = patterns.get(key, otherwise)
    if found is None:
        return 0.0
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ConversionRefused(f"The configuration gives {module} the alpha {found!r}.")
    return float(found)
