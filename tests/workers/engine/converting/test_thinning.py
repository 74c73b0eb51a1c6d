"""A file without some of its tensors: all others byte for byte, wherever they lay."""

from __future__ import annotations

import math

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from tests.workers.engine.converting import made
from workers.engine.converting import Conversion, ConversionRefused, convert

ROOTS = [
    f"lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_{n}" for n in ("to_q", "to_k")
]


def tensors():
    draw = torch.Generator().manual_seed(4)
    found = {}
    for root in ROOTS:
        found[f"{root}.lora_down.weight"] = torch.randn(4, 1280, generator=draw) * 0.02
        found[f"{root}.lora_up.weight"] = torch.randn(1280, 4, generator=draw) * 0.02
        found[f"{root}.alpha"] = torch.tensor(3.0)
    return found


@pytest.fixture
def source(tmp_path):
    own = tensors()
    own[f"{ROOTS[0]}.lora_up.weight"][3, 1] = math.nan
    metadata = {"ss_network_dim": "4", "sshs_model_hash": "0" * 64}
    return made.save(tmp_path / "pirates.safetensors", own, metadata)


def broken():
    return tuple(name for name in tensors() if name.startswith(ROOTS[0]))


def thinned(source, tmp_path, **asked):
    to = Conversion(asked.pop("layout", "original"), without=broken(), **asked)
    return convert(source, None, to=to, base="sd-1-5", into=tmp_path / "to")


def test_the_rest_is_byte_for_byte_what_it_was(source, tmp_path):
    [path] = thinned(source, tmp_path).files

    left = load_file(path)
    assert set(left) == set(tensors()) - set(broken())
    assert all(torch.equal(left[name], tensors()[name]) for name in left)
    with safe_open(path, "pt") as file:
        assert file.metadata() == {"ss_network_dim": "4"}  # a hash of all tensors is true no more


def test_what_is_left_is_written_in_another_layout(source, tmp_path):
    told = thinned(source, tmp_path, layout="diffusers")

    assert told.layers == 1
    assert all(bool(torch.isfinite(one).all()) for one in load_file(told.files[0]).values())


def test_nothing_else_is_left_behind(source, tmp_path):
    told = thinned(source, tmp_path, bare=True)
    assert [path.name for path in (tmp_path / "to").iterdir()] == [told.files[0].name]


def test_a_file_of_which_nothing_remains_is_refused(source, tmp_path):
    to = Conversion("original", without=tuple(tensors()))
    with pytest.raises(ConversionRefused, match="Nothing would remain"):
        convert(source, None, to=to, base="sd-1-5", into=tmp_path / "to")


def test_a_name_that_is_not_there_changes_nothing(source, tmp_path):
    to = Conversion("original", without=("no.such.tensor",))
    told = convert(source, None, to=to, base="sd-1-5", into=tmp_path / "to")
    assert set(load_file(told.files[0])) == set(tensors())
