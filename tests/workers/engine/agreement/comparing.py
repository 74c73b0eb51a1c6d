"""Our count of what fits and the loader's of what it filled, side by side, layer by layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch

from registry.bases.catalogue import Entry
from registry.bases.fit import Fit, fit
from registry.bases.manifest import Manifest, plain
from registry.checks.facts import Declared
from registry.checks.runtimes import TRAPS
from registry.formats.adapter import AdapterFile
from registry.formats.families import Detection
from registry.formats.family_rules.rule import Family
from tests.reading import adapter_from
from tests.workers.engine.agreement.loaders import Loaded, load
from tests.workers.engine.agreement.small import Small
from tests.workers.engine.agreement.writing import Shapes

VALUE = 0.01
ALPHA = 2.0


@dataclass(frozen=True)
class Compared:
    """One file on one base, as we see it and as the loader does."""

    entry: Entry
    adapter: AdapterFile
    fit: Fit
    covered: frozenset[str]  # layers of the base that we say it changes
    loaded: Loaded

    @property
    def traps(self) -> tuple[str, ...]:
        """What we say of how the file is taken, by the slugs of our sentences."""
        family = Family(self.entry.family)
        declared = Declared(
            self.adapter,
            self.entry.slug,
            self.entry.title,
            family,
            Detection(family, "", "", "", ()),
        )
        return tuple(trap.slug for trap in TRAPS if trap.catches(declared))

    @property
    def agree(self) -> bool:
        return not self.loaded.refusal and self.covered == self.loaded.layers

    @property
    def refused(self) -> str:
        """Why we refuse the file, whatever the loader does with it."""
        if any(pair.missing for pair in self.adapter.pairs):
            return "pairs.complete"
        if any(pair.torn for pair in self.adapter.pairs):
            return "pairs.rank"
        if self.fit.mismatches:
            return "shapes.match"
        return "layers.known" if self.fit.unknown else ""


def compare(small: Small, shapes: Shapes, folder: Path) -> Compared:
    """Return what we and the loader make of a file with such tensors."""
    adapter = adapter_from(shapes)
    ours = fit(adapter, small.manifest)
    tensors = {
        name: torch.full(shape, VALUE if shape else ALPHA, dtype=torch.float16)
        for name, shape in shapes.items()
    }
    return Compared(
        small.entry,
        adapter,
        ours,
        frozenset(_covered(adapter, ours, small.manifest)),
        load(small, tensors, folder),
    )


def _covered(adapter: AdapterFile, ours: Fit, manifest: Manifest) -> Iterator[str]:
    """Yield the layers of the base that the applied ones stand for: joined ones for several."""
    own = {
        component: {plain(component, name.replace(".", "_")): name for name in layers}
        for component, layers in manifest.components.items()
    }
    left_out = {*ours.unknown, *(found.layer for found in ours.mismatches)}
    for pair in adapter.pairs:
        if pair.layer in left_out:
            continue
        flat = plain(pair.component, pair.flat)
        name = own[pair.component].get(flat)
        parts = (name,) if name else manifest.other_names[pair.component][flat]
        yield from (f"{pair.component}.{part}" for part in parts)
