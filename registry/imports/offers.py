"""What a source has to offer: one version each, with its files, pictures and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.imports.saying import Statement

WEIGHTS, CONFIG, CHECKPOINT = "weights", "config", "checkpoint"
MOST_PICTURES = 10


@dataclass(frozen=True, slots=True)
class OfferedFile:
    """A file of a version; `place` is where the source has it: a path in a folder, an address."""

    name: str
    place: str
    role: str = WEIGHTS
    size: int = 0  # 0: nobody says
    sha256: str = ""  # as the source says
    training_step: int | None = None


@dataclass(frozen=True, slots=True)
class OfferedPicture:
    """A picture that lies beside; `told` is what its source says of how it was made."""

    place: str
    content_level: str = ""
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """One version that may be imported."""

    key: str  # what it goes by at its source, and stays
    files: tuple[OfferedFile, ...]  # the weights first
    statements: tuple[Statement, ...] = ()  # the most believed first
    pictures: tuple[OfferedPicture, ...] = ()
    group: str = ""  # offers of one group are versions of one adapter, in their order
    url: str = ""  # its page, for people
    refusal: str = ""  # why it cannot be taken, in a sentence
    notes: tuple[str, ...] = ()  # what was found out on the way, a sentence each

    @property
    def weights(self) -> OfferedFile:
        return self.files[0]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def record(self) -> dict[str, Any]:
        """All that the source says, by the record that says it."""
        return {each.source: dict(each.record) for each in self.statements if each.record}
