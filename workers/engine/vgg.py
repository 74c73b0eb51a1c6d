"""
How far pictures are apart by VGG features, where the operator has them.

VGG16's convolutions see shapes and textures much as people do. Their trained weights are a file of
the operator's (safetensors, with torchvision's names); untrained ones are no measure, and there are
none here. The distance is 1 less the cosine of the features at a place, as the mean over all places
and over five depths: 0 for the same picture, about 1 for two that have nothing in common. It is
told beside the distance that a curve is drawn from, whose thresholds are not its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional

from workers.engine.devices import Device
from workers.engine.last_loaded import LastLoaded, ModelSource
from workers.engine.picture_shots import PictureShot
from workers.engine.pictures import Picture
from workers.engine.shots import Shot
from workers.engine.sweeping import Row

# Channels of each convolution, depth by depth; between depths, sides are halved.
DEPTHS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
MEAN, SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of what it was trained on
MOST_KEPT = 1024  # distances
NAMED_BY = 12  # digits of a digest

Layer = tuple[Tensor, Tensor]  # weight and bias


@dataclass(slots=True)
class Vgg:
    """Trained convolutions, and the distances that they gave last, by the keys of both cells."""

    source: ModelSource
    depths: tuple[tuple[Layer, ...], ...]
    kept: dict[tuple[str, str], float] = field(default_factory=dict)

    @torch.inference_mode()
    def features(self, picture: Picture) -> list[Tensor]:
        """Return the features of a picture at each depth, of length 1 at each place."""
        place = self.depths[0][0][0].device
        mean, spread = (
            torch.tensor(numbers, device=place).view(1, 3, 1, 1) for numbers in (MEAN, SPREAD)
        )
        seen = torch.from_numpy(picture.copy()).to(place).permute(2, 0, 1)[None].float() / 255
        here: Tensor = (seen - mean) / spread
        found: list[Tensor] = []
        for depth in self.depths:
            if found:
                if min(here.shape[2:]) < 2:
                    break  # the picture is too small to be seen deeper
                here = functional.max_pool2d(here, 2)
            for weight, bias in depth:
                here = functional.relu(functional.conv2d(here, weight, bias, padding=1))
            found.append(functional.normalize(here, dim=1))
        return found

    def see(
        self, row: Row, keys: Mapping[float, str], shots: Mapping[float, Shot]
    ) -> dict[float, dict[str, Any]]:
        """Return how far each picture of a row is from weight 0, and from the one before it."""
        seen = {
            weight: shot.picture
            for weight in row.weights
            if isinstance(shot := shots.get(weight), PictureShot) and shot.is_finite
        }
        if 0.0 not in seen:
            return {}
        walk, by = _Walk(self, keys, seen), self.source.digest[:NAMED_BY]
        found: dict[float, dict[str, Any]] = {}
        before = next(iter(seen))
        for weight in seen:
            far, step = walk.apart(0.0, weight), walk.apart(before, weight)
            found[weight] = {"vgg": far, "vgg_step": step, "vgg_by": by}
            walk.leave_all_but(weight)
            before = weight
        while len(self.kept) > MOST_KEPT:
            self.kept.pop(next(iter(self.kept)))
        return found


@dataclass(slots=True)
class _Walk:
    """The pictures of a row on the way along it. Features are large, so few are kept."""

    vgg: Vgg
    keys: Mapping[float, str]
    seen: Mapping[float, Picture]
    features: dict[float, list[Tensor]] = field(default_factory=dict)

    def apart(self, one: float, other: float) -> float:
        if one == other:
            return 0.0
        kept, pair = self.vgg.kept, (self.keys[one], self.keys[other])
        if pair not in kept:
            kept[pair] = _distance(self._features(one), self._features(other))
        return kept[pair]

    def leave_all_but(self, weight: float) -> None:
        for gone in self.features.keys() - {0.0, weight}:
            del self.features[gone]

    def _features(self, weight: float) -> list[Tensor]:
        if weight not in self.features:
            self.features[weight] = self.vgg.features(self.seen[weight])
        return self.features[weight]


def _distance(one: list[Tensor], other: list[Tensor]) -> float:
    shares = [1 - float((a * b).sum(dim=1).mean()) for a, b in zip(one, other, strict=True)]
    return max(sum(shares) / len(shares), 0.0)


def vggs(device: Device) -> LastLoaded[Vgg]:
    """Return what holds the weights that a process was asked for last."""
    return LastLoaded(
        lambda source: Vgg(source, _loaded(source.at, device)),
        title="VGG16",
        instead="pictures are not compared by it",
    )


def _loaded(file: Path, device: Device) -> tuple[tuple[Layer, ...], ...]:
    """:raises Exception: of many kinds, if the file is none of VGG16"""
    tensors = load_file(file, device="cpu")
    depths, number, before = [], 0, 3
    for depth in DEPTHS:
        layers = []
        for channels in depth:
            weight, bias = (tensors[f"features.{number}.{part}"] for part in ("weight", "bias"))
            if weight.shape != (channels, before, 3, 3) or bias.shape != (channels,):
                raise ValueError(f"features.{number} is {tuple(weight.shape)}, unlike VGG16's")
            layers.append(tuple(one.float().to(device.place) for one in (weight, bias)))
            number, before = number + 2, channels  # a ReLU stands between
        depths.append(tuple(layers))
        number += 1  # … and a pooling
    return tuple(depths)  # type: ignore[arg-type]  # two tensors each
