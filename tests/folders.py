"""Folders of tests that another user must be able to walk to, as PostgreSQL's does under root."""

from __future__ import annotations

import os
from pathlib import Path


def walkable(folder: Path) -> Path:
    """Return the folder, after letting others walk (not look) through it and those above it."""
    for each in (folder, *folder.parents):
        mode = each.stat().st_mode
        if not mode & 0o001 and each.stat().st_uid == os.geteuid():
            each.chmod(mode | 0o011)
    return folder
