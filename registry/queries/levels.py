"""
How content of each level is shown to somebody: as it is, blurred until asked for, or left out.

Three letters say it, one for each level above general, as `sbh`: so it fits in a cookie, too.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from registry.errors import Invalid

WAYS = {"s": "show", "b": "blur", "h": "hide"}
LETTERS = {way: letter for letter, way in WAYS.items()}


@dataclass(frozen=True, slots=True)
class Levels:
    """What is general is always shown. Nothing is left out unless somebody says so."""

    suggestive: str = "show"
    mature: str = "blur"
    explicit: str = "blur"

    def __post_init__(self) -> None:
        for level, way in self.ways.items():
            if way not in LETTERS:
                raise Invalid(f"{level} is {way[:40]!r}: write show, blur or hide.")

    @property
    def ways(self) -> dict[str, str]:
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}

    @property
    def word(self) -> str:
        return "".join(LETTERS[way] for way in self.ways.values())

    @property
    def classes(self) -> str:
        """Return the classes that the style sheet goes by: `blur-mature hide-explicit`."""
        return " ".join(f"{way}-{level}" for level, way in self.ways.items() if way != "show")


def read(word: str) -> Levels:
    """Return what the letters say, as it is for everybody where they say nothing."""
    if len(word) != len(fields(Levels)) or not set(word) <= WAYS.keys():
        return Levels()
    return Levels(*(WAYS[letter] for letter in word))
