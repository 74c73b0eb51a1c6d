"""
Tell from names and shapes which family of bases an adapter is made for.

The table in family_rules/ is the knowledge: what a layer is called, how many inputs it takes,
which family that shows, and how surely. The surest evidence decides. Where evidence of one strength
names several families, the family is unknown and every candidate is named: shapes cannot always
tell, and then nothing here pretends that they do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from registry.formats.adapter import AdapterFile, Dialect, Pair
from registry.formats.family_rules import LIKE, RULES, Family, Rule, Strength

__all__ = ["RULES", "Candidate", "Detection", "Family", "Strength", "detect_family"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A family that the file may be for, with the tensor that suggests it."""

    family: Family
    reason: str
    tensor: str
    strength: Strength


@dataclass(frozen=True, slots=True)
class Detection:
    """The verdict, and all that led to it."""

    family: Family
    variant: str
    decided_by: str  # the deciding tensor's name, "" if none decided
    reason: str
    candidates: tuple[Candidate, ...]


def detect_family(adapter: AdapterFile) -> Detection:
    """Return the family that the adapter's layers show, with the evidence for and against."""
    if not adapter.pairs:
        return _unknown("The file's layout is not one that we know.", ())
    candidates = _candidates(adapter)
    if not candidates:
        return _unknown("No layer has a name and shape of a family that we know.", ())
    surest = [each for each in candidates if each.strength is candidates[0].strength]
    by = _agreed(surest)
    if by is None:
        return _unknown(_disagreement(surest), candidates)
    variant = _variant(by.family, adapter)
    return Detection(by.family, variant, by.tensor, by.reason, candidates)


def _candidates(adapter: AdapterFile) -> tuple[Candidate, ...]:
    """Return the best evidence for each family, the surest first."""
    best: dict[Family, Candidate] = {}
    shown: set[int] = set()
    for pair in adapter.pairs:
        for number in _rules_named(pair.component, pair.flat):
            rule = RULES[number]
            if number in shown or not _shows(rule, pair, adapter.dialect):
                continue
            shown.add(number)
            if rule.unless and any(re.match(rule.unless, each.flat) for each in adapter.pairs):
                continue
            known = best.get(rule.family)
            if known is None or known.strength < rule.strength:
                best[rule.family] = Candidate(
                    rule.family, rule.reason, evidence(pair), rule.strength
                )
    return tuple(sorted(best.values(), key=lambda each: -each.strength))


_OF_COMPONENT = {
    component: tuple(n for n, rule in enumerate(RULES) if rule.component == component)
    for component in {rule.component for rule in RULES}
}


@lru_cache(maxsize=16_384)  # Adapters of one base name the same layers; SDXL has 1,700.
def _rules_named(component: str, flat: str) -> tuple[int, ...]:
    """Return which rules speak of layers of that name, by their places in the table."""
    rules = _OF_COMPONENT.get(component, ())
    return tuple(number for number in rules if RULES[number].name.match(flat))


def _agreed(surest: list[Candidate]) -> Candidate | None:
    """Return the evidence for the family that all of it may stand for, None if there is none."""
    meant = set.intersection(*({each.family, *LIKE.get(each.family, ())} for each in surest))
    if named := [each for each in surest if each.family in meant]:
        return named[0]
    return replace(surest[0], family=meant.pop()) if len(meant) == 1 else None


def _shows(rule: Rule, pair: Pair, dialect: Dialect) -> bool:
    """Return whether a pair that has the rule's name has its spelling and its shape too."""
    if rule.dialect not in {None, dialect}:
        return False
    if rule.spelled and not re.match(rule.spelled, pair.module):
        return False
    if rule.beginning and not re.match(rule.beginning, pair.layer):
        return False
    if rule.inputs is None and rule.outputs_per_input is None:
        return True
    outputs, inputs = (*pair.shape, None, None)[:2]
    if rule.inputs is not None:
        return inputs == rule.inputs
    return bool(inputs and outputs and outputs / inputs == rule.outputs_per_input)


def evidence(pair: Pair) -> str:
    """Return the name of the tensor that shows a layer's shape best."""
    tensor = pair.down or pair.up or next(iter(pair.tensors.values()))
    return tensor.name


