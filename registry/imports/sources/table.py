"""
Every kind of source, in the order in which they are asked whether an address is theirs.

To add one, write a class that does what `Source` says (source.py) and give it a row; then tests
against a small server of its own in tests/registry/imports/sources.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from registry.errors import SourceRefused
from registry.formats.quoting import shown
from registry.imports.sources import civitai, folder, hub, loradex
from registry.imports.sources.remote import path_of
from registry.imports.sources.source import Source
from registry.imports.web.client import Web


@dataclass(frozen=True, slots=True)
class Ground:
    """What an operator allows to be imported from."""

    folders: tuple[Path, ...] = ()
    web: Web = field(default_factory=Web)


@dataclass(frozen=True, slots=True)
class SourceKind:
    """A kind of source."""

    kind: str
    title: str
    is_meant: Callable[[str], bool]
    open: Callable[[str, Ground], Source]


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://"))


SOURCES: tuple[SourceKind, ...] = (
    SourceKind(
        "folder",
        "A folder on the server",
        lambda text: text.startswith("/"),
        lambda text, ground: folder.allowed(text, ground.folders),
    ),
    SourceKind(
        "civitai",
        "Civitai, or what answers as it does",
        lambda text: _is_address(text) and civitai.is_meant(text),
        lambda text, ground: civitai.opened(text, ground.web),
    ),
    SourceKind(
        "loradex",
        "Another Loradex",
        lambda text: _is_address(text) and (len(path_of(text)) < 2 or path_of(text)[0] == "api"),
        lambda text, ground: loradex.opened(text, ground.web),
    ),
    SourceKind(
        "hub",
        "A model hub",
        _is_address,
        lambda text, ground: hub.opened(text, ground.web),
    ),
)
BY_KIND = {one.kind: one for one in SOURCES}


def kind_of(text: str) -> SourceKind:
    """
    Return the kind of source that an address names, as far as it tells.

    :raises SourceRefused: if it is none
    """
    for one in SOURCES:
        if one.is_meant(text):
            return one
    raise SourceRefused(
        f"{shown(text)} is nothing that can be imported from: write a folder of this server from "
        "its root on, or an address that begins with https://."
    )
