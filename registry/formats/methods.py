"""
What an adapter's method is called where tensors do not say all: rsLoRA, DyLoRA, PEFT's rarer types.

rsLoRA and LoRA have the same tensors and differ in a number; DyLoRA is LoRA whose first ranks are
good by themselves. Only the configuration or the trainer's notes in the header tell these apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from registry.formats.algorithms import Algorithm
from registry.formats.peft_types import PEFT_TYPES, named_in

_PLAIN = {Algorithm.LORA, Algorithm.LOCON, Algorithm.DORA}
_BY_ROLE = {
    role: name.lower()
    for name, kind in PEFT_TYPES.items()
    for role in kind.roles
    if role not in {"lora_A", "lora_B"}
}


def is_rank_stabilised(config: Mapping[str, Any], metadata: Mapping[str, str]) -> bool:
    """Return whether alpha is divided by the root of the rank, not by the rank (rsLoRA)."""
    # diffusers keeps one configuration a component, its keys prefixed.
    said = [config[key] for key in config if key.rpartition(".")[2] == "use_rslora"]
    return any(each is True for each in said) or _is_on(_arguments(metadata).get("rs_lora"))


def method_of(
    algorithms: Iterable[Algorithm],
    roles: Iterable[str],
    config: Mapping[str, Any],
    metadata: Mapping[str, str],
) -> str:
    """
    Return the name of the commonest algorithm's method, "" if there is no algorithm.

    `roles` are the names of tensors of a layer with that algorithm.
    """
    algorithm = next(iter(algorithms), None)
    if algorithm is None:
        return ""
    if algorithm is Algorithm.PEFT:
        name, kind = named_in(config)
        kinds = [role.partition(".")[0] for role in roles]
        by_role = next((_BY_ROLE[role] for role in kinds if role in _BY_ROLE), "peft")
        return name.lower() if kind else by_role
    if algorithm in _PLAIN:
        return _of_lora(algorithm, config, metadata)
    return algorithm.value


def _of_lora(algorithm: Algorithm, config: Mapping[str, Any], metadata: Mapping[str, str]) -> str:
    module = metadata.get("ss_network_module", "")
    if module.endswith("dylora") or _arguments(metadata).get("algo") == "dylora":
        return "dylora"
    if module.endswith("lora_fa"):
        return "lora-fa"
    if algorithm is Algorithm.LORA and is_rank_stabilised(config, metadata):
        return "rslora"
    return algorithm.value


def _arguments(metadata: Mapping[str, str]) -> Mapping[str, Any]:
    """Return kohya's extra arguments of the network, {} if they cannot be read."""
    try:
        arguments = json.loads(metadata.get("ss_network_args", "{}"))
    except (ValueError, RecursionError):
        return {}
    return arguments if isinstance(arguments, dict) else {}


def _is_on(value: Any) -> bool:
    return value is True or str(value).lower() in {"true", "1"}