def _unknown(reason: str, candidates: tuple[Candidate, ...]) -> Detection:
    return Detection(Family.UNKNOWN, "", "", reason, candidates)


def _disagreement(surest: list[Candidate]) -> str:
    families = " and ".join(sorted(each.family for each in surest))
    if surest[0].strength is Strength.PROOF:
        return f"Its layers belong to more than one family: {families}."
    return f"Shapes alone cannot tell {families} apart in this file."


# What the width of a family's layers tells within it, and what it leaves open.
_VARIANTS: Mapping[Family, tuple[str, Mapping[int, str]]] = MappingProxyType(
    {
        Family.SD3: (r"(joint|transformer)_blocks_", {2432: "3.5 large", 1536: "medium"}),
        Family.FLUX2: (
            r"double_blocks_\d+_(img|txt)_|single_blocks_\d+_linear1|(single_)?transformer_blocks_",
            {
                6144: "dev",
                4096: "Klein 9B, base or distilled: shapes cannot tell",
                3072: "Klein 4B, base or distilled: shapes cannot tell",
            },
        ),
        Family.WAN: (
            r"(vace_)?blocks_\d+_((self|cross)_attn_|attn[12]_(to|add)_|ffn_(0|net_0_proj)$)",
            {5120: "14B", 3072: "5B", 1536: "1.3B"},
        ),
        Family.LTX_VIDEO: (
            r"transformer_blocks_\d+_attn[12]_to_[qk]$",
            {4096: "13B, or LTX-2 of the same width", 2048: "2B"},
        ),
        Family.COSMOS: (
            r"(transformer_)?blocks_\d+_(attn1_to_|self_attn_)",
            {5120: "14B", 2048: "2B"},
        ),
        Family.HUNYUAN_VIDEO: (
            r"double_blocks_\d+_(img|txt)_attn_|transformer_blocks_\d+_attn_(to|add)_",
            {2048: "1.5"},
        ),
        Family.SANA: (r"(transformer_)?blocks_\d+_attn(1_to_|_)", {1152: "0.6B"}),
    }
)


# What FLUX.1's first layer takes: more than the picture's own 64 numbers, if something guides it.
_TAKEN_BY_FLUX: Mapping[int, str] = MappingProxyType({128: "control", 384: "Fill"})


def _named(adapter: AdapterFile, names: str) -> list[Pair]:
    """Return the layers of those names, as far as the file shows their shapes."""
    return [
        pair for pair in adapter.pairs if len(pair.shape) > 1 and re.fullmatch(names, pair.flat)
    ]


_READS_QWEN = re.compile(r"(llm_adapter|text_conditioner)_")  # Anima's way from its text encoder
# Only Wan 2.1 of 14B that begins with a picture reads one by attention.
_READS_PICTURES = re.compile(
    r"blocks_\d+_(cross_attn_[kv]_img|attn2_add_[kv]_proj)$|img_emb_|condition_embedder_image_"
)


def _variant(family: Family, adapter: AdapterFile) -> str:
    """Return what shapes tell within a family, "" if nothing."""
    if family is Family.FLUX1:
        taken = {pair.shape[1] for pair in _named(adapter, "img_in|x_embedder")}
        return next((told for width, told in _TAKEN_BY_FLUX.items() if width in taken), "")
    if family is Family.COSMOS and any(_READS_QWEN.match(pair.flat) for pair in adapter.pairs):
        return "Anima"
    if family is Family.LTX_VIDEO and any("_audio_" in pair.flat for pair in adapter.pairs):
        return "LTX-2"
    if family is Family.LLAMA:
        widths = {
            pair.shape[1]
            for pair in adapter.pairs
            if len(pair.shape) > 1 and pair.flat.endswith("_q_proj")
        }
        widest = max(filter(None, widths), default=0)
        return f"{widest} wide" if widest else ""
    if family is Family.WAN and any(_READS_PICTURES.match(pair.flat) for pair in adapter.pairs):
        return "14B, image to video"
    name, by_width = _VARIANTS.get(family, ("", {}))
    seen = {
        pair.shape[1]
        for pair in adapter.pairs
        if len(pair.shape) > 1 and by_width and re.match(name, pair.flat)
    }
    return next((variant for width, variant in by_width.items() if width in seen), "")
