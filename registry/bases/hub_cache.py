"""
The cache that huggingface_hub keeps on a machine: which folder holds a repository.

Nothing is downloaded here. What somebody fetched there before (`hf download owner/name`) is found
by the repository's name, at the revision that is asked for.
"""

from __future__ import annotations

import re
from pathlib import Path

SCHEME = "hf://"
USUAL = "main"
_REPO = re.compile(r"[\w.-]{1,96}(/[\w.-]{1,96})?")
_REVISION = re.compile(r"[\w.-]{1,120}(/[\w.-]{1,120})*")


def snapshot(cache: Path, address: str) -> Path | None:
    """
    Return the folder of `hf://owner/name` or `hf://owner/name@revision`, None if it is not there.

    :raises ValueError: if the address names no repository
    """
    repo, _, revision = address.removeprefix(SCHEME).partition("@")
    revision = revision or USUAL
    if not _is_plain(_REPO, repo) or not _is_plain(_REVISION, revision):
        raise ValueError(f"{address} is no {SCHEME}owner/name, or {SCHEME}owner/name@revision.")
    home = cache / f"models--{repo.replace('/', '--')}"
    reference = home / "refs" / revision
    commit = reference.read_text(encoding="ascii").strip() if reference.is_file() else revision
    folder = home / "snapshots" / commit
    return folder if _is_plain(_REVISION, commit) and folder.is_dir() else None


def _is_plain(pattern: re.Pattern[str], name: str) -> bool:
    return bool(pattern.fullmatch(name)) and ".." not in name
