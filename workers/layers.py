"""Reading the layers of files again that came in before their norms were kept by name."""

from __future__ import annotations

import logging

from registry import blobs
from registry.errors import RegistryError
from registry.formats.adapter import read_adapter
from registry.formats.errors import FormatError
from registry.formats.files import read_header
from registry.models import VersionFile
from registry.queries import layer_norms
from registry.services import declaring, keeping, stored
from workers import content

logger = logging.getLogger(__name__)


def read_again(*, most: int) -> int:
    """Read the layers of some files that nobody has read so; return of how many."""
    found = layer_norms.unread(most=most)
    for file in found:
        try:
            _read(file)
        except (FormatError, RegistryError) as error:
            logger.warning("the layers of %s cannot be read again: %s", file.sha256, error)
            if file.blob:
                keeping.keep_no_layers(file.blob)
    return len(found)


def _read(file: VersionFile) -> None:
    config = declaring.config_of(file.version)
    with stored.errors(), blobs.default().open(file.sha256) as opened:
        header = read_header(opened, file_size=file.size)
        seen = content.read_content(opened, header, config=config)
    if file.blob is not None:
        keeping.keep_signature(file.blob, read_adapter(header, config=config), seen)
