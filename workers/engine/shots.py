"""
What comes of rendering one sample: a picture, a text or a sound.

Whoever sweeps, tries on and measures knows shots by this protocol alone; what a medium is made of,
how it is kept in a file and how far two of it are apart is said where that medium is
(engine.pictures, engine.texts).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Self

from registry.sweeps.media import PICTURE, SOUND, TEXT

__all__ = ["PICTURE", "SOUND", "TEXT", "Shot", "fields_of"]


class Shot(Protocol):
    """One rendered sample. Two shots are compared only if they are of one scene and base."""

    @property
    def is_finite(self) -> bool:
        """Whether all that it was made of is a number."""
        ...

    @property
    def fields(self) -> dict[str, Any]:
        """Return what is told of it: `medium`, `media_type`, `width`, `height`, `text`."""
        ...

    def files(self) -> Mapping[str, bytes]:
        """Return what is to be kept of it: `blob`, a WebP picture, and `sound`, a WAV file."""
        ...

    def distances(self, other: Self) -> dict[str, float]:
        """Return how far another is from this one, by every measure; 0 for the same."""
        ...

    def measures(self, zero: Self | None) -> dict[str, Any]:
        """Return what it says of itself, some of it beside the shot without the adapter."""
        ...

    def change(self, other: Self) -> float:
        """Return how much of it is another in `other`: 0 for nothing, 1 for all."""
        ...


def fields_of(
    medium: str, *, media_type: str = "", width: int = 0, height: int = 0, text: str = ""
) -> dict[str, Any]:
    """Return the fields of a shot, as they go over the wire."""
    return {
        "medium": medium,
        "media_type": media_type,
        "width": width,
        "height": height,
        "text": text,
    }
