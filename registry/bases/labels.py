"""
What Civitai calls base models, and which label each of ours has.

The catalogue's aliases say which base a label means; this table says which labels there are, and
which of several is the usual one: it stands first.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from registry.bases import catalogue

OTHER = "Other"

# fmt: off
LABELS = (
    "SD 1.5", "SD 1.4", "SD 1.5 LCM", "SD 1.5 Hyper", "SD 2.0", "SD 2.1 768", "SD 2.0 768",
    "SD 2.1", "SD 2.1 Unclip", "SD 3", "SD 3.5 Large", "SD 3.5",
    "SD 3.5 Large Turbo", "SD 3.5 Medium",
    "SDXL 1.0", "SDXL 0.9", "SDXL 1.0 LCM", "SDXL Lightning", "SDXL Hyper", "SDXL Turbo",
    "SDXL Distilled", "Pony", "Pony V7", "Illustrious", "NoobAI", "Stable Cascade", "Kolors",
    "PixArt a", "PixArt E", "Hunyuan 1", "Lumina", "AuraFlow", "Chroma", "HiDream", "Anima",
    "Flux.1 D", "Flux.1 S", "Flux.1 Krea", "Flux.1 Kontext", "Flux.2 D", "Flux.2 Klein 9B",
    "Flux.2 Klein 9B-base", "Flux.2 Klein 4B", "Flux.2 Klein 4B-base", "Qwen", "ZImageTurbo",
    "ZImageBase", "Krea 2", "CogVideoX", "Hunyuan Video", "LTXV", "LTXV2", "LTXV 2.3", "Mochi",
    "Wan Video 14B t2v", "Wan Video", "Wan Video 1.3B t2v", "Wan Video 14B i2v 480p",
    "Wan Video 14B i2v 720p", "Wan Video 2.2 TI2V-5B", "Wan Video 2.2 I2V-A14B",
    "Wan Video 2.2 T2V-A14B", "Playground v2", "SVD", "SVD XT", "Ernie", "Ideogram 4.0", "Qwen 2",
    "Qwen 3", "ACE Audio", OTHER,
)
# fmt: on


def label_of(slugs: Iterable[str]) -> str:
    """Return the label of a base, given its slug and those of its parents, nearest first."""
    return next((_labels()[slug] for slug in slugs if slug in _labels()), OTHER)


@cache
def known() -> tuple[str, ...]:
    """Return the labels that mean a base of the catalogue, and `Other`."""
    return (*_labels().values(), OTHER)


@cache
def canonical(label: str) -> str:
    """Return the usual label where this one means the same base, else the label itself."""
    base = catalogue.named(label)
    return _labels().get(base.slug, label) if base else label


@cache
def _labels() -> dict[str, str]:
    found: dict[str, str] = {}
    for label in LABELS:
        base = catalogue.named(label)
        if base is not None:
            found.setdefault(base.slug, label)
    return found
