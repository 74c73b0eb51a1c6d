"""
The bases we know, read from bases/<slug>/base.toml; one folder is one base, and nothing else is.

Beside it may lie manifest.json.gz, its layers. A child (Pony, Illustrious) has its parent's layers:
the two differ in weights alone. To add a base, add its folder; CONTRIBUTING says how.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from registry.bases.index import Index
from registry.bases.manifest import Manifest, read
from registry.proof_levels import PROOFS

FOLDER = Path(__file__).resolve().parents[2] / "bases"
AUTOV2 = 10  # digits of a SHA256 that trainers write as a checkpoint's short hash


@dataclass(frozen=True)
class Entry:
    """One base, as its file says."""

    slug: str
    title: str
    family: str
    modality: str  # image, video, text, audio, multimodal
    repos: tuple[str, ...] = ()  # ids as they are spelled; the first is where programs fetch it
    aliases: tuple[str, ...] = ()  # every name it has elsewhere, those ids too, in lower case
    checkpoints: tuple[str, ...] = ()  # SHA256 of files that hold its weights, in lower case
    parent: str = ""  # slug of the base whose layers it shares
    licence: str = ""
    licence_url: str = ""
    proof: str = "fits"  # what an adapter needs to be published: fits, loads, renders
    pipeline: str = ""  # class in diffusers or transformers
    verified: bool = False  # its configuration is the real one, not one like it
    notes: str = ""
    defaults: Mapping[str, Any] = field(default_factory=dict)  # steps, guidance, width, height
    scenes: tuple[Mapping[str, Any], ...] = ()

    @property
    def repo(self) -> str:
        return self.repos[0] if self.repos else ""


@cache
def entries() -> tuple[Entry, ...]:
    """
    Return every base of the catalogue: parents before their children, then the best known first.

    The more names people have for a base, the better it is known.
    """
    found = [_read(path) for path in sorted(FOLDER.glob("*/base.toml"))]
    return tuple(sorted(found, key=_known))


def _known(entry: Entry) -> tuple[bool, int, str]:
    return (bool(entry.parent), -len(entry.aliases), entry.slug)


def entry(slug: str) -> Entry | None:
    """Return the base of that slug, None if the catalogue has none."""
    return _by_slug().get(slug)


@cache
def manifest(slug: str) -> Manifest | None:
    """Return the layers of a base (its parent's, if it is a child), None if they are not known."""
    known = entry(slug)
    if known is None:
        return None
    if has_own_manifest(slug):
        return read(FOLDER / slug / "manifest.json.gz")
    return manifest(known.parent) if known.parent else None


@cache
def has_own_manifest(slug: str) -> bool:
    """Return whether a base has layers of its own, and not just its parent's."""
    return (FOLDER / slug / "manifest.json.gz").exists()


@cache
def root(slug: str) -> str:
    """Return the slug of the base whose layers a base of the catalogue has, its own if no other."""
    known = entry(slug)
    if known is None or not known.parent or has_own_manifest(slug) or entry(known.parent) is None:
        return slug
    return root(known.parent)


@cache
def manifests() -> tuple[Manifest, ...]:
    """Return the layers of every base that has its own, each once."""
    found = (manifest(each.slug) for each in entries() if has_own_manifest(each.slug))
    return tuple(each for each in found if each is not None)


@cache
def index() -> Index:
    """Return the layers of all those bases by their names."""
    return Index(manifests())


def warm() -> None:
    """Read every manifest and index its names: a second that no request should wait for."""
    index()
    for each in manifests():
        _ = each.alike


def named(name: str) -> Entry | None:
    """
    Return the base that a name means, in whatever vocabulary: a slug, a repository, `ss_*` or
    `modelspec.*` spellings, a Civitai label, a checkpoint's hash. Matching is exact but for case
    and spaces; None if no base is called so.
    """
    return _by_name().get(normal(name))


def normal(name: str) -> str:
    """Return a name as aliases are compared: lower case, spaces as one, no trailing `/lora`."""
    text = re.sub(r"\s+", " ", name.strip().lower())
    return re.sub(r"/(lora|textual-inversion)$", "", text)


@cache
def _by_slug() -> Mapping[str, Entry]:
    return {each.slug: each for each in entries()}


@cache
def _by_name() -> Mapping[str, Entry]:
    names: dict[str, Entry] = {}
    for each in entries():
        for name in (each.slug, each.title, *each.aliases):
            names.setdefault(normal(name), each)
        for sha256 in each.checkpoints:
            names[sha256] = names[sha256[:AUTOV2]] = each
    # A repository is also known by its name alone: copies of it lie in folders called so.
    for each in entries():
        for name in each.aliases:
            if name.count("/") == 1:
                names.setdefault(normal(name.partition("/")[2]), each)
    return names


def _read(path: Path) -> Entry:
    with path.open("rb") as file:
        values: dict[str, Any] = tomllib.load(file)
    known = {each.name for each in fields(Entry)}
    if unknown := values.keys() - known:
        raise ValueError(f"{path} has fields that no base has: {', '.join(sorted(unknown))}.")
    values["repos"] = tuple(values.get("repos", ()))
    names = (*values["repos"], *values.get("aliases", ()))
    values["aliases"] = tuple(name.lower() for name in names)
    values["checkpoints"] = tuple(values.get("checkpoints", ()))
    values["scenes"] = tuple(values.get("scenes", ()))
    result = Entry(slug=path.parent.name, **values)
    if result.proof not in PROOFS:
        raise ValueError(f"{path} asks for the proof {result.proof!r}; there are {PROOFS}.")
    return result
