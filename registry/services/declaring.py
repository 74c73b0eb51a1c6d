"""Gather what FILE_CHECKS judge: a version's file, beside what its uploader says of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet

from registry import blobs
from registry.bases.identify import identify
from registry.checks.facts import Content, Declared
from registry.formats import likeness
from registry.formats.adapter import AdapterFile, read_adapter
from registry.formats.families import Family
from registry.formats.files import read_header
from registry.models import AdapterVersion, BaseModel, VersionFile
from registry.queries import bases, files
from registry.services import stored
from registry.verdicts.verdict import OnBase, gather

MOST_NAMED = 5
MOST_COMPARED = 200


def declared(version: AdapterVersion, content: Content | None) -> Declared:
    """Return the facts about a version whose bytes are kept. `content` is what a worker read."""
    weights = files.weights_of(version)
    with stored.errors(), blobs.default().open(weights.sha256) as file:
        header = read_header(file, file_size=weights.size)
    adapter = read_adapter(header, config=config_of(version))
    facts = describe(
        adapter, base=version.base, content=content, duplicates=_twins(version, weights)
    )
    return replace(facts, alike=_alike(version, weights)) if content else facts


def describe(
    adapter: AdapterFile,
    *,
    base: BaseModel,
    content: Content | None = None,
    duplicates: tuple[str, ...] = (),
) -> Declared:
    """Return the facts about an adapter held against the base it is declared for."""
    found, on = identify(adapter), on_base(base, adapter)
    facts = gather(adapter, found, base=on, content=content, duplicates=duplicates)
    if base.team_id and facts.fit and facts.fit.whole and base.title not in facts.better:
        return replace(facts, better=(*facts.better, base.title))  # the catalogue knows it not
    return facts


def on_base(base: BaseModel, adapter: AdapterFile) -> OnBase:
    """Return a base as verdicts know it, for this adapter."""
    family = base.family
    if family not in set(Family):  # a team's own, of an architecture of its own: layers decide
        family = identify(adapter).detection.family.value
    return OnBase(base.slug, base.title, family, bases.manifest_of(base))


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
    return _named(_others(version).filter(blob__tensor_digest=digest)[:MOST_NAMED])


def _alike(version: AdapterVersion, weights: VersionFile) -> tuple[str, ...]:
    """Name the versions of the same family with the same weights in another form."""
    blob = weights.blob
    if blob is None or not blob.change_norm:
        return ()
    near = likeness.CLOSE_IN_ALL * blob.change_norm
    candidates = (
        _others(version)
        .filter(
            version__base__family=version.base.family,
            blob__change_norm__range=(blob.change_norm - near, blob.change_norm + near),
        )
        .exclude(blob=blob)
        .exclude(blob__tensor_digest=blob.tensor_digest)
        .select_related("blob")
    )
    return _named(
        file
        for file in candidates[:MOST_COMPARED]
        if file.blob and likeness.alike(blob.change_signature, file.blob.change_signature)
    )


def _others(version: AdapterVersion) -> QuerySet[VersionFile]:
    """
    Return files that may be named in a report: whoever sees one learns nothing of what another
    team has not published. A checkpoint that was promoted is no news to its own adapter.
    """
    own = Q(version__adapter__team=version.adapter.team_id)
    return (
        VersionFile.objects.filter(own | Q(version__state__in=["published", "withdrawn"]))
        .exclude(version=version)
        .exclude(version__state=AdapterVersion.State.REJECTED)
        .exclude(version__adapter=version.adapter_id, role=VersionFile.Role.CHECKPOINT)
        .select_related("version__adapter__team")
        .order_by("pk")
    )


def _named(found: Iterable[VersionFile]) -> tuple[str, ...]:
    adapters = ((file.version.adapter, file.version.number) for file in found)
    names = (f"{each.team.slug}/{each.slug} v{number}" for each, number in adapters)
    return tuple(dict.fromkeys(names))[:MOST_NAMED]
