"""
PEFT's adapter_config.json, wherever it lies: beside the weights, or in a header in other words.

It is the uploader's word, so nothing here fails on what it holds: what cannot be read is left out.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from registry.formats.errors import NotAnAdapter, NotGguf
from registry.formats.header import Container, Header, shown

_PLAIN = re.compile(r"[\w.]+")


def in_header(header: Header) -> Mapping[str, Any]:
    """
    Return the configuration that the header itself holds, {} if it holds none.

    :raises NotAnAdapter: if it is GGUF and says that it holds something else
    """
    if header.container is Container.GGUF:
        return _config_of_gguf(header.metadata)
    try:
        config = json.loads(header.metadata.get("lora_adapter_metadata", "{}"))
    except (ValueError, RecursionError):
        return {}
    return config if isinstance(config, dict) else {}


def _config_of_gguf(metadata: Mapping[str, str]) -> Mapping[str, Any]:
    """Return in PEFT's words what GGUF's keys say."""
    kind = metadata.get("adapter.type", "")
    if kind != "lora":
        raise NotAnAdapter(
            f"This GGUF file holds an adapter of the type {shown(kind)}; only lora is known."
            if kind
            else "This GGUF file does not say that it holds an adapter: adapter.type is missing."
        )
    config: dict[str, Any] = {"peft_type": "LORA"}
    try:
        alpha = float(metadata.get("adapter.lora.alpha", "0"))
    except ValueError:
        alpha = math.nan
    if not math.isfinite(alpha):
        raise NotGguf("The key “adapter.lora.alpha” is no finite number.")
    if alpha:  # llama.cpp takes 0 for "no scaling".
        config["lora_alpha"] = alpha
    return config


def alpha(component: str, module: str, config: Mapping[str, Any]) -> float | None:
    """Return the alpha that the configuration gives a layer, None if it gives none."""
    # diffusers keeps one configuration a component, its keys prefixed.
    for prefix in (f"{component}.", ""):
        pattern = config.get(f"{prefix}alpha_pattern")
        if isinstance(pattern, Mapping):
            for key, number in pattern.items():
                if (module == key or module.endswith(f".{key}")) and _is_number(number):
                    return float(number)
        number = config.get(f"{prefix}lora_alpha")
        if _is_number(number):
            return float(str(number))
    return None


def rank(module: str, config: Mapping[str, Any]) -> int | None:
    """Return the rank that PEFT's own configuration gives a layer, None if that is not sure."""
    pattern = config.get("rank_pattern") or {}
    if not isinstance(pattern, Mapping):
        return None
    for key, number in pattern.items():
        plain = str(key).removeprefix("^")
        if not _PLAIN.fullmatch(plain):
            return None  # A pattern: what it hits is for PEFT to say.
        if module == plain or module.endswith(f".{plain}"):
            return number if type(number) is int else None
    number = config.get("r")
    return number if type(number) is int else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_saved(name: str, config: Mapping[str, Any]) -> bool:
    """Return whether a tensor that is no adapter's is of a layer that PEFT saved whole."""
    modules = config.get("modules_to_save")
    if name.startswith("base_model.model.") and name.endswith((".weight", ".bias")):
        return True
    return isinstance(modules, list) and any(str(each) in name.split(".") for each in modules)
