"""
Pictures that lay beside an adapter at its source: looked at with care, and written anew.

A picture is opened only by the readers of five formats, not larger than it says it may be, and what
is kept is what we wrote: nothing that was hidden in the file, and no more pixels than a page shows.
"""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from PIL import Image, ImageOps, UnidentifiedImageError

from registry.content_levels import LEVELS
from registry.errors import RegistryError
from registry.imports.offers import OfferedPicture
from registry.models import Blob, Source, SourcePicture
from registry.services import keeping

logger = logging.getLogger(__name__)

Opener = Callable[[str], AbstractContextManager[BinaryIO]]

MOST_BYTES = 20 << 20
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 1280
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture that was kept."""

    offered: OfferedPicture
    blob: Blob
    width: int
    height: int


def kept(offered: Sequence[OfferedPicture], look_at: Opener, *, now: datetime) -> list[Kept]:
    """Return those of the pictures that could be had and read. One that could not is no loss."""
    found: list[Kept] = []
    for one in offered:
        try:
            with look_at(one.place) as stream:
                content = stream.read(MOST_BYTES + 1)
            data, width, height = _written_anew(content)
        except (RegistryError, _Unreadable) as error:
            logger.info("the picture %s is left out: %s", one.place, error)
            continue
        found.append(Kept(one, keeping.keep_made(data, now=now), width, height))
    return found


def attach(source: Source, seen: Sequence[Kept]) -> None:
    """Note the pictures of a source."""
    SourcePicture.objects.bulk_create(
        SourcePicture(
            source=source,
            position=position,
            blob=one.blob,
            width=one.width,
            height=one.height,
            content_level=_level(one, source),
            told=dict(one.offered.told),
        )
        for position, one in enumerate(seen)
    )


def _level(one: Kept, source: Source) -> str:
    """Return the picture's own content level, its adapter's where nobody says."""
    own = one.offered.content_level
    return own if own in LEVELS else source.version.adapter.content_level


class _Unreadable(Exception):
    """A picture that is none, or too large."""


def _written_anew(content: bytes) -> tuple[bytes, int, int]:
    if len(content) > MOST_BYTES:
        raise _Unreadable("It is too large.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise _Unreadable("It has too many pixels.")
                picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning) as error:
        raise _Unreadable(str(error)) from error
    except Image.DecompressionBombError as error:
        raise _Unreadable(str(error)) from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=85)
    return file.getvalue(), picture.width, picture.height
