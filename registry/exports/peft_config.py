"""
adapter_config.json as PEFT reads it: what was uploaded with a base that can be found, or, for a
file that came without one, what its header tells.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

from registry.formats.adapter import AdapterFile

BASE = "base_model_name_or_path"
TASKS = {
    "ForCausalLM": "CAUSAL_LM",
    "LMHeadModel": "CAUSAL_LM",
    "T5ForConditionalGeneration": "SEQ_2_SEQ_LM",
}


def with_base(text: str, *, base: str) -> str:
    """
    Return a configuration that names its base by that repository: servers look for it so.

    Where it does already, or `base` is "", nothing is touched.
    """
    config = json.loads(text)
    if not base or config.get(BASE) == base:
        return text
    return _written(config | {BASE: base})


def made_of(adapter: AdapterFile, *, base: str, pipeline: str) -> str:
    """
    Return a configuration for weights that came without one.

    Their alpha is written nowhere else, so it is taken to be the rank: the matrices as they are.
    """
    ranks = {pair.module: pair.rank for pair in adapter.pairs if pair.rank}
    usual = Counter(ranks.values()).most_common(1)[0][0] if ranks else 1
    others = {module: rank for module, rank in ranks.items() if rank != usual}
    names = [tensor.name for pair in adapter.pairs for tensor in pair.tensors.values()]
    return _written(
        {
            "peft_type": "LORA",
            "task_type": _task(pipeline),
            BASE: base or None,
            "r": usual,
            "lora_alpha": usual,
            "lora_dropout": 0.0,
            "bias": "none",
            "target_modules": _targets(ranks),
            "rank_pattern": others,
            "alpha_pattern": others,
            "fan_in_fan_out": pipeline.startswith("GPT2"),
            "use_dora": any("lora_magnitude_vector" in name for name in names),
            "inference_mode": True,
        }
    )


def _task(pipeline: str) -> str | None:
    return next((task for end, task in TASKS.items() if pipeline.endswith(end)), None)


def _targets(modules: Collection[str]) -> list[str]:
    """Return the ends of the layers' names where each block has the same ones, else whole names."""
    ends: dict[str, set[str]] = {}
    for module in modules:
        block, number, rest = _cut(module)
        ends.setdefault(f"{block}.{number}", set()).add(rest)
    alike = len({frozenset(each) for each in ends.values()}) == 1
    if not alike or "." in ends:
        return sorted(modules)
    return sorted({rest.rpartition(".")[2] for rest in next(iter(ends.values()))})


def _cut(module: str) -> tuple[str, str, str]:
    """Cut a name at its first number: `model.layers`, `0`, `self_attn.q_proj`."""
    words = module.split(".")
    at = next((place for place, word in enumerate(words) if word.isdigit()), None)
    if at is None:
        return "", "", module
    return ".".join(words[:at]), words[at], ".".join(words[at + 1 :])


def _written(config: Mapping[str, Any]) -> str:
    return json.dumps(config, indent=2, sort_keys=True) + "\n"
