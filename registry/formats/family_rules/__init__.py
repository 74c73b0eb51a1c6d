"""
What shows a family: names of layers, how many inputs they take, and how surely that tells.

This table is the knowledge of families.py. Names are in the flat spelling (underscores for dots),
which all dialects share. To teach us a family, add it to rule.py and its rows to the module of its
kind: what no other family has is a PROOF, what several have is a HINT for each of them.
"""

from __future__ import annotations

from registry.formats.family_rules import (
    audio,
    flux,
    language,
    multimodal,
    pictures,
    stable_diffusion,
    video,
)
from registry.formats.family_rules.rule import Family, Rule, Strength

__all__ = ["LIKE", "RULES", "Family", "Rule", "Strength"]

LIKE = {**stable_diffusion.LIKE, **flux.LIKE, **language.LIKE}

# Of evidence that is equally sure the first row decides.
RULES: tuple[Rule, ...] = (
    *stable_diffusion.RULES,
    *flux.RULES,
    *pictures.RULES,
    *video.RULES,
    *language.RULES,
    *audio.RULES,
    *multimodal.RULES,
)
