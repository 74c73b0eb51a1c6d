"""
What the loaders say in passing.

diffusers and peft put much of what goes wrong into a log line or a warning and go on. Here those
lines are caught and become facts.
"""

from __future__ import annotations

import contextlib
import logging
import warnings
from collections.abc import Iterator

LISTENED_TO = ("diffusers", "peft", "transformers")
LONGEST = 500
MOST = 50
_ABOUT_LORA = ("lora", "adapter", "peft")


class _Ear(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(level=logging.WARNING)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.name.startswith("transformers"):
            # Its report lists the base's own layers as well, which came from elsewhere.
            rows = [line.strip() for line in text.splitlines() if ".lora_" in line]
            text = "; ".join(rows)
        self._heard.append(text)


@contextlib.contextmanager
def overheard() -> Iterator[list[str]]:
    """Give a list that fills with what the loaders say about adapters while the block runs."""
    heard: list[str] = []
    ear = _Ear(heard)
    before = {name: _tune(logging.getLogger(name), ear) for name in LISTENED_TO}
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            yield heard
        heard += [str(warning.message) for warning in warned]
    finally:
        for name, (level, propagate, handlers) in before.items():
            logger = logging.getLogger(name)
            logger.setLevel(level)
            logger.propagate = propagate
            logger.handlers[:] = handlers
        heard[:] = _worth_saying(heard)


def _tune(logger: logging.Logger, ear: logging.Handler) -> tuple[int, bool, list[logging.Handler]]:
    before = logger.level, logger.propagate, list(logger.handlers)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    logger.handlers[:] = [ear]
    return before


def _worth_saying(heard: list[str]) -> list[str]:
    one_line = [" ".join(text.split())[:LONGEST] for text in heard]
    about = [text for text in one_line if any(word in text.lower() for word in _ABOUT_LORA)]
    return list(dict.fromkeys(about))[:MOST]
