"""
Known traps: files that are sound, and that a runtime loads wrongly without saying so.

Each row was tried with diffusers 0.42. A version is not refused for them, since other runtimes read
it rightly; its uploader and whoever downloads it are told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from registry.checks.facts import Declared
from registry.checks.outcome import Finding
from registry.formats.adapter import AdapterFile
from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect
from registry.formats.family_rules.rule import Family


class Trap(NamedTuple):
    """One way of going wrong: how it shows, and what comes of it."""

    slug: str
    shows: Callable[[AdapterFile], bool]
    sentence: str
    family: Family | None = None  # the only one that it is a trap for, if it is for one

    def catches(self, declared: Declared) -> bool:
        """Return whether this file, on its family's bases, goes wrong in this way."""
        if self.family and declared.detection.family is not self.family:
            return False
        return self.shows(declared.adapter)


def _speaks(*dialects: Dialect) -> Callable[[AdapterFile], bool]:
    return lambda adapter: adapter.dialect in dialects


def _has(adapter: AdapterFile, algorithms: Iterable[Algorithm]) -> bool:
    return any(each in adapter.algorithms for each in algorithms)


def _begins(adapter: AdapterFile, words: tuple[str, ...]) -> bool:
    return any(pair.flat.startswith(words) for pair in adapter.pairs)


_AROUND_FLUX_S_BLOCKS = ("img_in", "txt_in", "time_in", "vector_in", "guidance_in", "final_layer")

TRAPS = (
    Trap(
        "root-names",
        _speaks(Dialect.DIFFUSERS_ROOT),
        "Diffusers applies none of its layers and says nothing: their names lack the “unet.” that "
        "they should begin with.",
    ),
    Trap(
        "numbered-layers",
        _speaks(Dialect.CLONEOFSIMO),
        "Diffusers refuses this naming of 2022, in which layers are numbers.",
    ),
    Trap(
        "dora-scale",
        lambda adapter: adapter.dialect is Dialect.KOHYA and _has(adapter, [Algorithm.DORA]),
        "Diffusers drops the magnitudes (dora_scale) and applies the rest as plain LoRA, so its "
        "pictures differ from those of other runtimes.",
    ),
    Trap(
        "lycoris",
        lambda adapter: (
            adapter.dialect in {Dialect.KOHYA, Dialect.LYCORIS}
            and _has(adapter, [Algorithm.LOHA, Algorithm.LOKR, Algorithm.FULL, Algorithm.GLORA])
        ),
        "Diffusers refuses files with LyCORIS algorithms (LoHa, LoKr, full difference).",
    ),
    Trap(
        "flux-original-names",
        lambda adapter: (
            adapter.dialect is Dialect.BFL
            and any(pair.layer.startswith("diffusion_model.") for pair in adapter.pairs)
        ),
        "Diffusers applies none of its layers and says nothing: it does not know FLUX.1's original "
        "names with “diffusion_model.” before them.",
        Family.FLUX1,
    ),
    Trap(
        "flux-around-blocks",
        lambda adapter: (
            adapter.dialect is Dialect.KOHYA and _begins(adapter, _AROUND_FLUX_S_BLOCKS)
        ),
        "Diffusers drops its layers around FLUX.1's blocks (img_in, final_layer and the like) and "
        "says nothing.",
        Family.FLUX1,
    ),
    Trap(
        "sd3-kohya",
        lambda adapter: adapter.dialect is Dialect.KOHYA and _begins(adapter, ("joint_blocks",)),
        "Diffusers applies none of its layers and says nothing: it does not read kohya's names for "
        "Stable Diffusion 3.",
        Family.SD3,
    ),
    Trap(
        "mixed-names",
        lambda adapter: (
            adapter.dialect in {Dialect.HYBRID, Dialect.OMI} and "unet" in adapter.components
        ),
        "Diffusers refuses files that have kohya's lora_down and lora_up under dotted names.",
    ),
    Trap(
        "bundled-embeddings",
        lambda adapter: bool(adapter.embeddings),
        "Diffusers refuses files that carry embeddings beside the adapter.",
    ),
)


def diffusers_traps(declared: Declared) -> str | Finding | None:
    found = [trap for trap in TRAPS if trap.catches(declared)]
    if not found:
        return None
    return Finding(
        " ".join(trap.sentence for trap in found), {"traps": [trap.slug for trap in found]}
    )
