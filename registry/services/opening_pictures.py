"""
Pictures that people bring: looked at with care, read for what they say of themselves, written anew.

A file is opened only by the readers of three formats, and decoded only once its size is known to be
bearable. What is kept is what we wrote: no metadata, and no more pixels than a page shows.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from registry.errors import UploadRefused
from registry.formats.generation import MAX_TEXT
from registry.formats.generation.comments import decode

MOST_BYTES = 20 * 2**20
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 2048
SMALL_SIDE = 512
FORMATS = ("PNG", "JPEG", "WEBP")
_EXIF_IFD = 0x8769
_TAGS = {0x010E: "ImageDescription", 0x010F: "Make", 0x0110: "Model"}
_USER_COMMENT = 0x9286


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture as it is kept, twice, and the texts that its file held."""

    data: bytes
    small: bytes
    width: int
    height: int
    texts: dict[str, str]


def opened(content: bytes, *, name: str = "The picture") -> Opened:
    """
    Return a picture written anew as WebP, and what its file said.

    :raises UploadRefused: if it is none of PNG, JPEG and WebP, is too large, or is damaged
    """
    if len(content) > MOST_BYTES:
        raise UploadRefused(
            f"{name} has {len(content) / 2**20:.0f} MB; pictures have up to {MOST_BYTES >> 20}: "
            "save it smaller, or as WebP.",
            code="picture.too-large",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _opened(content, name)
    except UnidentifiedImageError as error:
        raise UploadRefused(
            f"{name} is no PNG, JPEG or WebP picture.", code="picture.unknown"
        ) from error
    except (OSError, ValueError, SyntaxError, EOFError, KeyError, TypeError, IndexError) as error:
        raise UploadRefused(f"{name} is damaged: save it again.", code="picture.damaged") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise _too_many_pixels(name) from error


def _opened(content: bytes, name: str) -> Opened:
    with Image.open(io.BytesIO(content), formats=FORMATS) as file:
        if file.width * file.height > MOST_PIXELS:
            raise _too_many_pixels(name)
        file.load()  # a PNG's texts may stand behind its pixels
        texts = dict(_texts(file))
        turned = ImageOps.exif_transpose(file)
        picture = _plain(turned)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    small = picture.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE))
    return Opened(
        data=_webp(picture, quality=88),
        small=_webp(small, quality=80),
        width=picture.width,
        height=picture.height,
        texts=texts,
    )


def _plain(picture: Image.Image) -> Image.Image:
    """Return nothing but its pixels, on white where one could see through it."""
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        ground = Image.new("RGB", picture.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain


def _webp(picture: Image.Image, *, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=quality)
    return file.getvalue()


def _texts(file: Image.Image) -> Iterator[tuple[str, str]]:
    for key, value in file.info.items():
        if isinstance(key, str) and isinstance(value, str) and len(value) <= MAX_TEXT:
            yield key[:80], value
    exif = file.getexif()
    for tag, key in _TAGS.items():
        if isinstance(exif.get(tag), str):
            yield key, exif[tag][:MAX_TEXT]
    comment = exif.get_ifd(_EXIF_IFD).get(_USER_COMMENT)
    if isinstance(comment, bytes | str) and len(comment) <= MAX_TEXT:
        yield "UserComment", decode(comment)


def _too_many_pixels(name: str) -> UploadRefused:
    return UploadRefused(
        f"{name} has more than {MOST_PIXELS // 1_000_000} million pixels: save it smaller.",
        code="picture.too-large",
    )
