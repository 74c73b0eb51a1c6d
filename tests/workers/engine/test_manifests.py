"""Holds the manifests that we ship against the classes that they were made from."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("torch", reason="manifests are made with torch")

import torch

from registry.bases import catalogue
from workers.engine import manifests
from workers.engine.families.table import family_of

pytestmark = pytest.mark.torch


@pytest.mark.parametrize("slug", ["shapes", "sd-1-5", "gpt-2", "bloom-560m"])
def test_a_manifest_is_what_its_configuration_gives(slug):
    assert manifests.make(slug, catalogue.FOLDER / slug / "config") == catalogue.manifest(slug)


def test_the_demo_base_is_built_as_its_manifest_says():
    ours = catalogue.FOLDER / "shapes/config"
    shipped = catalogue.FOLDER.parent / "demo/base"
    for component in ("unet", "text_encoder"):
        one = json.loads((ours / component / "config.json").read_text())
        other = json.loads((shipped / component / "config.json").read_text())
        for key in ("block_out_channels", "cross_attention_dim", "down_block_types", "hidden_size",
                    "num_hidden_layers", "intermediate_size", "in_channels"):  # fmt: skip
            assert one.get(key) == other.get(key)


def test_no_layer_takes_room():
    with torch.device("meta"):
        model = torch.nn.Sequential(torch.nn.Linear(1 << 20, 1 << 20), torch.nn.LayerNorm(4))
    layers = dict(manifests.layers_of(model))
    assert layers["0"].shape == (1 << 20, 1 << 20)
    assert layers["1"].kind == "norm"


@pytest.mark.parametrize(
    ("slug", "millions"), [("sd-1-5", 859.5), ("sd-2-1", 865.9)]
)  # fmt: skip
def test_a_configuration_gives_as_many_parameters_as_are_published(slug, millions):
    folder = catalogue.FOLDER / slug / "config"
    [unet] = [model for name, _, model in manifests._models(folder) if name == "unet"]
    assert sum(p.numel() for p in unet.parameters()) / 1e6 == pytest.approx(millions, abs=0.1)


# The denoiser of each base and how many parameters it is published with, in billions.
BILLIONS = [
    ("sd3-medium", 2.0),
    ("sd-3-5-medium", 2.5),
    ("sd-3-5-large", 8.1),
    ("stable-cascade", 3.6),
    ("chroma", 8.9),
    ("flux-1-fill-dev", 11.9),
    ("flux-2-dev", 32.2),
    ("flux-2-klein-4b", 3.9),
    ("flux-2-klein-9b", 9.1),
    ("qwen-image", 20.4),
    ("z-image", 6.2),
    ("krea-2", 12.9),
    ("auraflow", 6.8),
    ("kolors", 2.6),
]


@pytest.mark.parametrize(("slug", "billions"), BILLIONS)
def test_a_large_base_has_the_size_that_is_published(slug, billions):
    folder = catalogue.FOLDER / slug / "config"
    denoiser = next(
        model
        for name, _, model in manifests._models(folder)
        if name in {"unet", "transformer", "prior"}
    )
    # SD 3's table of places is a buffer to diffusers and a parameter to who published it.
    held = [*denoiser.parameters(), *denoiser.buffers()]
    assert sum(each.numel() for each in held) / 1e9 == pytest.approx(billions, abs=0.1)


@pytest.mark.parametrize(
    "entry",
    [entry for entry in catalogue.entries() if entry.proof != "fits"],
    ids=lambda entry: entry.slug,
)
def test_a_base_that_asks_for_more_than_a_fit_is_one_that_the_engine_can_build(entry):
    assert entry.pipeline in family_of(entry.pipeline).pipelines
