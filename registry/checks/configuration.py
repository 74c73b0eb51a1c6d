"""Does adapter_config.json say of the weights what is true, and does anyone but PEFT read them?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.checks.facts import Declared
from registry.checks.outcome import Finding
from registry.formats import configs, peft_types
from registry.formats.quoting import shown, told

TOLD = 20


def another_rank_configured(declared: Declared) -> str | Finding | None:
    if not declared.adapter.config:
        return None
    given = configs.Given(declared.adapter.config)
    wrong = [
        (pair, rank)
        for pair in declared.adapter.pairs
        if pair.rank is not None and (rank := given.rank(pair.module)) is not None
        if rank != pair.rank
    ]
    if not wrong:
        return None
    pair, rank = wrong[0]
    return Finding(
        f"adapter_config.json gives {told(pair.layer)} the rank {rank} and its matrices have "
        f"{pair.rank}, so PEFT cannot load them.",
        {"layers": [each.layer for each, _ in wrong[:TOLD]]},
    )


def layers_not_targeted(declared: Declared) -> str | Finding | None:
    targets = declared.adapter.config.get("target_modules")
    if not isinstance(targets, list) or not all(isinstance(each, str) for each in targets):
        return None  # A pattern, or "all-linear": only PEFT knows what that hits.
    hit = configs.targets_of(targets)
    missed = [pair for pair in declared.adapter.pairs if not hit(pair.module)]
    if not missed:
        return None
    return Finding(
        f"{len(missed)} of {len(declared.adapter.pairs)} layers are not among the target_modules "
        f"of adapter_config.json, so PEFT ignores them, the first: {told(missed[0].layer)}.",
        {"layers": [pair.layer for pair in missed[:TOLD]]},
    )


def for_peft_alone(declared: Declared) -> str | Finding | None:
    name, kind = peft_types.named_in(declared.adapter.config)
    if not name or not declared.adapter.pairs or (kind and kind.everywhere):
        return None
    evidence = {
        "peft_type": name if name.isprintable() else shown(name),
        "saved": list(declared.adapter.saved[:TOLD]),
    }
    if kind is None:
        return Finding(
            f"adapter_config.json says {shown(name)}, a type that we do not know.", evidence
        )
    return Finding(
        f"{kind.title} ({name}) {kind.does}. PEFT loads it; vLLM, llama.cpp and others take plain "
        "LoRA alone.",
        evidence,
    )


def told_by_config(config: Mapping[str, Any]) -> str:
    """Return what the configuration says of a file in which no layer was found, "" if nothing."""
    name, kind = peft_types.named_in(config)
    if kind is None or kind.roles:
        return ""
    return f"By its adapter_config.json this is {kind.title} ({name}), which {kind.does}."
