"""Every base whose adapters must load: the skeleton of its full size takes one of its manifest."""

from __future__ import annotations

import math
import resource
import time

import pytest

from registry.bases import catalogue
from tests.workers.engine import tiny
from workers.engine.adapter_files import AdapterSource
from workers.engine.bases import BaseSource
from workers.engine.trials import prove_loads

PROVED = [
    entry
    for entry in catalogue.entries()
    if entry.proof != "fits" and (catalogue.FOLDER / entry.slug / "config").is_dir()
]
ENTRIES = [entry for entry in PROVED if entry.modality in {"image", "video"}]
ATTENTION = {
    "q_proj", "k_proj", "v_proj", "o_proj", "out_proj", "qkv_proj", "qkv", "c_attn", "query", "key",
    "value", "query_key_value", "q", "k", "v", "o", "q_lin", "k_lin", "v_lin", "out_lin",
}  # fmt: skip


def _largest() -> list[catalogue.Entry]:
    """Return of each class of transformers that is proved the base with the most numbers."""
    found: dict[tuple[str, str], tuple[int, catalogue.Entry]] = {}
    for entry in PROVED:
        if entry not in ENTRIES:
            layers = catalogue.manifest(entry.slug).components["model"].values()
            size = sum(math.prod(layer.shape) for layer in layers)
            kind = entry.family, entry.pipeline
            found[kind] = max(found.get(kind, (0, entry)), (size, entry), key=lambda row: row[0])
    return [entry for _, entry in found.values()]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("entry", _largest(), ids=lambda entry: entry.slug)
def test_a_model_takes_an_adapter_of_all_attention_layers(bases, tmp_path, entry):
    config = catalogue.FOLDER / entry.slug / "config"
    before, began = _resident(), time.monotonic()
    skeleton = bases.skeleton(BaseSource(entry.slug, entry.pipeline, None, config, ""))
    layers = catalogue.manifest(entry.slug).components["model"].items()
    shapes = {
        name: layer.shape
        for name, layer in layers
        if layer.kind == "linear" and name.rpartition(".")[2] in ATTENTION
    }
    tensors = tiny._lettered("base_model.model.", tiny.pairs(shapes, rank=1))

    path = tiny.write(tmp_path / "adapter", tensors)
    facts, _ = prove_loads(skeleton, AdapterSource(path))

    assert facts["error"] is None
    assert facts["unmatched_layers"] == []
    assert facts["injected"] == {"model": len(shapes)}
    assert len(shapes) >= 15  # of the smallest, a base of this project's own
    # However large the base is, its skeleton is not.
    assert _resident() - before < 1_000_000_000
    assert time.monotonic() - began < 10


def _resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


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
