"""The store of bytes, its errors said in the registry's words."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from registry import blobs
from registry.blobs.protocol import BlobError, BlobMissing, PartsMissing, StoreDown
from registry.errors import NotFound, Unavailable
from registry.models import Upload

logger = logging.getLogger(__name__)


@contextmanager
def open_bytes(upload: Upload) -> Iterator[BinaryIO]:
    """
    Open what was uploaded, whether it is still in staging or kept already.

    Whoever announces the digest of somebody else's file and sends other bytes gets his own: what is
    kept is opened only for one who may have it, or once his own bytes have gone there.

    :raises NotFound: if there are no bytes any more
    """
    with opened(upload) as file:
        yield file


def opened(upload: Upload) -> BinaryIO:
    """
    Return what was uploaded, open, to be closed by whoever asked.

    :raises NotFound: if there are no bytes any more
    """
    with errors():
        return _open_kept(upload) if upload.known else _open_sent(upload)


def _open_kept(upload: Upload) -> BinaryIO:
    return blobs.default().open(upload.sha256)


def _open_sent(upload: Upload) -> BinaryIO:
    try:
        return blobs.default().open_staged(str(upload.pk))
    except BlobMissing:
        if upload.state != Upload.State.COMPLETE:
            raise
        return _open_kept(upload)  # an earlier attempt hashed it, and was cut off after


@contextmanager
def errors() -> Iterator[None]:
    """
    Say it in the registry's words when the store does not answer.

    :raises NotFound: if the bytes are not there
    :raises Unavailable: for any other error of the store but missing parts
    """
    try:
        yield
    except PartsMissing:
        raise
    except BlobMissing as error:
        raise NotFound(f"The bytes are gone from the store: {error}") from error
    except StoreDown as error:
        logger.warning("The store does not answer: %s", error)
        raise Unavailable("The file store does not answer now: try again in a minute.") from error
    except BlobError as error:
        raise Unavailable(f"The file store refused: {error}") from error
