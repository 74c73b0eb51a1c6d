"""
How large the changes of several versions are, layer by layer: by the names that the base has for
its layers, in its order, and grouped by its blocks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from registry.bases.manifest import Manifest, plain
from registry.models import AdapterVersion, LayerNorms, VersionFile
from registry.queries import bases, files

# A block is what its name says up to the first number; what has none is one by itself.
_BLOCK = re.compile(r"mid_block|[^.]+(?:\.[^.\d][^.]*)*?\.\d+")
Norms = tuple[float | None, ...]  # of each version, in their order


@dataclass(frozen=True, slots=True)
class Layer:
    name: str
    norms: Norms


@dataclass(frozen=True, slots=True)
class Block:
    name: str
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the base: unet, text_encoder …"""

    name: str
    blocks: tuple[Block, ...]


def unread(*, most: int) -> list[VersionFile]:
    """Return weights that are in use and whose layers nobody has read, the newest first."""
    rows = VersionFile.objects.filter(
        role=VersionFile.Role.WEIGHTS,
        blob__isnull=False,
        blob__layer_norms=None,
        version__state__in=["ready", "published", "withdrawn"],
    )
    whole = rows.select_related("blob", "version").prefetch_related("version__files__blob")
    return list(whole.order_by("-pk")[:most])


def of_versions(versions: Sequence[AdapterVersion]) -> tuple[Part, ...]:
    """Return each part that layers are known of; nothing of versions nobody has read so."""
    read = [_named(version) for version in versions]
    parts = sorted({part for one in read for part in one})
    return tuple(_part(part, [one.get(part, {}) for one in read], versions) for part in parts)


def _named(version: AdapterVersion) -> Mapping[str, Mapping[str, float]]:
    """Return the norms of a version by part and layer, under the base's own names."""
    row = LayerNorms.objects.filter(blob_id=files.weights_of(version).blob_id).first()
    manifest = bases.manifest_of(version.base)
    named: dict[str, Mapping[str, float]] = {}
    for part, layers in (row.parts if row else {}).items():
        names = _names(part, manifest)
        named[part] = {names.get(plain(part, flat), flat): norm for flat, norm in layers.items()}
    return named


def _names(part: str, manifest: Manifest | None) -> dict[str, str]:
    """Return the base's names of its layers by their flat ones, in its order."""
    names = manifest.components.get(part, {}) if manifest else {}
    return {plain(part, name.replace(".", "_")): name for name in names}


def _part(
    part: str, read: Sequence[Mapping[str, float]], versions: Sequence[AdapterVersion]
) -> Part:
    known = _names(part, bases.manifest_of(versions[0].base)).values()
    order = {name: place for place, name in enumerate(known)}
    names = {name for one in read for name in one}
    in_order = sorted(names, key=lambda name: (order.get(name, len(order)), name))
    layers = [Layer(name, tuple(one.get(name) for one in read)) for name in in_order]
    blocks = groupby(layers, lambda layer: block_of(layer.name))
    return Part(part, tuple(Block(name, tuple(own)) for name, own in blocks))


def block_of(name: str) -> str:
    """Return the block that a layer stands in: `down_blocks.1` of its 40 layers."""
    found = _BLOCK.match(name)
    return found[0] if found else name.partition(".")[0]
