"""Folders of tests that another user must be able to walk to, as PostgreSQL's does under root."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def walkable_folder() -> Iterator[Path]:
    """
    Give a folder to which everyone can walk, for the time of the block.

    Those of pytest are closed, and each new run of pytest closes them again.
    """
    with tempfile.TemporaryDirectory(prefix="loradex-tests-", ignore_cleanup_errors=True) as path:
        folder = Path(path)
        folder.chmod(0o711)
        yield folder
