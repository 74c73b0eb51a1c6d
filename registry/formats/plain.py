"""
A line that somebody wrote, without what nobody sees and machines obey.

Names, words and prompts end up in mails, on terminals and in programs that people paste. What turns
the order of letters round, hides between them or moves a cursor has no place there. Letters that
are joined or kept apart on purpose (in Persian, in emoji) stay so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_OBEYED = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls but for ends of lines, which become spaces
    "\u200b\u2060-\u2064\ufeff\ufff9-\ufffb"  # seen by nobody
    "\u202a-\u202e\u2066-\u206f"  # these turn round what comes behind them
    "\U000e0000-\U000e007f"  # letters that are not shown
    "\ud800-\udfff]"  # halves of letters
)


def line(text: str) -> str:
    """Return a text on one line, with single spaces."""
    return " ".join(_OBEYED.sub("", text).split())


def words(several: Iterable[str]) -> list[str]:
    """Return words as lines, each once, in their order, without empty ones."""
    tidied = map(line, several)
    return list(dict.fromkeys(word for word in tidied if word))
