"""What the header of a converted file says: what the original said, less and more as asked."""

from __future__ import annotations

from collections.abc import Mapping

from registry.exports import headers
from workers.engine.converting.contract import Conversion

# True of the original's bytes, or of its layout, and of no other.
HASHES = ("sshs_model_hash", "sshs_legacy_hash", "modelspec.hash_sha256")
STALE = (
    *HASHES,
    "lora_adapter_metadata",
    "unet",
    "text_encoder",
)
_OF_CLONEOFSIMO = ("unet:", "text_encoder:", "<")


def edited(
    metadata: Mapping[str, str], to: Conversion, *, dropped: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return the metadata less and more as asked: for tensors that stay as they are."""
    out = {*to.strip, *dropped}
    kept = {
        key: value
        for key, value in metadata.items()
        if key not in out and (not to.bare or headers.is_needed(key))
    }
    return kept | dict(to.bake)


def carried_over(
    metadata: Mapping[str, str], to: Conversion, *, dropped: tuple[str, ...] = ()
) -> dict[str, str]:
    """Return the same for other tensors: without what was true of the original's alone."""
    kept = {
        key: value
        for key, value in metadata.items()
        if key not in STALE and not key.startswith(_OF_CLONEOFSIMO)
    }
    return edited(kept, to, dropped=dropped)
