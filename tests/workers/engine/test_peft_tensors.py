"""
What PEFT itself saves, each of its types, read by us: every tensor belongs somewhere.

The libraries' own state dicts are the only sure source of names and shapes, so they are made here,
of two layers of a few numbers.
"""

from __future__ import annotations

import warnings

import pytest
import torch
from peft import get_peft_model, get_peft_model_state_dict
from peft.mapping import PEFT_TYPE_TO_CONFIG_MAPPING as CONFIGS

from registry.bases.fit import agrees
from registry.bases.manifest import Layer
from registry.formats.peft_types import PEFT_TYPES
from tests.reading import adapter_from

pytestmark = [pytest.mark.torch, pytest.mark.filterwarnings("ignore")]

OUTPUTS, INPUTS, CHANNELS = 128, 64, 16
MORE = {
    "ADALORA": {"total_step": 10},
    "OFT": {"oft_block_size": 8, "r": 0},
    "BOFT": {"boft_block_size": 8},
    "FOURIERFT": {"n_frequency": 20},
    "WAVEFT": {"n_frequency": 20},
    "C3A": {"block_size": 16},
    "VBLORA": {"vector_length": 8, "num_vectors": 30},
    "GRALORA": {"r": 8, "gralora_k": 2},
    "IA3": {"feedforward_modules": []},
    "MISS": {"r": 8},
}
# Soft prompts and mixtures change no layers; ADAMSS needs scikit-learn.
WITHOUT_LAYERS = {"ADAMSS", "ADAPTION_PROMPT", "CARTRIDGE", "CPT", "MULTITASK_PROMPT_TUNING",
                  "PREFIX_TUNING", "PROMPT_TUNING", "P_TUNING", "SHADOW", "XLORA",
                  "UNILORA"}  # fmt: skip
ON_KERNELS = ["LORA", "ADALORA", "BOFT", "HIRA", "HRA", "IA3", "LOHA", "LOKR", "OFT"]
# Their shapes tell neither outputs nor inputs.
BLIND = {"C3A", "FOURIERFT", "GRALORA", "MISS", "PSOFT", "ROAD", "SHIRA", "SUPERTUNING",
         "VBLORA", "WAVEFT"}  # fmt: skip


class Linear(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q_proj = torch.nn.Linear(INPUTS, OUTPUTS)


class Kernel(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.q_proj = torch.nn.Conv2d(CHANNELS, 32, 3, padding=1)


class Network(torch.nn.Module):
    def __init__(self, kind) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList([kind(), kind()])


def saved(name, kind=Linear):
    """Return the names and shapes that PEFT saves for an adapter of a type."""
    config = CONFIGS[name](target_modules=["q_proj"], **MORE.get(name, {}))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = get_peft_model(Network(kind), config)
    return {key: tuple(each.shape) for key, each in get_peft_model_state_dict(model).items()}


LINEAR = sorted(set(PEFT_TYPES) - WITHOUT_LAYERS)


@pytest.mark.parametrize("name", LINEAR)
@pytest.mark.parametrize("told", [True, False], ids=["with its config", "without"])
def test_every_tensor_belongs_somewhere(name, told):
    adapter = adapter_from(saved(name), config={"peft_type": name} if told else None)

    assert [pair.module for pair in adapter.pairs] == ["layers.0.q_proj", "layers.1.q_proj"]
    assert (adapter.leftovers, adapter.embeddings) == ((), ())
    assert not any(pair.missing for pair in adapter.pairs)
    assert adapter.method == name.lower()


@pytest.mark.parametrize("name", sorted(set(LINEAR) - BLIND))
def test_a_base_of_another_shape_is_refuted(name):
    pair = adapter_from(saved(name)).pairs[0]
    assert agrees(pair, Layer("linear", (OUTPUTS, INPUTS)))
    assert not agrees(pair, Layer("linear", (OUTPUTS * 2, INPUTS * 2)))


@pytest.mark.parametrize("name", ON_KERNELS)
def test_a_kernel_is_known_too(name):
    pair = adapter_from(saved(name, Kernel)).pairs[0]
    assert agrees(pair, Layer("conv", (32, CHANNELS, 3, 3)))
    assert not agrees(pair, Layer("conv", (64, 48, 3, 3)))


def test_what_has_no_layers_has_no_pairs():
    adapter = adapter_from(saved("UNILORA"))
    assert (adapter.pairs, adapter.leftovers) == ((), ())
    assert adapter.shared == ("base_model.unilora_theta_d",)
