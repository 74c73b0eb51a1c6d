"""What a runtime is told of a version, and what its user is told in turn."""

from __future__ import annotations

from dataclasses import dataclass


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

    @property
    def name(self) -> str:
        """How programs call the adapter once it is loaded: letters, digits and low lines."""
        return "".join(letter if letter.isalnum() else "_" for letter in self.slug)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to use a version in one runtime."""

    title: str
    path: str  # where to save the file, seen from the program's own folder
    usage: str  # what to paste
    language: str = "text"  # of `usage`: text, python or json
