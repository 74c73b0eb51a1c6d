"""Every base whose adapters must load: the skeleton of its full size takes one of its manifest."""

from __future__ import annotations

import pytest

from registry.bases import catalogue
from tests.workers.engine import tiny
from workers.engine.adapter_files import AdapterSource
from workers.engine.bases import BaseSource
from workers.engine.trials import prove_loads

ENTRIES = [
    entry
    for entry in catalogue.entries()
    if entry.proof != "fits" and (catalogue.FOLDER / entry.slug / "config").is_dir()
]


@pytest.mark.slow
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
def test_takes_an_adapter_of_all_attention_layers(bases, tmp_path, entry):
    config = catalogue.FOLDER / entry.slug / "config"
    skeleton = bases.skeleton(BaseSource(entry.slug, entry.pipeline, None, config, ""))
    manifest = catalogue.manifest(entry.slug)
    tensors = {}
    for component in skeleton.family.adapted:
        endings = tiny.ENCODER if component.startswith("text") else tiny.ATTENTION
        layers = manifest.components[component].items()
        shapes = {
            name: layer.shape
            for name, layer in layers
            if layer.kind == "linear" and name.endswith(endings)
        }
        tensors |= tiny._lettered(f"{component}.", tiny.pairs(shapes, rank=1))

    path = tiny.write(tmp_path / "adapter", tensors)
    facts, _ = prove_loads(skeleton, AdapterSource(path))

    assert facts["error"] is None
    assert facts["unmatched_layers"] == []
    assert sum(facts["injected"].values()) == len(tensors) // 2
