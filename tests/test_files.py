"""Holds the files that tests are made of against the real safetensors library."""

from __future__ import annotations

import numpy as np
import pytest
import safetensors
from safetensors.numpy import load

from tests import files

SOUND = {
    "kohya": files.kohya_lora("sdxl", text_encoder=True),
    "kohya, FLUX": files.kohya_lora("flux1"),
    "diffusers": files.diffusers_lora("sd1", text_encoder=True),
    "PEFT": files.peft_lora("llama"),
    "a checkpoint": files.checkpoint(),
    "an embedding": files.embedding(),
}


@pytest.mark.parametrize("file", SOUND.values(), ids=SOUND.keys())
def test_the_library_reads_it(file):
    assert safetensors.deserialize(file.getvalue())


@pytest.mark.parametrize("dtype", ["F16", "F32"])
def test_values_are_small_finite_and_never_zero(dtype):
    tensors = load(files.kohya_lora("sd1", values=files.Values(dtype=dtype)).getvalue())
    for name, array in tensors.items():
        assert np.isfinite(array).all()
        assert array.all()
        assert name.endswith("alpha") or np.abs(array).max() <= 0.1


@pytest.mark.parametrize(
    ("fault", "is_there"),
    [
        ({"nan": True}, lambda array: np.isnan(array).any()),
        ({"infinity": True}, lambda array: np.isinf(array).any()),
    ],
)
def test_a_fault_in_the_values_is_in_one_tensor(fault, is_there):
    tensors = load(files.kohya_lora("sd1", values=files.Values(**fault)).getvalue())
    assert sum(bool(is_there(array)) for array in tensors.values()) == 1


def test_a_file_is_the_same_each_time():
    assert files.kohya_lora("sd1").getvalue() == files.kohya_lora("sd1").getvalue()


def test_what_is_left_out_is_not_there():
    names = dict(safetensors.deserialize(files.kohya_lora("sd1", without="lora_up").getvalue()))
    assert names
    assert not any("lora_up" in name for name in names)
