"""What a base is called where programs fetch it from: its repository's id."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from registry.bases import catalogue

_REPO_ID = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)


def of(slug: str, aliases: Sequence[str]) -> str:
    """Return the base's repo id, the catalogue's first one where it has any; "" for none."""
    entry = catalogue.entry(slug)
    return _first(entry.aliases if entry else ()) or _first(aliases)


def _first(names: Iterable[str]) -> str:
    return next((name for name in names if _REPO_ID.fullmatch(name)), "")
