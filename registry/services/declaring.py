"""Gather what FILE_CHECKS judge: a version's file, beside what its uploader says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from registry import blobs
from registry.bases.identify import identify
from registry.checks.facts import Content, Declared
from registry.formats.adapter import AdapterFile, read_adapter
from registry.formats.families import Family
from registry.formats.files import read_header
from registry.models import AdapterVersion, BaseModel, VersionFile
from registry.queries import bases, files
from registry.services import stored
from registry.verdicts.verdict import OnBase, gather


def declared(version: AdapterVersion, content: Content | None) -> Declared:
    """Return the facts about a version whose bytes are kept. `content` is what a worker read."""
    weights = files.weights_of(version)
    with stored.errors(), blobs.default().open(weights.sha256) as file:
        header = read_header(file, file_size=weights.size)
    adapter = read_adapter(header, config=config_of(version))
    return describe(
        adapter, base=version.base, content=content, duplicates=_twins(version, weights)
    )


def describe(
    adapter: AdapterFile,
    *,
    base: BaseModel,
    content: Content | None = None,
    duplicates: tuple[str, ...] = (),
) -> Declared:
    """Return the facts about an adapter held against the base it is declared for."""
    found, on = identify(adapter), on_base(base)
    if on.family not in set(Family):  # a team's own, of an architecture of its own: layers decide
        on = replace(on, family=found.detection.family.value)
    facts = gather(adapter, found, base=on, content=content, duplicates=duplicates)
    if base.team_id and facts.fit and facts.fit.whole and base.title not in facts.better:
        return replace(facts, better=(*facts.better, base.title))  # the catalogue knows it not
    return facts


def on_base(base: BaseModel) -> OnBase:
    """Return a base as verdicts know it."""
    return OnBase(base.slug, base.title, base.family, bases.manifest_of(base))


def config_of(version: AdapterVersion) -> dict[str, Any] | None:
    """Return the version's adapter_config.json, or None if it has none."""
    config = files.config_of(version)
    if config is None:
        return None
    with stored.errors(), blobs.default().open(config.sha256) as file:
        parsed: dict[str, Any] = json.loads(file.read())
    return parsed


def _twins(version: AdapterVersion, weights: VersionFile) -> tuple[str, ...]:
    """Name the versions in the library with the same weights under another header."""
    digest = weights.blob.tensor_digest if weights.blob else ""
    if not digest:
        return ()
    twins = (
        VersionFile.objects.filter(blob__tensor_digest=digest)
        .exclude(version=version)
        .exclude(version__state=AdapterVersion.State.REJECTED)
        .values_list("version__adapter__team__slug", "version__adapter__slug", "version__number")
    )
    return tuple(f"{team}/{name} v{number}" for team, name, number in twins[:5])
