"""Adapter files for a small base: in each naming that trainers use, with one fault if asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from registry.bases.manifest import Layer, Manifest
from tests.matrix import dialects
from tests.matrix.algorithms import OF_EARLY_DIFFUSERS, OF_KOHYA, OF_PEFT, Algorithm
from tests.workers.engine.agreement.spelling import dotted

Shapes = dict[str, tuple[int, ...]]
DENOISERS = ("unet", "transformer", "prior")


def _original(manifest: Manifest) -> Iterator[tuple[str, str, Layer]]:
    """Yield component, name and layer; of two names for the same layer, the wider one."""
    for component, names in manifest.other_names.items():
        if not names:
            continue
        taken: set[str] = set()
        for other, parts in sorted(names.items(), key=lambda each: -len(each[1])):
            found = manifest.find(component, other)
            if taken.isdisjoint(parts) and found is not None:
                taken.update(parts)
                yield component, dotted(other), found
        for name, layer in manifest.components[component].items():
            if name not in taken:  # What nobody names otherwise.
                yield component, name, layer


def kohya_original(manifest: Manifest) -> dialects.Named:
    for component, name, layer in _original(manifest):
        if component in DENOISERS:
            prefix = dialects._KOHYA[component]
            yield prefix + name.replace(".", "_"), layer


def comfyui_original(manifest: Manifest) -> dialects.Named:
    for component, other, layer in _original(manifest):
        if component == "transformer":
            yield f"diffusion_model.{other}", layer


def diffusers(manifest: Manifest) -> dialects.Named:
    """Yield diffusers' names, for which what is inside of a transformer elsewhere lies beside."""
    for name, layer in dialects.diffusers(manifest):
        yield name.replace("transformer.text_conditioner.", "text_conditioner."), layer


def wrapped(manifest: Manifest) -> dialects.Named:
    """Yield diffusers' names as SimpleTuner had them in 2024: PEFT's prefix behind the part's."""
    for name, layer in dialects.diffusers(manifest):
        part, _, module = name.partition(".")
        yield f"{part}.base_model.model.{module}", layer


@dataclass(frozen=True)
class Dialect:
    """One row: its names, and the algorithms written in it, the plain one first."""

    names: Callable[[Manifest], dialects.Named]
    algorithms: Mapping[str, Algorithm]
    of: tuple[str, ...] = DENOISERS

    def speaks_of(self, manifest: Manifest) -> bool:
        return any(each in manifest.components for each in self.of) and any(
            True for _ in self.names(manifest)
        )


def _some(algorithms: Mapping[str, Algorithm], *names: str) -> Mapping[str, Algorithm]:
    return {name: algorithms[name] for name in names}


_KOHYA = _some(OF_KOHYA, "LoRA", "LoCon", "DoRA")
_PEFT = _some(OF_PEFT, "LoRA", "DoRA") | {
    "LoCon": Algorithm("locon", OF_PEFT["LoRA"].write, ("linear", "conv"))
}
DIALECTS: Mapping[str, Dialect] = {
    "kohya": Dialect(dialects.kohya, _KOHYA),
    "kohya, original names": Dialect(kohya_original, _KOHYA),
    "LyCORIS": Dialect(dialects.lycoris, _some(OF_KOHYA, "LoRA")),
    "diffusers": Dialect(diffusers, _PEFT),
    "diffusers, wrapped by PEFT": Dialect(wrapped, _some(OF_PEFT, "LoRA")),
    "diffusers, early 2023": Dialect(dialects.diffusers, OF_EARLY_DIFFUSERS, ("unet",)),
    "ComfyUI": Dialect(dialects.generic, _some(OF_PEFT, "LoRA"), ("transformer",)),
    "ComfyUI, original names": Dialect(comfyui_original, _PEFT, ("transformer",)),
    "PEFT": Dialect(dialects.peft, _PEFT, ("model",)),
    "PEFT, bare": Dialect(dialects.bare, _some(OF_PEFT, "LoRA"), ("model",)),
}


