"""
What bases are called where programs fetch them from: the ids of their repositories.

Here a name means the same in capitals and small letters; servers compare it letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from registry.bases import catalogue

_REPO_ID = re.compile(r"(?!.*(?:--|\.\.))[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)


def is_id(text: str) -> bool:
    """Say whether a text may be the id of a repository: an owner and a name."""
    return _REPO_ID.fullmatch(text) is not None


def of(repo: str, aliases: Sequence[str]) -> str:
    """Return a base's repo id: its own, else the first of its names that is one; "" for none."""
    return repo or next((spelled(name) for name in aliases if is_id(name)), "")


def spelled(name: str) -> str:
    """Return a repo id as it is spelled where it lies, as it stands if the catalogue has none."""
    return _spellings().get(name.lower(), name)


@cache
def _spellings() -> Mapping[str, str]:
    return {repo.lower(): repo for entry in catalogue.entries() for repo in entry.repos}
