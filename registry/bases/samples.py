"""
The sounds and pictures that bases are given to hear and to look at.

A scene names one by its slug. They are files of this repository, so that every hub has the same
ones, and a cell that was made of one can be made again.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "bases" / "samples"
SOUND, PICTURE = "sound", "picture"
KINDS = {".wav": SOUND, ".png": PICTURE}  # by how a file's name ends


@cache
def samples() -> dict[str, Path]:
    """Return the file of each sample by its slug."""
    return {path.stem: path for path in sorted(FOLDER.iterdir()) if path.suffix in KINDS}


def names(kind: str) -> tuple[str, ...]:
    """Return the slugs of the samples that are sounds, or pictures."""
    return tuple(slug for slug, path in samples().items() if KINDS[path.suffix] == kind)


def path_of(slug: str, kind: str) -> Path:
    """
    Return where a sample lies.

    :raises LookupError: if there is no sound, or picture, of that name
    """
    if slug not in names(kind):
        known = ", ".join(names(kind))
        raise LookupError(f"There is no sample {kind} called {slug!r}; there are {known}.")
    return samples()[slug]
