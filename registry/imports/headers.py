"""
The header of the file itself: modelspec's keys, those of trainers, and our own.

Only what its maker said in so many words is taken: what captions have in common is for the page,
where a person chooses (registry/formats/training/captions.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.formats.training import read_training
from registry.formats.training.facts import TrainingFacts
from registry.imports import saying
from registry.imports.saying import said
from registry.imports.usage import weights_in

_TOLD = ("trigger_phrase", "trigger_word", "trigger_words", "activation text", "ssmd_keywords")


def read(metadata: Mapping[str, str]) -> dict[str, Any]:
    """Return what the metadata of a header says."""
    facts = read_training(metadata)
    spec = facts.spec
    found = said(
        title=saying.line(spec.get("title") or facts.name, most=120),
        description=saying.text(metadata.get("modelspec.description")),
        tags=saying.tags(metadata.get("modelspec.tags")),
        licence=saying.line(spec.get("license"), most=120),
        trigger_words=_words(facts),
        bases=[one for one in (facts.base_version, facts.architecture, facts.base_name) if one],
        **_weights(metadata, facts),
    )
    return found | _own(metadata)


def _words(facts: TrainingFacts) -> list[str]:
    told = [one.text for one in facts.candidates if one.source.endswith(_TOLD)]
    return saying.words(", ".join(told))


def _weights(metadata: Mapping[str, str], facts: TrainingFacts) -> dict[str, float]:
    hinted = weights_in(saying.text(metadata.get("modelspec.usage_hint")))
    if not hinted and facts.weight:
        low, high = facts.weight.low, facts.weight.high
        hinted = saying.weights(None, low, high) if low < high else saying.weights(low)
    return hinted | saying.weights(metadata.get("modelspec.lora_default_weight"))


def _own(metadata: Mapping[str, str]) -> dict[str, Any]:
    """Return what this hub, or one like it, baked in: it was said there by people."""
    told = {key: metadata.get(f"loradex.{key}") for key in ("name", "base", "trigger_words")}
    weights = (metadata.get(f"loradex.weight{end}") for end in ("", "_low", "_high"))
    base = saying.line(told["base"], most=100)
    return said(
        name=saying.line(told["name"], most=160).partition("/")[2],
        trigger_words=saying.words(told["trigger_words"]),
        bases=[base] if base else [],
        **saying.weights(*weights),
    )
