"""Pictures as programs save them."""

from __future__ import annotations

import io

from PIL import Image, PngImagePlugin

USER_COMMENT = 0x9286


def png(text="", *, size=(64, 48), colour="#3070d0", key="parameters"):
    """Return the bytes of a PNG with a text chunk."""
    told = PngImagePlugin.PngInfo()
    if text:
        told.add_text(key, text)
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG", pnginfo=told)
    return file.getvalue()


def with_exif(kind, text, *, colour="#30d070"):
    """Return the bytes of a JPEG or WebP whose EXIF has a UserComment."""
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8769)[USER_COMMENT] = b"UNICODE\0" + text.encode("utf-16-be")
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, kind, exif=exif)
    return file.getvalue()
