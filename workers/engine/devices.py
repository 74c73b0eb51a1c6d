"""Which device this process renders on, in which precision, and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass

import torch

SHORT_OF_MEMORY = ("allocate memory", "can't start new thread", "unable to mmap", "out of memory")


class NoDevice(Exception):
    """This process was told to use a device that the machine does not have."""


@dataclass(frozen=True, slots=True)
class Device:
    """Where tensors live, and the number format that is fast there."""

    place: torch.device
    dtype: torch.dtype
    title: str

    @property
    def name(self) -> str:
        return str(self.place)


def choose(name: str) -> Device:
    """
    Return the device called `name`: "cpu", "cuda", "cuda:1".

    :raises NoDevice: if the machine has none of that name
    """
    if name == "cpu":
        # Half precision on a CPU is hundreds of times slower than single.
        return Device(torch.device("cpu"), torch.float32, f"CPU, {torch.get_num_threads()} threads")
    if name.startswith("cuda") and torch.cuda.is_available():
        device = torch.device(name)
        return Device(device, torch.float16, torch.cuda.get_device_name(device))
    raise NoDevice(f"There is no device {name!r} on this machine.")


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error means that there was not room enough."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    # The CPU's allocator has no error type of its own, and threads and maps fail in their own way.
    return isinstance(error, RuntimeError | OSError) and any(
        sign in str(error).lower() for sign in SHORT_OF_MEMORY
    )


def make_room(device: Device) -> None:
    """Give memory that is no longer used back to the device."""
    if device.place.type == "cuda":
        torch.cuda.empty_cache()
