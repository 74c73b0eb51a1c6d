"""What a runtime is told of a version, and what its user is told in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect

# What files are called in folders that PEFT reads, and in those that diffusers does.
PEFT_WEIGHTS, PEFT_CONFIG = "adapter_model.safetensors", "adapter_config.json"
DIFFUSERS_WEIGHTS = "pytorch_lora_weights.safetensors"
# A program's user puts a token here where the hub wants one; recipes never hold a real one.
TOKEN = "$LORADEX_TOKEN"  # noqa: S105

_DIALECT_OF = {
    "kohya": Dialect.KOHYA,
    "diffusers": Dialect.DIFFUSERS,
    "peft": Dialect.PEFT,
    "gguf": Dialect.GGUF,
}
_PLAIN = {Algorithm.LORA.value, Algorithm.LOCON.value, Algorithm.DORA.value}


@dataclass(frozen=True, slots=True)
class Card:
    """A version, as far as a program that loads adapters needs to know it."""

    team: str
    slug: str
    title: str
    version: int
    stem: str  # the file's name without its ending, the same wherever it is saved
    sha256: str
    base: str  # slug
    family: str
    trigger_words: tuple[str, ...]
    weight: float
    weight_low: float
    weight_high: float
    download_url: str
    file_name: str
    dialect: str
    base_at: str = ""  # a folder or a repo id that diffusers loads the base from, where known
    config_url: str = ""  # of adapter_config.json, for files that need one beside them
    scene: str = ""  # a prompt of the base's own to try it with, {trigger} in its place
    base_title: str = ""
    base_repo: str = ""  # the repository that has the base, as servers call it, where known
    base_here: str = ""  # the folder of a base that comes with the hub, seen from its checkout
    pipeline: str = ""  # the base's class in diffusers or transformers
    rank: int | None = None  # the highest in the file, where known
    rank_low: int | None = None  # the lowest
    has_text_encoder: bool = False  # whether it changes a text encoder, too
    algorithms: tuple[str, ...] = ("lora",)
    config: Mapping[str, Any] = field(default_factory=dict)  # adapter_config.json
    layouts: tuple[str, ...] = ()  # that the hub can write it in, beside its own
    layout: str = ""  # the one that it is told of in; "" is its own
    by_name_in: str = ""  # the one that whoever loads it by name is given; "" is its own
    page_url: str = ""
    deprecated: str = ""  # why, in a sentence, and what to use instead

    @property
    def name(self) -> str:
        """How programs call the adapter once it is loaded: letters, digits and low lines."""
        return "".join(letter if letter.isalnum() else "_" for letter in self.slug)

    @property
    def folder(self) -> str:
        """What a folder with this version, and no other, is called."""
        return f"{self.team}--{self.slug}-v{self.version}"

    @property
    def hub(self) -> str:
        """Where the hub is: the beginning of its addresses."""
        parts = urlsplit(self.download_url)
        return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    @property
    def repo(self) -> str:
        """What the adapter is called where team and name stand together."""
        return f"{self.team}/{self.slug}"

    @property
    def highest_rank(self) -> int | None:
        """The highest rank of a layer, by the file and by its configuration."""
        said = [self.config.get("r"), *_values(self.config.get("rank_pattern"))]
        ranks = [rank for rank in (self.rank, *said) if isinstance(rank, int) and rank > 0]
        return max(ranks, default=None)

    def file_url(self, name: str) -> str:
        """Return where one of the two files of a folder that PEFT reads is to be had."""
        if self.layout:
            return f"{self.download_url}&{urlencode({'file': name})}"
        return self.config_url if name == PEFT_CONFIG else self.download_url

    def in_layout(self, layout: str) -> Card:
        """Return the card of the same version as the hub writes it in another layout."""
        ending = "gguf" if layout == "gguf" else "safetensors"
        stem = f"{self.stem}-{layout}"
        is_plain = set(self.algorithms) <= _PLAIN
        is_dora = Algorithm.DORA.value in self.algorithms
        return replace(
            self,
            stem=stem,
            file_name=f"{stem}.{ending}",
            download_url=f"{self.download_url}?{urlencode({'layout': layout})}",
            config_url="",
            dialect=_DIALECT_OF[layout].value,
            algorithms=(Algorithm.DORA.value,) if is_dora else (Algorithm.LORA.value,),
            rank=self.rank if is_plain else None,
            rank_low=self.rank_low if is_plain else None,
            layout=layout,
        )


@dataclass(frozen=True, slots=True)
class Paste:
    """Something more to paste, or to save as a file."""

    title: str
    text: str
    language: str = "text"
    file_name: str = ""  # where it is a file of its own


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to use a version in one runtime."""

    title: str
    path: str  # where to save the file, seen from the program's own folder
    usage: str  # what to paste
    language: str = "text"  # of `usage`: text, shell, python or json
    requirements: tuple[str, ...] = ()  # what has to be so, a sentence each
    more: tuple[Paste, ...] = ()
    download_url: str = ""  # of the file that it is about


def _values(pattern: Any) -> list[Any]:
    return list(pattern.values()) if isinstance(pattern, dict) else []
