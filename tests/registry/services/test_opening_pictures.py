from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from registry.errors import UploadRefused
from registry.services import opening_pictures
from registry.services.opening_pictures import opened
from tests.registry.services import painted

SAID = "a heron <lora:ink:0.8>"


def looked_at(data):
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    "content",
    [painted.png(SAID), painted.with_exif("JPEG", SAID), painted.with_exif("WEBP", SAID)],
    ids=["png", "jpeg", "webp"],
)
def test_texts_are_read_and_nothing_of_them_is_kept(content):
    found = opened(content)

    assert SAID in found.texts.values()
    for data in (found.data, found.small):
        with looked_at(data) as picture:
            picture.load()
            assert picture.format == "WEBP"
            assert not picture.getexif()
            assert {"exif", "xmp", "icc_profile", "parameters"} & picture.info.keys() == set()
        assert b"heron" not in data
        assert b"camera" not in data


def test_large_ones_are_made_smaller(monkeypatch):
    monkeypatch.setattr(opening_pictures, "LONGEST_SIDE", 100)
    monkeypatch.setattr(opening_pictures, "SMALL_SIDE", 20)
    found = opened(painted.png(size=(400, 200)))

    assert (found.width, found.height) == (100, 50)
    with looked_at(found.small) as small:
        assert small.size == (20, 10)


def test_what_one_can_see_through_stands_on_white():
    file = io.BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(file, "PNG")
    with looked_at(opened(file.getvalue()).data) as picture:
        assert min(picture.convert("RGB").getpixel((4, 4))) > 240


def test_a_photograph_stands_as_it_was_held():
    exif = Image.Exif()
    exif[0x0112] = 6  # on its side
    file = io.BytesIO()
    Image.new("RGB", (64, 32)).save(file, "JPEG", exif=exif)
    found = opened(file.getvalue())
    assert (found.width, found.height) == (32, 64)


def bomb(width, height):
    """Return a PNG that says it is huge, and has no pixels."""

    def chunk(kind, data):
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100))


@pytest.mark.parametrize("size", [(8000, 8000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_says_it_is_huge_is_not_decoded(size):
    with pytest.raises(UploadRefused, match=r"million pixels|damaged"):
        opened(bomb(*size), name="b.png")


def gif():
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "GIF")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "x is no PNG, JPEG or WebP picture"),
        (b"<svg onload='x'>", "no PNG, JPEG or WebP"),
        (gif(), "no PNG, JPEG or WebP"),
        (painted.png(SAID)[:-30], "damaged"),
        (painted.png(SAID)[:60], "damaged|no PNG"),
        (b"\0" * (opening_pictures.MOST_BYTES + 1), "pictures have up to 20"),
    ],
    ids=["nothing", "svg", "gif", "cut short", "cut shorter", "too many bytes"],
)
def test_anything_else_is_refused_in_a_sentence(content, sentence):
    with pytest.raises(UploadRefused, match=sentence):
        opened(content, name="x")


def test_any_byte_may_be_another():
    whole = painted.png(SAID)
    for at in range(8, len(whole), 3):
        changed = bytearray(whole)
        changed[at] ^= 0x55
        try:
            opened(bytes(changed))
        except UploadRefused:
            continue


def test_a_text_that_unpacks_without_end_is_refused():
    chunk = b"parameters\0\0" + zlib.compress(b"x" * 80_000_000, 9)
    png = painted.png()
    at = png.index(b"IDAT") - 4
    crc = struct.pack(">I", zlib.crc32(b"zTXt" + chunk))
    content = png[:at] + struct.pack(">I", len(chunk)) + b"zTXt" + chunk + crc + png[at:]
    with pytest.raises(UploadRefused, match="damaged"):
        opened(content)
