"""How far pictures are apart by VGG features; the weights here are drawn by chance."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")

import torch
from safetensors.torch import save_file
from torch.nn import functional

from registry.sweeps.plan import Scene
from workers.engine.devices import choose
from workers.engine.last_loaded import ModelSource
from workers.engine.picture_shots import PictureShot
from workers.engine.sweeping import Row
from workers.engine.vgg import DEPTHS, MEAN, SPREAD, vggs

SCENE = Scene("circle", "A circle", "a red circle", width=32, height=32)
ROW = Row(SCENE, "a red circle", (0.0, 0.5, 1.0), frozenset())
KEYS = {0.0: "zero", 0.5: "half", 1.0: "one"}
RANDOM = np.random.default_rng(1)


def picture():
    return RANDOM.integers(0, 255, (32, 32, 3), dtype=np.uint8)


def weights():
    generator, tensors, number, before = torch.Generator().manual_seed(0), {}, 0, 3
    for depth in DEPTHS:
        for channels in depth:
            size = (2 / (9 * before)) ** 0.5
            drawn = torch.randn((channels, before, 3, 3), generator=generator) * size
            tensors |= {f"features.{number}.weight": drawn.half(),
                        f"features.{number}.bias": torch.zeros(channels).half()}  # fmt: skip
            number, before = number + 2, channels
        number += 1
    return tensors


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("vgg") / "vgg16.safetensors"
    save_file(weights(), path)
    return path


@pytest.fixture
def vgg(file):
    return vggs(choose("cpu")).load(ModelSource(file, "0123456789abcdef"))


def shots(*pictures):
    return {
        weight: PictureShot(one, None) for weight, one in zip(ROW.weights, pictures, strict=True)
    }


def test_the_layers_are_where_vgg16_has_them():
    names = [int(name.split(".")[1]) for name in weights() if name.endswith("weight")]

    assert names == [0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28]


def test_features_are_what_the_convolutions_give(vgg):
    seen, tensors = picture(), {name: one.float() for name, one in weights().items()}
    mean, spread = (torch.tensor(one).view(1, 3, 1, 1) for one in (MEAN, SPREAD))
    here = (torch.from_numpy(seen).permute(2, 0, 1)[None].float() / 255 - mean) / spread
    for number in (0, 2):
        here = functional.conv2d(here, tensors[f"features.{number}.weight"], padding=1).relu()

    found = vgg.features(seen)

    assert [one.shape[1:] for one in found] == [
        (64, 32, 32), (128, 16, 16), (256, 8, 8), (512, 4, 4), (512, 2, 2),
    ]  # fmt: skip
    assert torch.allclose(found[0], functional.normalize(here, dim=1), atol=1e-4)


def test_says_how_far_each_is_from_weight_0_and_from_the_one_before(vgg):
    one, other = picture(), picture()

    seen = vgg.see(ROW, KEYS, shots(one, other, one))

    assert seen[0.0] == {"vgg": 0.0, "vgg_step": 0.0, "vgg_by": "0123456789ab"}
    assert seen[0.5]["vgg"] == pytest.approx(seen[0.5]["vgg_step"])
    assert seen[1.0]["vgg"] == pytest.approx(0, abs=1e-5)
    assert seen[1.0]["vgg_step"] == pytest.approx(seen[0.5]["vgg"], abs=1e-6)
    assert 0.01 < seen[0.5]["vgg"] < 1


def test_of_a_slider_weight_0_stands_in_the_middle(vgg):
    slider = replace(ROW, weights=(-1.0, 0.0, 1.0))
    one, other = picture(), picture()
    drawn = {-1.0: one, 0.0: other, 1.0: one}
    keys = {-1.0: "below", 0.0: "zero", 1.0: "one"}

    seen = vgg.see(slider, keys, {w: PictureShot(p, None) for w, p in drawn.items()})

    assert seen[-1.0]["vgg"] == pytest.approx(seen[1.0]["vgg"], abs=1e-6)
    assert seen[-1.0]["vgg_step"] == 0.0
    assert seen[0.0]["vgg_step"] == pytest.approx(seen[-1.0]["vgg"], abs=1e-6)


def test_compares_no_two_pictures_twice(vgg, monkeypatch):
    drawn = shots(picture(), picture(), picture())
    first = vgg.see(ROW, KEYS, drawn)
    monkeypatch.setattr(type(vgg), "features", lambda *_: pytest.fail("looked again"))

    assert vgg.see(ROW, KEYS, drawn) == first


def test_says_nothing_without_weight_0(vgg):
    bare = replace(ROW, weights=(0.5, 1.0))

    assert vgg.see(bare, KEYS, {0.5: PictureShot(picture(), None)}) == {}


@pytest.mark.parametrize("change", ["lacks", "shape", "text"])
def test_what_is_no_vgg16_is_said_once_and_done_without(tmp_path, caplog, change):
    tensors, path = weights(), tmp_path / "odd.safetensors"
    if change == "lacks":
        del tensors["features.28.bias"]
    elif change == "shape":
        tensors["features.5.weight"] = torch.zeros(3, 3)
    save_file(tensors, path)
    if change == "text":
        path.write_text("no weights at all")
    loading = vggs(choose("cpu"))

    with caplog.at_level(logging.WARNING):
        assert loading.load(ModelSource(path, "a")) is None
        assert loading.load(ModelSource(path, "a")) is None

    assert caplog.text.count(f"VGG16 in {path} cannot be loaded") == 1
