from __future__ import annotations

import pytest
import torch

from workers.engine.devices import NoDevice, choose, is_out_of_memory


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
        RuntimeError("can't start new thread"),
        OSError(12, "Cannot allocate memory"),
    ],
    ids=["python", "gpu", "cpu", "thread", "system"],
)
def test_every_way_to_run_out_of_memory_is_known(error):
    assert is_out_of_memory(error)


def test_another_error_is_not_taken_for_it():
    assert not is_out_of_memory(RuntimeError("size mismatch for conv_in"))
    assert not is_out_of_memory(ValueError("can't allocate memory"))


def test_a_cpu_renders_in_single_precision():
    assert choose("cpu").dtype is torch.float32


def test_a_device_that_is_not_there_is_refused():
    with pytest.raises(NoDevice, match="tpu"):
        choose("tpu")
