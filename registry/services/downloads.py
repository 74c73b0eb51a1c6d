"""Files on their way out: where their bytes are to be had, and how often they were fetched."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import BinaryIO

from django.conf import settings
from django.db import connection

from registry import blobs
from registry.errors import WrongState
from registry.models import AdapterVersion, ClientKind, VersionFile
from registry.services import stored

# One statement, since every download waits for it.
_COUNT = """
WITH counted AS (
  UPDATE registry_adapterversion SET downloads = downloads + 1 WHERE id = %s RETURNING id
)
INSERT INTO registry_downloadcount AS kept (version_id, day, client, downloads)
SELECT id, %s, %s, 1 FROM counted
ON CONFLICT (version_id, day, client) DO UPDATE SET downloads = kept.downloads + 1
"""


def require_kept(file: VersionFile) -> VersionFile:
    """
    Return the file if its bytes were found to be what was announced.

    :raises WrongState: if no worker has looked at them yet
    """
    if file.blob_id is None:
        raise WrongState(
            f"{file.name} is still being checked: it can be downloaded once its sha256 is certain.",
            code="not-checked-yet",
        )
    return file


def open_bytes(sha256: str) -> BinaryIO:
    """
    Open what is kept under a digest, for the caller to close.

    :raises Unavailable: if the store does not give it
    """
    with stored.errors():
        return blobs.default().open(sha256)


def link_to(sha256: str, *, file_name: str) -> str | None:
    """Return an address at the store that serves some bytes under a name, None if it has none."""
    with stored.errors():
        return blobs.default().url(sha256, file_name=file_name)


def place(sha256: str) -> str | None:
    """Return where the bytes lie under the store's folder, None if they are not on this machine."""
    with stored.errors():
        path = blobs.default().path(sha256)
    return None if path is None else path.relative_to(settings.BLOBS_AT).as_posix()


def count(version: AdapterVersion, *, client: ClientKind, now: datetime) -> None:
    """Remember that a program of some kind fetched the version from its first byte on."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [version.pk, now.astimezone(UTC).date(), client.value])
