"""Which device this process renders on, in which precision, and what it is made of."""

from __future__ import annotations

import gc
import resource
from dataclasses import dataclass
from pathlib import Path

import torch

from workers.engine import heap

UNKNOWN = 1 << 62  # bytes, where the system does not say: as much as one likes
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
        return Device(torch.device("cpu"), torch.float32, _cpu_in_words())
    if name.startswith("cuda") and torch.cuda.is_available():
        device = torch.device(name)
        return Device(device, torch.float16, torch.cuda.get_device_name(device))
    raise NoDevice(f"There is no device {name!r} on this machine.")


def _cpu_in_words() -> str:
    count = torch.get_num_threads()
    return "CPU, 1 thread" if count == 1 else f"CPU, {count} threads"


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an error means that there was not room enough."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    # The CPU's allocator has no error type of its own, and threads and maps fail in their own way.
    return isinstance(error, RuntimeError | OSError) and any(
        sign in str(error).lower() for sign in SHORT_OF_MEMORY
    )


def make_room(place: torch.device) -> None:
    """Give memory that is no longer used back to the device."""
    gc.collect()
    heap.give_back()
    if place.type == "cuda":
        torch.cuda.empty_cache()


def free_memory(place: torch.device) -> int:
    """Return the bytes that this process could still take on a device."""
    if place.type == "cuda":
        free, _ = torch.cuda.mem_get_info(place)
        # What torch holds and does not use is as good as free.
        return free + torch.cuda.memory_reserved(place) - torch.cuda.memory_allocated(place)
    return min(_available(), _left_of_addresses(), _left_of_group())


def _available() -> int:
    for line in _lines("/proc/meminfo"):
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return UNKNOWN


def _left_of_addresses() -> int:
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    pages = _lines("/proc/self/statm")
    if soft == resource.RLIM_INFINITY or not pages:
        return UNKNOWN
    return max(0, soft - int(pages[0].split()[0]) * resource.getpagesize())


def _left_of_group() -> int:
    """Return what a container's bound leaves, where there is one."""
    most, used = _lines("/sys/fs/cgroup/memory.max"), _lines("/sys/fs/cgroup/memory.current")
    if not (most and used and most[0].isdecimal()):
        return UNKNOWN
    return max(0, int(most[0]) - int(used[0]))


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text(encoding="ascii").splitlines()
    except OSError:
        return []
