"""A sweep's best picture as PNG, which is what programs beside an adapter's file look for."""

from __future__ import annotations

import io

from PIL import Image

from registry.errors import NotFound
from registry.models import PreviewCell
from registry.services import downloads

LARGEST = 768  # pixels a side
HOLE = (216, 216, 216)


def draw(cell: PreviewCell) -> bytes:
    """
    Return the cell's picture as PNG; a grey one where its bytes are gone or no picture.

    :raises Unavailable: if the store does not give it now
    """
    image = _opened(cell) or Image.new("RGB", (64, 64), HOLE)
    image.thumbnail((LARGEST, LARGEST))
    content = io.BytesIO()
    image.save(content, "PNG", optimize=True)
    return content.getvalue()


def _opened(cell: PreviewCell) -> Image.Image | None:
    try:
        with downloads.open_bytes(cell.blob_id or "") as file:
            data = file.read()
        # By its format: what the engine gives is WebP, and no other decoder is to see it.
        with Image.open(io.BytesIO(data), formats=["WEBP"]) as opened:
            # Its size is known before it is decoded: a small file may hold a vast picture.
            is_it = opened.size == (cell.width, cell.height)
            return opened.convert("RGB") if is_it else None
    except (NotFound, OSError, Image.DecompressionBombError):
        return None
