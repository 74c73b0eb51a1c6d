"""All bases at once, held against one base after another."""

from __future__ import annotations

import pytest

from registry.bases import catalogue
from registry.bases.fit import best_fits
from registry.bases.index import Index
from registry.bases.manifest import Layer, Manifest
from tests.matrix.test_matrix import CASES
from tests.reading import adapter_from

# A few of all: each takes as long as looking at all bases one by one.
SOME = CASES[::61]


@pytest.mark.parametrize("case", SOME, ids=str)
def test_finds_the_bases_that_are_found_one_by_one(case):
    shapes = case.shapes()
    parts = [name.rpartition(".")[0] for name in shapes]
    half = {name: shape for name, shape in shapes.items() if name.startswith(parts[0])}
    wider = {name: tuple(size + 1 for size in shape) for name, shape in half.items()}

    for some in (shapes, half, shapes | wider):
        adapter = adapter_from(some)
        found = catalogue.index().fits(adapter)
        assert found == best_fits(adapter, catalogue.manifests())


def base(name, **layers) -> Manifest:
    return Manifest(name, {"model": {name: Layer(*layer) for name, layer in layers.items()}})


def fits(shapes, *manifests) -> list[str]:
    """Return the bases that a file fits, found all at once and one by one."""
    adapter = adapter_from(shapes)
    found = Index(manifests).fits(adapter)
    assert found == best_fits(adapter, manifests)
    return [one.base for one in found]


WIDE = base("wide", a=("linear", (8, 16)))
ROUND = base("round", a=("embedding", (16, 8)))
NARROW = base("narrow", a=("linear", (8, 4)))


def test_of_an_embedding_finds_it_turned_round_too():
    lora = {"a.lora_A.weight": (2, 16), "a.lora_B.weight": (8, 2)}
    assert fits(lora, WIDE, ROUND, NARROW) == ["round", "wide"]


def test_of_half_a_pair_finds_all_that_it_leaves_open():
    assert fits({"a.lora_B.weight": (8, 2)}, WIDE, ROUND, NARROW) == ["narrow", "round", "wide"]
    assert fits({"a.lora_A.weight": (2, 4)}, WIDE, ROUND, NARROW) == ["narrow"]


def test_of_no_layers_finds_nothing():
    assert fits({"lora_unet_x.alpha": ()}, WIDE) == []


def test_of_a_layer_that_no_base_has_finds_nothing():
    assert fits({"b.lora_A.weight": (2, 4), "b.lora_B.weight": (8, 2)}, WIDE, NARROW) == []
