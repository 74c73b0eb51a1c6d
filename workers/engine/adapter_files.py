"""
Adapter files as the loader of diffusers takes them.

Sound weights come under names and in algorithms that diffusers passes over in silence, drops or
refuses. These are brought into its own layout (converting.translating), and the answer says so, for
whoever loads the file elsewhere must do the same. Everything else goes to the loader as it lies on
disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from registry.bases.manifest import Layer, Manifest
from workers.engine.bases import Base
from workers.engine.converting.contract import ConversionRefused
from workers.engine.converting.translating import translate, why_not_taken
from workers.engine.converting.weights import open_weights
from workers.engine.manifests import layers_of
from workers.engine.other_names import OtherNames, other_names


class AdapterUnreadable(Exception):
    """The file is not there, or is not what it was when it was judged."""


@dataclass(frozen=True, slots=True)
class AdapterSource:
    """Which adapter, and what the parent counted in its file."""

    path: Path
    config_path: Path | None = None
    dialect: str = ""
    expected: Mapping[str, int] = field(default_factory=dict)
    tensor_digest: str = ""


@dataclass(frozen=True, slots=True)
class Loadable:
    """What to give the loader, and what was done to make it so."""

    state: Path | dict[str, torch.Tensor]
    messages: tuple[str, ...]
    is_finite: bool
    unplaced: tuple[str, ...] = ()  # layers that were not given to it, for the base lacks them


def prepare(base: Base, source: AdapterSource) -> Loadable:
    """
    Return the adapter as diffusers reads it.

    :raises AdapterUnreadable: if the file cannot be read
    """
    try:
        tensors = load_file(source.path)
    except (OSError, ValueError, SafetensorError) as error:
        raise AdapterUnreadable(f"The adapter's file cannot be read: {error}.") from error
    is_finite = all(bool(torch.isfinite(tensor.float()).all()) for tensor in tensors.values())
    try:
        weights = open_weights(source.path, source.config_path)
        # Singular values of what is no number are none, so such a file goes as it is.
        if not why_not_taken(weights.adapter) or not (is_finite or base.is_skeleton):
            return Loadable(source.path, (), is_finite)
        translation = translate(
            weights,
            _manifest(base),
            loadable=base.family.adapted,
            shapes_only=base.is_skeleton,
        )
    except ConversionRefused as refusal:
        # What cannot be translated is for the loader to refuse in its own words.
        return Loadable(source.path, (f"The file could not be translated: {refusal}",), is_finite)
    return Loadable(translation.state, translation.messages, is_finite, translation.unplaced)


def _manifest(base: Base) -> Manifest:
    """Return the layers of the base that is there, catalogued or not."""
    components: dict[str, dict[str, Layer]] = {}
    others: dict[str, OtherNames] = {}
    for name in base.family.adapted:
        part = getattr(base.pipeline, name, None)
        if part is not None:
            components[name] = dict(layers_of(part))
            others[name] = other_names(type(part).__name__, components[name], part.config)
    return Manifest(base.source.slug, components, others)
