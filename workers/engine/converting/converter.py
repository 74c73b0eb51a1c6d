"""The way of a conversion, from the file that is there to the file that is offered."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import diffusers
import torch

from registry.bases import catalogue
from registry.exports import headers
from registry.exports.conversions import why_not
from registry.formats.dialects import Dialect
from workers.engine.converting import original, thinning
from workers.engine.converting.changes import Change
from workers.engine.converting.contract import Conversion, ConversionRefused, Converted
from workers.engine.converting.header_metadata import carried_over
from workers.engine.converting.judging import by_place, worst_error
from workers.engine.converting.layouts import diffusers as diffusers_layout
from workers.engine.converting.layouts import gguf, kohya, peft
from workers.engine.converting.names import Names
from workers.engine.converting.numbers import TOLERANCES, dtype_called, written_in
from workers.engine.converting.reading import Reading
from workers.engine.converting.saving import save
from workers.engine.converting.shrinking import Shrinking
from workers.engine.converting.weights import Weights, open_weights

TEXT = "model"  # what manifests call a transformers model that is no part of a pipeline
# What a rank alone says of the network, untrue after it was shrunk.
_OF_NETWORK = ("ss_network_dim", "ss_network_alpha", "ss_network_module", "ss_network_args")


@dataclass(frozen=True)
class Writing:
    """All that writing a layout needs to know."""

    base: str
    names: Names
    weights: Weights
    to: Conversion
    dtype: torch.dtype
    into: Path
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Made:
    """Files of a layout, what is to be said of them, and how to read each again."""

    weights: Mapping[Path, str | None]  # a file → the component that it is all for, if it is
    beside: Mapping[Path, Path]  # a file → its configuration
    notes: tuple[str, ...]


def convert(
    source: Path, config: Path | None, *, to: Conversion, base: str, into: Path
) -> Converted:
    """
    Write the adapter at `source` into the folder `into` as `to` says; `base` is a slug, `config`
    PEFT's configuration.

    :raises ConversionRefused: if it cannot be done, or came out otherwise than it should
    """
    weights = open_weights(source, config)
    into.mkdir(parents=True, exist_ok=True)
    if not to.without:
        return _convert(weights, config, to=to, base=base, into=into)
    with tempfile.TemporaryDirectory(prefix="thinned-") as folder:
        thinned = thinning.without(weights, to.without, Path(folder) / source.name)
        return _convert(open_weights(thinned, config), config, to=to, base=base, into=into)


def _convert(
    weights: Weights, config: Path | None, *, to: Conversion, base: str, into: Path
) -> Converted:
    if to.layout == "original":
        return original.write(weights, config, to, into)
    reading = _reading(weights, to, base)
    shrinking = Shrinking.of(to)
    dtype = dtype_called(to.dtype) if to.dtype else written_in(weights.dtype)
    changes = list(shrinking(reading))
    dropped = _OF_NETWORK if shrinking.made_of else ()
    metadata = carried_over(weights.header.metadata, to, dropped=dropped)
    writing = Writing(base, reading.names, weights, to, dtype, into, metadata)
    made = LAYOUTS[to.layout](changes, writing)
    try:
        written = _again(made, reading)
        bound = TOLERANCES[dtype] + shrinking.expected
        layers, worst = worst_error(reading, written, bound=bound)
    except BaseException:
        for path in (*made.weights, *made.beside.values()):
            with suppress(OSError):
                path.unlink()
        raise
    notes = (*reading.notes, *_told(shrinking), *made.notes)
    return Converted((*made.beside.values(), *made.weights), layers, worst, notes)


def _reading(weights: Weights, to: Conversion, base: str) -> Reading:
    manifest = catalogue.manifest(base)
    known = catalogue.entry(base)
    if manifest is None or known is None:
        raise ConversionRefused(f"The layers of {base} are not known, so none can be renamed.")
    reason = why_not(to.layout, known.family)
    if reason:
        raise ConversionRefused(reason)
    is_text = TEXT in manifest.components
    if is_text and weights.adapter.dialect is Dialect.PEFT and not weights.adapter.config:
        raise ConversionRefused(
            "PEFT keeps alpha in adapter_config.json, so the file cannot be converted without it."
        )
    heads = gguf.architecture(base).heads if weights.adapter.dialect is Dialect.GGUF else None
    reading = Reading(weights, Names(manifest), heads=heads)
    reading.refuse_losses()
    return reading


def _again(made: Made, reading: Reading) -> dict[tuple[str, str], Change]:
    """Read what was written, by the same readers as what was given."""
    found: dict[tuple[str, str], Change] = {}
    for path, component in made.weights.items():
        weights = open_weights(path, made.beside.get(path))
        heads = None
        if weights.adapter.dialect is Dialect.GGUF:
            heads = gguf.architecture(reading.names.base).heads
        again = Reading(weights, reading.names, component=component, heads=heads)
        again.refuse_losses()
        found |= by_place(again)
    return found


def _told(shrinking: Shrinking) -> tuple[str, ...]:
    if not shrinking.made_of:
        return ()
    made = ", ".join(f"{count} of {name}" for name, count in shrinking.made_of.items())
    return (
        (
            f"Layers were brought to plain LoRA of a lower rank by singular values ({made}), which "
            f"leaves an error of at most {shrinking.expected:.2%}."
        ),
    )


# --- the layouts -------------------------------------------------------------------------


def _kohya(changes: list[Change], writing: Writing) -> Made:
    tensors, notes = kohya.tensors(changes, writing.names, writing.dtype)
    path = writing.into / kohya.FILE
    save(tensors, path, writing.metadata)
    return Made({path: None}, {}, notes)


def _diffusers(changes: list[Change], writing: Writing) -> Made:
    known = catalogue.entry(writing.base)
    pipeline = getattr(diffusers, known.pipeline if known else "", None)
    loadable = getattr(pipeline, "_lora_loadable_modules", ())
    tensors, fields = diffusers_layout.tensors(changes, writing.names, loadable, writing.dtype)
    path = writing.into / diffusers_layout.FILE
    save(tensors, path, {**writing.metadata, **fields})
    folded = any(change.scale != 1 for change in changes)
    note = "Alpha was put into the matrices, so every reader of this layout applies it."
    return Made({path: None}, {}, (note,) if folded else ())


def _peft(changes: list[Change], writing: Writing) -> Made:
    weights: dict[Path, str | None] = {}
    beside: dict[Path, Path] = {}
    scales = {change.scale for change in changes if change.component == TEXT}
    for component in dict.fromkeys(change.component for change in changes):
        own = [change for change in changes if change.component == component]
        own = peft.at_one_scale(own) if component == TEXT else own
        folder = writing.into if component == TEXT else writing.into / component
        folder.mkdir(exist_ok=True)
        path, config = folder / peft.WEIGHTS, folder / peft.CONFIG
        fields = peft.config(
            own, writing.names.components[component], writing.weights.adapter.config
        )
        fields = headers.without_paths(fields) if writing.to.bare else fields
        if repo := writing.to.bake.get(headers.BASE_REPO):
            fields["base_model_name_or_path"] = repo
        save(peft.tensors(own, writing.dtype), path, writing.metadata)
        config.write_text(json.dumps(fields, indent=2, sort_keys=True), encoding="utf-8")
        weights[path], beside[path] = component, config
    kept = "Alpha is kept, in the configuration."
    one = "Layers had scales of their own, which went into the matrices: servers apply one to all."
    return Made(weights, beside, (one if len(scales) > 1 else kept,))


def _gguf(changes: list[Change], writing: Writing) -> Made:
    path = writing.into / gguf.FILE
    target = gguf.architecture(writing.base)
    notes = gguf.write(changes, target, path, dtype=writing.dtype, bake=writing.to.bake)
    return Made({path: None}, {}, notes)


LAYOUTS: Mapping[str, Callable[[list[Change], Writing], Made]] = {
    "kohya": _kohya,
    "diffusers": _diffusers,
    "peft": _peft,
    "gguf": _gguf,
}
