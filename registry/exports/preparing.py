"""
In which forms a version can be downloaded: what may be asked for, and why not, before any work.

The engine has the last word (workers/engine/converting): only it sees every layer. What can be told
from the family, the dialect and the algorithms is told here, at once.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from registry.errors import Invalid
from registry.exports.conversions import OFFERS, why_not
from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect
from registry.formats.families import Family

# Grows whenever the engine writes other bytes than before for the same wish.
CONVERTER = 2
ORIGINAL = "original"
DTYPES = ("fp16", "bf16", "fp32")
OPTIONS = ("layout", "dtype", "bake", "strip")
_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}

NOT_CONVERTED = {
    Algorithm.IA3, Algorithm.OFT, Algorithm.BOFT, Algorithm.VERA, Algorithm.ADALORA, Algorithm.PEFT,
}  # fmt: skip
READ_BY_DIFFUSERS = {
    Dialect.DIFFUSERS,
    Dialect.DIFFUSERS_MID,
    Dialect.DIFFUSERS_OLD,
    Dialect.KOHYA,
}
FAMILIES_IN_DIFFUSERS = {
    Family.SHAPES, Family.SD1, Family.SD2, Family.SDXL, Family.SD3, Family.FLUX1,
}  # fmt: skip
# What diffusers drops or refuses of them, among the algorithms of a file; PostgreSQL reads it too.
DROPPED = r"\y(dora|loha|lokr|full|glora|norm)\y"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A form that a version is wanted in."""

    layout: str = ORIGINAL
    dtype: str = ""  # as in the file
    bake: bool = False  # what the hub knows is put into the header
    strip: bool = False  # what the trainer wrote there is left out
    steps: tuple[str, ...] = ()  # of a copy that is mended: registry/exports/mending.py

    @property
    def is_as_uploaded(self) -> bool:
        return self == Wanted()

    @property
    def bakes(self) -> bool:
        """
        Whether the header says what the hub knows: in another layout, unless it is stripped. A
        mended copy becomes a version of its own, of which nothing is known yet.
        """
        if self.steps:
            return False
        return self.bake or (self.layout != ORIGINAL and not self.strip)


FOR_DIFFUSERS = Wanted(layout="diffusers")


@dataclass(frozen=True, slots=True)
class Source:
    """What a version's weights are, as far as it decides what can be made of them."""

    sha256: str
    base: str  # slug of the catalogue's base whose layers it has, "" for none
    base_title: str
    family: str
    dialect: str
    algorithms: tuple[str, ...]
    config_sha256: str = ""  # of adapter_config.json beside it


def read(given: Mapping[str, str]) -> Wanted:
    """
    Return what an address asks for.

    :raises Invalid: naming the option that makes no sense
    """
    layout = given.get("layout", "") or ORIGINAL
    known = [offer.layout for offer in OFFERS]
    if layout not in known:
        raise Invalid(f"layout is {layout[:40]!r}: write one of {', '.join(known)}.")
    dtype = given.get("dtype", "")
    if dtype not in {"", *DTYPES}:
        raise Invalid(f"dtype is {dtype[:40]!r}: write one of {', '.join(DTYPES)}.")
    return Wanted(layout, dtype, bake=_flag(given, "bake"), strip=_flag(given, "strip"))


def _flag(given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "")
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise Invalid(f"{name} is {text[:40]!r}: write 1 or 0.") from None


def obstacle(wanted: Wanted, source: Source) -> str:
    """Return why a version cannot be had in a form, "" if nothing is known that forbids it."""
    if wanted.is_as_uploaded:
        return ""
    if wanted.layout == ORIGINAL:
        if source.dialect == Dialect.GGUF:
            return "A GGUF file is kept as it is: ask for another layout, or for no change."
        return ""
    if not source.base:
        return (
            f"The layers of {source.base_title} have no names in other layouts that we know, so "
            "the file can be had as it is alone."
        )
    return why_not(wanted.layout, source.family) or _in_its_algorithm(wanted, source)


def _in_its_algorithm(wanted: Wanted, source: Source) -> str:
    others = sorted(NOT_CONVERTED & set(source.algorithms))
    if others:
        return (
            f"It is {others[0]}, of which no plain LoRA can be made that is true for every base: "
            "it can be had as it is alone."
        )
    if wanted.layout == "gguf" and Algorithm.DORA in source.algorithms:
        return "It is DoRA, and llama.cpp's layout has no place for its magnitudes."
    return ""


def diffusers_reads(source: Source) -> bool:
    """Say whether diffusers applies the whole file as it is."""
    if source.dialect not in READ_BY_DIFFUSERS:
        return False
    if not set(source.algorithms) <= {Algorithm.LORA, Algorithm.LOCON, Algorithm.DORA}:
        return False
    if source.dialect == Dialect.KOHYA:  # It drops kohya's magnitudes, and SD 3's names.
        return Algorithm.DORA not in source.algorithms and source.family != Family.SD3
    return True


def needed_for_diffusers(source: Source) -> bool:
    """Say whether diffusers takes the adapter only in another layout, and there is one."""
    if source.family not in FAMILIES_IN_DIFFUSERS or diffusers_reads(source):
        return False
    return not obstacle(FOR_DIFFUSERS, source)


def key_of(wanted: Wanted, source: Source, header: Mapping[str, str], *, declared: str = "") -> str:
    """
    Return the digest of all that the result depends on: the same for the same bytes.

    `declared` is the base whose layers a mended copy may have.
    """
    said = asdict(wanted)
    steps = said.pop("steps")  # … of which most have none: their keys stay what they were
    told = {
        "converter": CONVERTER,
        "wanted": said,
        "source": source.sha256,
        "config": source.config_sha256,
        "base": source.base if wanted.layout != ORIGINAL else "",
        "header": dict(header),
    } | ({"steps": steps, "declared": declared} if steps else {})
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
