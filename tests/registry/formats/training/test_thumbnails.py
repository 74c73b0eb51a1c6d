from __future__ import annotations

import base64
import json

import pytest

from registry.formats.training import thumbnail
from registry.formats.training.thumbnails import MAX_BYTES

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
JPEG = b"\xff\xd8\xff\xe0" + bytes(20)
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(20)


def url(data, kind="image/png"):
    return {"modelspec.thumbnail": f"data:{kind};base64,{base64.b64encode(data).decode()}"}


@pytest.mark.parametrize(
    ("data", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg"), (WEBP, "image/webp")]
)
def test_a_picture_is_handed_out_undecoded(data, kind):
    found = thumbnail(url(data, kind))
    assert (found.type, found.data, found.size) == (kind, data, len(data))


def test_a_cover_of_the_additional_networks_editor_is_found():
    covers = json.dumps([base64.b64encode(JPEG).decode()])
    assert thumbnail({"ssmd_cover_images": covers}).type == "image/jpeg"


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"modelspec.thumbnail": "https://example.org/a.png"},
        url(JPEG, "image/png"),
        url(b"<svg/>", "image/svg"),
        url(b"RIFF\x00\x00\x00\x00WAVE", "image/webp"),
        {"modelspec.thumbnail": "data:image/png;base64,!!!!"},
        {"modelspec.thumbnail": "data:image/png;base64,"},
        url(PNG + bytes(MAX_BYTES)),
        {"ssmd_cover_images": "[{}]"},
        {"ssmd_cover_images": "{"},
    ],
    ids=["none", "an address", "another type", "a drawing", "a sound", "no base64", "empty",
         "too large", "no list of texts", "no JSON"],
)  # fmt: skip
def test_anything_else_is_no_picture(metadata):
    assert thumbnail(metadata) is None
