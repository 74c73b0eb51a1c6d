"""
Where bytes are kept: `default()` is the store that the settings name.

registry/blobs/protocol.py says what a store does, disk.py and s3.py do it, and one file of tests
holds both to it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from registry.blobs.account import Account
from registry.blobs.disk import DiskStore
from registry.blobs.protocol import BlobStore
from registry.blobs.s3 import S3Store


def default() -> BlobStore:
    """
    Return the store of this hub.

    :raises ImproperlyConfigured: if the settings name none
    """
    if settings.STORE == "disk":
        return _disk(settings.BLOBS_AT)
    if settings.STORE == "s3":
        if not settings.S3["bucket"]:
            raise ImproperlyConfigured("S3_BUCKET is empty: name the bucket that keeps the blobs.")
        return _s3(Account(**settings.S3))  # type: ignore[arg-type]  # all of ours are strings
    raise ImproperlyConfigured(f"STORE is {settings.STORE!r}: write disk or s3.")


@cache
def _disk(root: Path) -> DiskStore:
    return DiskStore(root)


@cache
def _s3(account: Account) -> S3Store:
    return S3Store(account)
