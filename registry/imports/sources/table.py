"""
Every kind of source, in the order in which they are asked whether an address is theirs.

To add one, write a class that does what `Source` says (source.py) and give it a row; then tests
against a small server of its own in tests/registry/imports/sources.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from registry.errors import SourceRefused
from registry.formats.quoting import shown
from registry.imports.sources import folder
from registry.imports.sources.source import Source


@dataclass(frozen=True, slots=True)
class Ground:
    """What an operator allows to be imported from."""

    folders: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source."""

    kind: str
    title: str
    is_meant: Callable[[str], bool]
    open: Callable[[str, Ground], Source]


SOURCES: tuple[SourceKind, ...] = (
    SourceKind(
        "folder",
        "A folder on the server",
        lambda text: text.startswith("/"),
        lambda text, ground: folder.allowed(text, ground.folders),
    ),
)
BY_KIND = {one.kind: one for one in SOURCES}


def kind_of(text: str) -> SourceKind:
    """
    Return the kind of source that an address names.

    :raises SourceRefused: if it is none
    """
    for one in SOURCES:
        if one.is_meant(text):
            return one
    raise SourceRefused(
        f"{shown(text)} is nothing that can be imported from: write a folder of this server from "
        "its root on, or an address that begins with https://."
    )
