"""
Quote in a message what somebody else wrote: names of tensors, keys, files.

A name may be 512 characters long, hold what no screen prints, or close the quotes that it is set
in. What is quoted here does none of that, so a message stays one sentence on one line.
"""

from __future__ import annotations

import re

LONGEST = 80
_QUOTES = frozenset("“”")  # A text that holds our own could seem to end early.
_PLAIN = re.compile(r"[\w.:/+-]{1,120}", re.ASCII)


def shown(text: str) -> str:
    """Return `text` in quotes, short, and without anything that is not printed."""
    if text.isprintable() and not _QUOTES & set(text):
        return f"“{text}”" if len(text) <= LONGEST else f"“{text[: LONGEST - 3]}...”"
    quoted = ascii(text[:LONGEST])
    return quoted if len(quoted) <= LONGEST + 10 else f"{quoted[: LONGEST + 6]}...{quoted[0]}"


def told(name: str) -> str:
    """Return a layer's or a tensor's name for a message: as it is if it is plain, else `shown`."""
    return name if _PLAIN.fullmatch(name) else shown(name)
