"""What people call a dialect: whose names the tensors of a file have."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from registry.formats.spellings import Dialect

TITLES: Mapping[str, str] = MappingProxyType(
    {
        Dialect.KOHYA: "kohya",
        Dialect.LYCORIS: "LyCORIS",
        Dialect.DIFFUSERS: "diffusers",
        Dialect.DIFFUSERS_MID: "old diffusers (.lora.down)",
        Dialect.DIFFUSERS_OLD: "old diffusers (.processor)",
        Dialect.DIFFUSERS_ROOT: "old diffusers (.processor), without “unet.” in front",
        Dialect.DIFFUSERS_PEFT: "diffusers, with PEFT's “base_model.model.” inside",
        Dialect.PEFT: "PEFT",
        Dialect.BFL: "Black Forest Labs (diffusion_model.…)",
        Dialect.XLABS: "XLabs",
        Dialect.CLONEOFSIMO: "layers by number, as in 2022",
        Dialect.OMI: "Open Model Initiative",
        Dialect.GGUF: "GGUF",
        Dialect.HYBRID: "kohya's endings on dotted names",
        Dialect.UNKNOWN: "unknown",
    }
)


def title_of(dialect: str) -> str:
    """Return the title of a dialect; of one that has none, its word."""
    return TITLES.get(dialect, dialect)