# Which of a base's layers a file changes: attention and feed-forward of the blocks, as most
# trainers do; all but the text encoders'; those too.
SCOPES = ("blocks", "all", "text encoders")
_IN_BLOCKS = re.compile(r"(blocks|layers|block|layer|refiner|h)\.\d+\.")
_MODULATING = re.compile(r"mod|norm|adaln|time_emb|gate_logits", re.IGNORECASE)


def shapes_of(manifest: Manifest, dialect: str, algorithm: str, scope: str = "all") -> Shapes:
    """Return names and shapes of an adapter for a base."""
    row = DIALECTS[dialect]
    if scope == "text encoders" and row.algorithms is OF_EARLY_DIFFUSERS:
        return {}  # It called those of text encoders otherwise.
    how = row.algorithms[algorithm]
    return {
        f"{name}.{tail}": shape
        for name, layer in row.names(_within(manifest, scope))
        if how.takes(layer) and layer.shape[1:2] != (1,)  # No loader takes grouped kernels.
        for tail, shape in how.write(layer.shape).items()
    }


def _within(manifest: Manifest, scope: str) -> Manifest:
    """Return a base's layers in a scope as if it had no others."""
    components = {
        component: {
            name: layer
            for name, layer in layers.items()
            if scope != "blocks" or (_IN_BLOCKS.search(name) and not _MODULATING.search(name))
        }
        for component, layers in manifest.components.items()
        if scope == "text encoders" or not component.startswith("text_encoder")
    }
    others = {
        component: {
            other: parts
            for other, parts in manifest.other_names.get(component, {}).items()
            if all(part in layers for part in parts)
        }
        for component, layers in components.items()
    }
    return Manifest(manifest.base, components, others)


# --- one fault at a time -------------------------------------------------------------------------


def _pair(shapes: Shapes) -> dict[str, str]:
    """Return the tensors of a layer in the middle, by their tails."""
    tails = (".lora_down.weight", ".lora_A.weight", ".lora.down.weight")
    layers = [name.removesuffix(tail) for name in shapes for tail in tails if name.endswith(tail)]
    layer = layers[len(layers) // 2]
    return {name.removeprefix(layer): name for name in shapes if name.startswith(f"{layer}.")}


def stranger(shapes: Shapes) -> Shapes:
    """Add a layer that no base has."""
    pair = _pair(shapes)
    layer = next(iter(pair.values())).removesuffix(next(iter(pair)))
    head, number, tail = _around_last_number(layer)
    return shapes | {f"{head}{int(number) + 97}{tail}{end}": shapes[name]
                     for end, name in pair.items()}  # fmt: skip


def _around_last_number(layer: str) -> tuple[str, str, str]:
    found = re.search(r"(?<=[._])\d+(?=[._])", layer)
    assert found is not None, layer
    return layer[: found.start()], found[0], layer[found.end() :]


def wider(shapes: Shapes) -> Shapes:
    """Make one layer take more inputs than it has in the base."""
    name = next(name for tail, name in _pair(shapes).items() if tail in _DOWN)
    rank, inputs, *kernel = shapes[name]
    return shapes | {name: (rank, inputs + 8, *kernel)}


def half(shapes: Shapes) -> Shapes:
    """Leave out one matrix that the file is no adapter without."""
    gone = next(name for tail, name in _pair(shapes).items() if tail in _UP)
    return {name: shape for name, shape in shapes.items() if name != gone}


_DOWN = {".lora_down.weight", ".lora_A.weight", ".lora.down.weight"}
_UP = {".lora_up.weight", ".lora_B.weight", ".lora.up.weight"}
FAULTS: Mapping[str, Callable[[Shapes], Shapes]] = {
    "one unknown layer more": stranger,
    "one layer of another width": wider,
    "one half missing": half,
}
