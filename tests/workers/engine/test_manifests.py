"""Holds the manifests that we ship against the classes that they were made from."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("torch", reason="manifests are made with torch")

import torch

from registry.bases import catalogue
from workers.engine import manifests

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
