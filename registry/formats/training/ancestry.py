"""
What a file's metadata says that it was made from.

Trainers, tools that merge and this hub leave names and hashes of what they were given. All of it is
the uploader's word; whether anybody has such a file is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.formats.training.reading import Reading, digest, file_name, long, number, short

MOST = 20
CONTINUED = ("ss_network_weights", "ot_config/lora_model_name", "ot_config/lora_model_path")
BASE_HASHES = ("ss_new_sd_model_hash", "ss_sd_model_hash")
_HEX = re.compile(r"[0-9a-f]{8,64}")
_RESIZED = re.compile(
    r"(?:dimension is resized|dynamic resize with .{1,200}?) from (\d{1,5})\b", re.IGNORECASE
)
_ENDING = re.compile(r"\.(safetensors|ckpt|pt|bin|gguf)$")


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a file says it was made from, by a name or a hash, and where that stands."""

    kind: str  # continued, merged, resized or converted
    place: str
    name: str = ""  # of a file, without its ending; or team/name
    hash: str = ""
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """What metadata tell of how a file came to be, beyond its training."""

    claims: tuple[Claim, ...] = ()
    session: str = ""  # of the training: what is made of a file by a tool often keeps it
    rank_before: int | None = None  # where it says that its rank was made smaller


def read_making(metadata: Mapping[str, str]) -> Making:
    """Return what the metadata tell, leaving out the unreadable."""
    reading = Reading(metadata, {})
    resized = _RESIZED.search(long(reading.at("ss_training_comment")))
    every = (*_ours(reading), *_continued(reading), *_merged(reading), *_named_as_base(reading))
    return Making(
        claims=tuple(dict.fromkeys(every))[:MOST],
        session=short(reading.at("ss_session_id")),
        rank_before=int(resized[1]) if resized else None,
    )


def _ours(reading: Reading) -> Iterator[Claim]:
    """Yield the version that a hub made this file of: see registry/exports/headers.py."""
    name, sha256 = short(reading.at("loradex.name")), _hash(reading.at("loradex.source_sha256"))
    if name or sha256:
        yield Claim("converted", "loradex.source_sha256", name, sha256)


def _continued(reading: Reading) -> Iterator[Claim]:
    found = reading.first(CONTINUED, file_name)
    if found is not None:
        yield Claim("continued", found.place, _stem(found.value))


def _merged(reading: Reading) -> Iterator[Claim]:
    names = long(reading.at("modelspec.merged_from")).split(",")
    yield from (
        Claim("merged", "modelspec.merged_from", _stem(file_name(name)))
        for name in names[:MOST]
        if name.strip()
    )
    weights = _weights(reading.table("sd_merge_recipe"))
    for key, told in list(reading.table("sd_merge_models").items())[:MOST]:
        about = told if isinstance(told, Mapping) else {}
        sha256 = _hash(key)
        name = _stem(file_name(about.get("name")))
        if sha256 or name:
            yield Claim("merged", "sd_merge_models", name, sha256, weights.get(sha256))


def _named_as_base(reading: Reading) -> Iterator[Claim]:
    """Yield the checkpoint that it was trained on: an adapter may be baked into that."""
    found = reading.first(BASE_HASHES, _hash)
    if found is not None:
        yield Claim("continued", found.place, hash=found.value)


def _weights(recipe: Mapping[str, Any]) -> dict[str, float]:
    """Return at which weight each was taken, by its hash, where the recipe is a weighted sum."""
    share = number(recipe.get("multiplier"))
    if share is None or short(recipe.get("interp_method")) != "Weighted sum":
        return {}
    first, second = (_hash(recipe.get(f"{one}_model_hash")) for one in ("primary", "secondary"))
    return {first: round(1 - share, 4), second: share}


def _hash(value: Any) -> str:
    found = digest(value)
    return found if _HEX.fullmatch(found) else ""


def _stem(name: str) -> str:
    return _ENDING.sub("", name.strip())
