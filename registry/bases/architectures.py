"""
What GGUF's `general.architecture` says of the family, where names and shapes leave several open.

llama.cpp calls the layers of all language models alike and keeps apart in this one word what runs
them; an adapter for another word is refused by it. So of the families that shapes leave open, only
those that the word stands for remain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from registry.formats.adapter import AdapterFile, Dialect
from registry.formats.families import Detection
from registry.formats.family_rules import LIKE, Family

KEY = "general.architecture"
_MEANT: Mapping[str, frozenset[Family]] = MappingProxyType(
    {
        "llama": frozenset({Family.LLAMA, Family.MISTRAL, Family.MIXTRAL}),
        "qwen2": frozenset({Family.QWEN2}),
        "qwen2vl": frozenset({Family.QWEN2_VL, Family.QWEN2_5_VL}),
        "qwen3": frozenset({Family.QWEN3}),
        "qwen3moe": frozenset({Family.QWEN3_MOE}),
        "gemma": frozenset({Family.GEMMA}),
        "gemma2": frozenset({Family.GEMMA2}),
        "gemma3": frozenset({Family.GEMMA3}),
        "phi2": frozenset({Family.PHI2}),
        "phi3": frozenset({Family.PHI3}),
        "bert": frozenset({Family.BERT, Family.ROBERTA}),
    }
)


def narrowed(
    adapter: AdapterFile, detection: Detection, families: set[str], *, fitted: bool
) -> tuple[Detection, set[str]]:
    """
    Return detection and open families as the architecture leaves them, both as given if none.

    Where no base is `fitted`, the word may mean any family with such names; else the layers decide.
    """
    word = adapter.metadata.get(KEY, "") if adapter.dialect is Dialect.GGUF else ""
    meant = _MEANT.get(word, frozenset())
    left = frozenset(each for each in meant if each.value in families)
    if not left and not fitted:
        left = meant & {detection.family, *LIKE.get(detection.family, ())}
    if not left:
        return detection, families
    if detection.family not in left and len(left) == 1:
        reason = f"{KEY} says “{word}”; its layers fit that too"
        detection = replace(detection, family=next(iter(left)), variant="", reason=reason)
    return detection, {each.value for each in left}
