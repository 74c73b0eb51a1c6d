"""
Every layer of a base that an adapter may change, with the shape of its weight.

Made once from the base's configuration (`python -m workers.engine.manifests`), shipped as data, and
read in milliseconds, so the web process can hold a file against a base without its weights.

Layers stand under the names that diffusers and transformers give them. Adapters use other names
too; `other_names` holds those that do not follow from the first by swapping dots for underscores:
SDXL's original block names, FLUX's matrices that hold queries, keys and values at once.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

VERSION = 1
MAX_TEXT = 64 * 1024 * 1024  # bytes, unpacked; the largest of ours has under one
KINDS = ("linear", "conv", "embedding", "norm")

# Names differ in how much of the wrapping they tell: `text_model.encoder…` was transformers 4,
# plain `encoder…` is 5; PEFT writes `model.layers…`, a bare model `layers…`.
_WRAPPINGS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "text_encoder": ("text_model_",),
        "text_encoder_2": ("text_model_",),
        "text_encoder_3": ("text_model_",),
        "model": (
            "base_model_model_",
            "language_model_",
            "vlm_",
            "model_",
            "transformer_",
            "gpt_neox_",
            "bert_",
            "roberta_",
            "distilbert_",
            "wav2vec2_",
        ),
    }
)


_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: what it is, and its weight's shape, outputs first."""

    kind: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Manifest:
    """The layers of one base: component → name → layer."""

    base: str
    components: Mapping[str, Mapping[str, Layer]]
    other_names: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    @cached_property
    def by_flat_name(self) -> Mapping[str, Mapping[str, Layer]]:
        """The layers under every name that an adapter may use, in the flat spelling."""
        return MappingProxyType(
            {component: dict(self._names(component)) for component in self.components}
        )

    @cached_property
    def forms(self) -> Mapping[str, Mapping[str, str]]:
        """What each name of `by_flat_name` is but for its numbers, which are those of blocks."""
        return MappingProxyType(
            {
                component: {name: _DIGITS.sub("", name) for name in names}
                for component, names in self.by_flat_name.items()
            }
        )

    @cached_property
    def alike(self) -> Mapping[str, Mapping[str, int]]:
        """How many layers there are of each form."""
        return MappingProxyType(
            {component: Counter(forms.values()) for component, forms in self.forms.items()}
        )

    def find(self, component: str, flat: str) -> Layer | None:
        """Return the layer that an adapter calls `flat`, None if this base has none."""
        return self.by_flat_name.get(component, {}).get(plain(component, flat))

    def _names(self, component: str) -> Iterator[tuple[str, Layer]]:
        layers = self.components[component]
        for other, parts in self.other_names.get(component, {}).items():
            yield other, _joined([layers[part] for part in parts])
            if len(parts) > 1:  # OneTrainer numbers the parts of a joined matrix.
                yield from ((f"{other}_{n}", layers[part]) for n, part in enumerate(parts))
        for name, layer in layers.items():
            yield plain(component, name.replace(".", "_")), layer


def plain(component: str, flat: str) -> str:
    """Return a flat name without the wrapping words that some spell out and some leave away."""
    wrappings = _WRAPPINGS.get(component)
    if wrappings is None or not flat.startswith(wrappings):
        return flat
    while True:
        for wrapping in wrappings:
            if flat.startswith(wrapping):
                flat = flat.removeprefix(wrapping)
                break
        else:
            return flat


def _joined(layers: list[Layer]) -> Layer:
    """Return the layer that several are rows of."""
    outputs = sum(layer.shape[0] for layer in layers)
    return Layer(layers[0].kind, (outputs, *layers[0].shape[1:]))


def write(manifest: Manifest, path: Path) -> None:
    path.write_bytes(encode(manifest))


def encode(manifest: Manifest) -> bytes:
    """Return a manifest's bytes; the same one always becomes the same bytes."""
    fields = {
        "version": VERSION,
        "base": manifest.base,
        "components": {
            component: {
                name: [KINDS.index(layer.kind), *layer.shape] for name, layer in layers.items()
            }
            for component, layers in manifest.components.items()
        },
        "other_names": {
            component: {name: list(parts) for name, parts in names.items()}
            for component, names in manifest.other_names.items()
        },
    }
    text = json.dumps(fields, separators=(",", ":"))
    return gzip.compress(text.encode(), 9, mtime=0)


def read(path: Path) -> Manifest:
    """Return the manifest in a file of ours (never in one from outside)."""
    return decode(path.read_bytes(), name=str(path))


def decode(content: bytes, *, name: str) -> Manifest:
    """
    Return the manifest in bytes that a worker of ours made.

    :raises ValueError: if they are of another version, or unpack to more than any manifest has
    """
    unpacking = zlib.decompressobj(wbits=31)
    text = unpacking.decompress(content, MAX_TEXT)
    if not unpacking.eof:
        raise ValueError(f"{name} is no whole manifest.")
    fields: dict[str, Any] = json.loads(text)
    if fields["version"] != VERSION:
        raise ValueError(f"{name} is a manifest of version {fields['version']}, not {VERSION}.")
    return Manifest(
        base=fields["base"],
        components={
            component: {
                name: Layer(KINDS[kind], tuple(shape)) for name, (kind, *shape) in layers.items()
            }
            for component, layers in fields["components"].items()
        },
        other_names={
            component: {name: tuple(parts) for name, parts in names.items()}
            for component, names in fields["other_names"].items()
        },
    )
