"""
What the process's own memory is told: keep what operations let go of, for the next to take.

By itself glibc hands memory back to the system as soon as a little more of it is free than lately,
and asks for it again a moment later. A batch lets go of megabytes at every layer, so the system was
asked for each page hundreds of times over, and empties it each time. What is kept now is bounded,
and given back where room is made or measured.
"""

from __future__ import annotations

import ctypes

KEPT = 256 * 2**20  # bytes that may lie free: an engine at rest holds no more than that too many
ALONE = 32 * 2**20  # bytes from which a block is the system's again as soon as it is let go
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # glibc's names for the two, in malloc.h

_libc = ctypes.CDLL(None)


def keep() -> bool:
    """Have the process keep what is let go of; return False where its libc is not glibc."""
    set_to = getattr(_libc, "mallopt", None)
    if set_to is None:
        return False
    # Either of them alone would end glibc's own moving of both.
    return all([set_to(_MMAP_THRESHOLD, ALONE), set_to(_TRIM_THRESHOLD, KEPT)])


def give_back() -> None:
    """Give the system what lies free, all of it."""
    trim = getattr(_libc, "malloc_trim", None)
    if trim is not None:
        trim(0)
