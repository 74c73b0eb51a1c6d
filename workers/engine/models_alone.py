"""
A model by itself, which PEFT puts adapters on: one of transformers, with no pipeline around it, or
a pipeline's part where the pipeline has no loader, or none for the method.

It answers to the verbs by which adapters come onto pipelines and leave them. PEFT passes over a
tensor that it has no place for, and leaves random numbers in a layer that it has no tensor for; so
a layer that the file did not fill is taken off again, and carries nothing.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Self

import peft
import torch
import transformers
from peft.tuners.tuners_utils import BaseTunerLayer

from registry.formats.peft_types import PEFT_TYPES

MODEL = "model"  # what manifests call it
PREFIX = "base_model.model."
_OF_ALL_LAYERS = {role for kind in PEFT_TYPES.values() for role in kind.shared}
# What is about training, or about layers that are not the adapter's: a head, new words.
LEFT_OUT = {
    "init_lora_weights": False,
    "inference_mode": True,
    "modules_to_save": None,
    "trainable_token_indices": None,
}


class NoModel(Exception):
    """The installed transformers cannot build the model."""


class ModelAlone:
    """A model, and the adapter that is on it."""

    def __init__(self, model: Any, name: str = MODEL) -> None:
        self.model = model
        self.name = name  # of the component, as manifests call it
        self._peft: peft.PeftModel | None = None

    def to(self, place: torch.device) -> Self:
        self.model.to(place)
        return self

    def lora_state_dict(self, state: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Return the tensors under the names that layers have in manifests."""
        # What all layers share is the model's own, and no layer's: VeRA's matrices, say.
        return {
            f"{self.name}.{name.removeprefix(PREFIX)}": one
            for name, one in state.items()
            if not _is_shared(name)
        }

    def load_lora_weights(
        self,
        state: Mapping[str, torch.Tensor],
        *,
        adapter_name: str,
        config: Mapping[str, Any],
        **_: Any,
    ) -> None:
        """Put the adapter on the model, as PeftModel.from_pretrained does."""
        told = _config(config)
        # A whole layer in the file would take the place of the base's own: one that was trained
        # with the adapter (modules_to_save), or a table of words that PEFT saved beside it.
        own = {name for name, _ in self.model.named_parameters()}
        under = {
            name if _is_shared(name) else f"{PREFIX}{name.removeprefix(PREFIX)}": one
            for name, one in state.items()
            if name.removeprefix(PREFIX).replace(".base_layer.", ".") not in own
        }
        # Without a base's weights, those of the adapter take no room either until they are filled.
        empty = {"low_cpu_mem_usage": self.model.device.type == "meta"}
        self._peft = peft.PeftModel(self.model, told, adapter_name=adapter_name, **empty)
        result: Any = peft.set_peft_model_state_dict(
            self._peft, under, adapter_name=adapter_name, **empty
        )
        self._take_off(set(result.missing_keys), adapter_name)
        self.model.eval()  # PEFT's layers are born in training, where they draw lots

    @contextlib.contextmanager
    def without_adapter(self) -> Iterator[None]:
        """Have the model do what it does by itself for as long as the block runs."""
        with self._peft.disable_adapter() if self._peft else contextlib.nullcontext():
            yield

    def unload_lora_weights(self) -> None:
        if self._peft is not None:
            self._peft.unload()
            self._peft = None
        else:
            # An adapter that ended in an error may have reached some layers.
            for name, module in list(self.model.named_modules()):
                if isinstance(module, BaseTunerLayer):
                    self.model.set_submodule(name, module.get_base_layer())
        for trace in ("peft_config", "_hf_peft_config_loaded"):
            if trace in vars(self.model):
                delattr(self.model, trace)

    def _take_off(self, missing: set[str], adapter_name: str) -> None:
        carrying = {
            name: module
            for name, module in self.model.named_modules()
            if isinstance(module, BaseTunerLayer)
        }
        unfilled = set()
        for name in (one.removeprefix(PREFIX) for one in missing):
            holder = _holder(name, carrying)
            # What else a method keeps with a layer (its rank, what all layers share) it has itself.
            inside = name.removeprefix(f"{holder}.").split(".")
            if holder and adapter_name in inside and inside[0] not in _OF_ALL_LAYERS:
                unfilled |= {holder} if inside[0] in carrying[holder].adapter_layer_names else set()
        for name in unfilled:
            carrying[name].delete_adapter(adapter_name)


def skeleton(config_folder: Path) -> ModelAlone:
    """
    Return the model whose config.json lies there, on the meta device: no weights, no code of its.

    :raises NoModel: if transformers has no such class
    """
    told = json.loads((config_folder / "config.json").read_text(encoding="utf-8"))
    kind = model_class(str((told.get("architectures") or [""])[0]))
    config: Any = kind.config_class
    with torch.device("meta"):
        return ModelAlone(kind(config.from_pretrained(config_folder, local_files_only=True)))


def model_class(name: str) -> Any:
    """
    Return the class of transformers that is called so; code that lies with a base is not run.

    :raises NoModel: if there is none
    """
    kind = getattr(transformers, name, None)
    if not (isinstance(kind, type) and issubclass(kind, transformers.PreTrainedModel)):
        raise NoModel(f"transformers {transformers.__version__} has no model called {name!r}.")
    return kind


def _is_shared(name: str) -> bool:
    return name.startswith("base_model.") and not name.startswith(PREFIX)


def _holder(name: str, layers: Container[str]) -> str:
    """Return the innermost of the layers that a tensor belongs to, "" if to none."""
    while name and name not in layers:
        name = name.rpartition(".")[0]
    return name


def _config(told: Mapping[str, Any]) -> peft.PeftConfig:
    """Return PEFT's own configuration, less what a newer PEFT wrote and ours does not know."""
    type_called = str(told.get("peft_type", "LORA"))
    kinds: dict[str, Any] = {
        str(name.value): one for name, one in peft.PEFT_TYPE_TO_CONFIG_MAPPING.items()
    }
    kind = kinds.get(type_called)
    if kind is None:
        raise ValueError(f"PEFT {peft.__version__} has no method called {type_called}.")
    known = {field.name for field in fields(kind) if field.init}
    given = {name: value for name, value in {**told, **LEFT_OUT}.items() if name in known}
    config: peft.PeftConfig = kind(**given)
    if config.is_prompt_learning:
        raise ValueError(f"{type_called} is put before the words, and not on layers.")
    return config
