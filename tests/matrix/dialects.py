"""How trainers call a base's layers: for each dialect, a name for each layer of a manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from registry.bases.manifest import Layer, Manifest
from tests.matrix.algorithms import OF_EARLY_DIFFUSERS, OF_KOHYA, OF_PEFT, Algorithm

Named = Iterator[tuple[str, Layer]]  # name without its tail, layer

_KOHYA = {
    "unet": "lora_unet_", "transformer": "lora_unet_", "prior": "lora_prior_unet_",
    "text_encoder": "lora_te1_", "text_encoder_2": "lora_te2_", "text_encoder_3": "lora_te3_",
}  # fmt: skip


def _flat(name: str) -> str:
    return name.replace(".", "_")


def _as_trained(component: str, name: str) -> str:
    """Return a layer's name as trainers know it: transformers 5 dropped a word that they keep."""
    return f"text_model.{name}" if component in _CLIP and name.startswith("encoder.") else name


_CLIP = {"text_encoder", "text_encoder_2"}


def kohya(manifest: Manifest) -> Named:
    """Yield sd-scripts' flat names, made from the names in diffusers and transformers."""
    for component, layers in manifest.components.items():
        prefix = _KOHYA[component]
        if prefix == "lora_te1_" and "text_encoder_2" not in manifest.components:
            prefix = "lora_te_"
        for name, layer in layers.items():
            yield prefix + _flat(_as_trained(component, name)), layer


def original(manifest: Manifest) -> Named:
    """Yield flat names made from those in the base's own first code."""
    for component in manifest.components:
        for other, parts in manifest.other_names.get(component, {}).items():
            found = manifest.find(component, other)
            assert found is not None, (other, parts)
            yield _KOHYA[component] + other, found


def lycoris(manifest: Manifest) -> Named:
    for component, layers in manifest.components.items():
        for name, layer in layers.items():
            if component in {"unet", "transformer"}:
                yield f"lycoris_{_flat(name)}", layer


def diffusers(manifest: Manifest) -> Named:
    for component, layers in manifest.components.items():
        for name, layer in layers.items():
            yield f"{component}.{_as_trained(component, name)}", layer


def generic(manifest: Manifest) -> Named:
    """Yield names as ComfyUI and ai-toolkit write them for models that need no renaming."""
    for component, layers in manifest.components.items():
        if component == "transformer":
            yield from ((f"diffusion_model.{name}", layer) for name, layer in layers.items())


def peft(manifest: Manifest) -> Named:
    for layers in manifest.components.values():
        yield from ((f"base_model.model.{name}", layer) for name, layer in layers.items())


# Its names begin as those of a pipeline's parts do, and mean these without PEFT's prefix.
_SPEAKS_OF_PIPELINES = {"mms-tts-eng"}


def bare(manifest: Manifest) -> Named:
    """Yield names without any prefix, as a bare `get_peft_model_state_dict` may leave them."""
    if manifest.base in _SPEAKS_OF_PIPELINES:
        return
    for layers in manifest.components.values():
        yield from layers.items()


@dataclass(frozen=True)
class Dialect:
    """One row: what the reader should call it, its names, and the algorithms written in it."""

    name: str
    names: Callable[[Manifest], Named]
    algorithms: Mapping[str, Algorithm]
    of: frozenset[str]  # components that a base must have one of

    def speaks_of(self, manifest: Manifest) -> bool:
        spoken = self.of & manifest.components.keys()
        return bool(spoken) and any(True for _ in self.names(manifest))


_DENOISERS = frozenset({"unet", "transformer"})
DIALECTS: Mapping[str, Dialect] = {
    "kohya": Dialect("kohya", kohya, OF_KOHYA, _DENOISERS),
    "kohya, original names": Dialect("kohya", original, OF_KOHYA, _DENOISERS),
    "LyCORIS": Dialect("lycoris", lycoris, OF_KOHYA, _DENOISERS),
    "diffusers": Dialect("diffusers", diffusers, OF_PEFT, _DENOISERS),
    "diffusers, early 2023": Dialect("diffusers_mid", diffusers, OF_EARLY_DIFFUSERS, _DENOISERS),
    "a hybrid": Dialect("hybrid", diffusers, {"LoRA": OF_KOHYA["LoRA"]}, _DENOISERS),
    "PEFT": Dialect("peft", peft, OF_PEFT, frozenset({"model"})),
    "PEFT, bare": Dialect("peft", bare, OF_PEFT, frozenset({"model"})),
}
