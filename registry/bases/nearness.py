"""
How near an adapter is to bases that it fits, and to bases that it does not quite fit.

Trainers treat blocks alike: who trains the queries trains them in every block. So of two bases that
have all of a file's layers, the one that has no more of the kind is meant, which tells a model of
32 blocks from one of 40 that has the same widths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from registry.bases.fit import Fit, agrees, fit
from registry.bases.manifest import Manifest, plain
from registry.formats.adapter import AdapterFile, Pair

SAMPLE = 256  # So many layers of a file are enough to find the bases worth counting them all on.
COUNTED = 6


def coverages(adapter: AdapterFile, manifests: Sequence[Manifest]) -> list[float]:
    """
    Return how many of each base's layers of the kinds in the file the file has, 0 to 1.

    The file must fit all of these bases.
    """
    kinds = _kinds(adapter, manifests[0]) if manifests else {}
    return [_covered(adapter, kinds, manifest) for manifest in manifests]


def _kinds(adapter: AdapterFile, manifest: Manifest) -> Mapping[str, set[str]]:
    """Return the kinds of layers in the file, by component."""
    kinds: dict[str, set[str]] = {component: set() for component in adapter.components}
    for pair in adapter.pairs:
        component = pair.component
        kinds[component].add(manifest.forms[component][plain(component, pair.flat)])
    return kinds


def _covered(adapter: AdapterFile, kinds: Mapping[str, set[str]], manifest: Manifest) -> float:
    there = sum(
        manifest.alike[component][form] for component, forms in kinds.items() for form in forms
    )
    return min(1.0, len(adapter.pairs) / there) if there else 0.0


def nearest(adapter: AdapterFile, manifests: Iterable[Manifest]) -> tuple[Fit, ...]:
    """Return how the adapter fits the bases that most of its layers are in, the nearest first."""
    step = max(1, len(adapter.pairs) // SAMPLE)
    sample = adapter.pairs[::step]
    ranked = sorted(
        ((sum(has(manifest, pair) for pair in sample), manifest) for manifest in manifests),
        key=lambda each: -each[0],
    )
    counted = [fit(adapter, manifest) for applied, manifest in ranked[:COUNTED] if applied]
    return tuple(sorted(counted, key=lambda each: -each.applied))


def has(manifest: Manifest, pair: Pair) -> bool:
    """Return whether a base has a layer of an adapter, in its shape."""
    layer = manifest.find(pair.component, pair.flat)
    return layer is not None and agrees(pair, layer)
