"""
Known traps: files that are sound, and that a runtime loads wrongly without saying so.

Each row was tried with diffusers 0.42. A version is not refused for them, since other runtimes read
it rightly; its uploader and whoever downloads it are told.
"""

from __future__ import annotations

from registry.checks.facts import Declared
from registry.checks.namings import NAMES
from registry.checks.outcome import Finding
from registry.checks.traps import Trap, begins, has, speaks
from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect
from registry.formats.family_rules.rule import Family
from registry.formats.spellings import WRAPPED

_AROUND_FLUX_S_BLOCKS = (
    "img_in", "txt_in", "time_in", "vector_in", "guidance_in", "final_layer",
    "double_stream_modulation", "single_stream_modulation",
)  # fmt: skip

TRAPS = (
    Trap(
        "root-names",
        speaks(Dialect.DIFFUSERS_ROOT),
        "Diffusers applies none of its layers and says nothing: their names lack the “unet.” that "
        "they should begin with.",
    ),
    Trap(
        "wrapped-names",
        lambda adapter: any(f".{WRAPPED}" in pair.layer for pair in adapter.pairs),
        "Diffusers refuses names in which PEFT's “base_model.model.” stands behind the part's own "
        "(transformer.base_model.model…): take it out of them, or have the file written in "
        "diffusers' layout.",
    ),
    Trap(
        "numbered-layers",
        speaks(Dialect.CLONEOFSIMO),
        "Diffusers refuses this naming of 2022, in which layers are numbers.",
    ),
    Trap(
        "dora-scale",
        lambda adapter: adapter.dialect is Dialect.KOHYA and has(adapter, [Algorithm.DORA]),
        "Diffusers drops the magnitudes (dora_scale) and applies the rest as plain LoRA, so its "
        "pictures differ from those of other runtimes.",
    ),
    Trap(
        "lycoris",
        lambda adapter: (
            adapter.dialect in {Dialect.KOHYA, Dialect.LYCORIS}
            and has(adapter, [Algorithm.LOHA, Algorithm.LOKR, Algorithm.FULL, Algorithm.GLORA])
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
        frozenset({Family.FLUX1}),
    ),
    Trap(
        "flux-around-blocks",
        lambda adapter: adapter.dialect is Dialect.KOHYA and begins(adapter, _AROUND_FLUX_S_BLOCKS),
        "Diffusers drops its layers around FLUX's blocks (img_in, final_layer and the like) and "
        "says nothing.",
        frozenset({Family.FLUX1, Family.FLUX2}),
    ),
    Trap(
        "sd3-kohya",
        lambda adapter: adapter.dialect is Dialect.KOHYA and "transformer" in adapter.components,
        "Diffusers applies none of its layers and says nothing: it does not read kohya's names for "
        "Stable Diffusion 3.",
        frozenset({Family.SD3}),
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
    *NAMES,
)


def diffusers_traps(declared: Declared) -> str | Finding | None:
    found = [trap for trap in TRAPS if trap.catches(declared)]
    if not found:
        return None
    return Finding(
        " ".join(trap.sentence for trap in found), {"traps": [trap.slug for trap in found]}
    )
