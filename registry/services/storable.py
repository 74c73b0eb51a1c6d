"""Facts as PostgreSQL keeps them: plain lists and objects, and no NUL in any text."""

from __future__ import annotations

import json
from typing import Any


def as_json(value: Any) -> Any:
    """Return the value as JSON will give it back, so that rows hold plain lists and objects."""
    return _without_nul(json.loads(json.dumps(value, default=str)))


def _without_nul(value: Any) -> Any:
    """Return the value less the one character that PostgreSQL keeps in no text."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(each) for key, each in value.items()}
    return value
