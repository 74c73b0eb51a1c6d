"""
What a store of bytes does, whatever it stands on.

Bytes are kept under their sha256 and never change. What is still on its way in lies in staging,
under the name of its upload: `begin`, parts in any order, `seal`, and, once a worker has hashed it
and found it to be what was announced, `promote`. Every step can be cut off and done again.

Everything that can go wrong:

* BlobError                     str() says what, in a sentence
  - BlobMissing                 nothing is stored, or staged, under that name
  - BlobDamaged                 what is stored does not hash to its name any more
  - PartsMissing                .numbers of the parts that have to be sent (again)
  - StoreDown                   the store did not answer, or cannot take more. What was asked may
                                have been done none the less: ask again, every act bears repeating
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

CHUNK = 2**20  # bytes held in memory at a time where a stream is passed on
LINK_SECONDS = 300  # how long a signed link may be used, unless the caller says


class BlobError(Exception):
    """Anything that keeps a store from doing what it was asked."""


class BlobMissing(BlobError):
    """Nothing is stored, or staged, under that name."""


class BlobDamaged(BlobError):
    """What is stored does not hash to its name any more."""


class PartsMissing(BlobError):
    """Parts that were announced are not there, or not as long as they have to be."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = tuple(numbers)
        some = ", ".join(str(number) for number in self.numbers[:10])
        more = f" and {len(self.numbers) - 10} more" if len(self.numbers) > 10 else ""
        super().__init__(f"Parts {some}{more} are missing: send them and try again.")


class StoreDown(BlobError):
    """The store did not answer, or cannot take more. Whether it acted is not known."""


class Part(NamedTuple):
    """A piece of an upload that is there as a whole. Parts are numbered from 1."""

    number: int
    size: int


class Layout(NamedTuple):
    """How a file is cut into parts."""

    size: int
    part_size: int

    @property
    def parts(self) -> tuple[Part, ...]:
        starts = range(0, self.size, self.part_size)
        return tuple(
            Part(number, min(self.part_size, self.size - start))
            for number, start in enumerate(starts, start=1)
        )

    def missing(self, there: Iterable[Part]) -> tuple[int, ...]:
        """Return the numbers of the parts that are not among `there` in their full length."""
        whole = set(there)
        return tuple(part.number for part in self.parts if part not in whole)


class BlobStore(Protocol):
    """A store of bytes. All of its methods may raise StoreDown."""

    def prepare(self, *, origins: Sequence[str], stale_days: int) -> tuple[str, ...]:
        """
        Make the store ready for use; doing so again changes nothing.

        :param origins: the sites whose pages send parts straight to the store
        :param stale_days: after so many days, the store may drop what is left in staging itself
        :returns: what it could not be made to do, a sentence each
        """

    # --- blobs ---

    def put(self, file: BinaryIO) -> tuple[str, int]:
        """Keep what is left to read in `file`, and return its sha256 and size."""

    def open(self, sha256: str) -> BinaryIO:
        """
        Return the bytes, to be read and closed; seeking is allowed.

        :raises BlobMissing: if there are none
        """

    def size(self, sha256: str) -> int:
        """:raises BlobMissing: if there are no such bytes"""

    def exists(self, sha256: str) -> bool: ...

    def delete(self, sha256: str) -> None:
        """Forget the bytes. It is no error if they are gone."""

    def digests(self) -> Iterator[tuple[str, datetime]]:
        """Yield the sha256 of everything kept, with when it was last put or promoted."""

    def free(self) -> int | None:
        """Return how many bytes more it has room for; None for a store that cannot tell."""

    def path(self, sha256: str) -> Path | None:
        """
        Return where the bytes lie on this machine, or None if they do not. Never write there.

        :raises BlobMissing: if the store is on this machine and has no such bytes
        """

    def fetch(self, sha256: str, to: Path) -> None:
        """
        Copy the bytes to the file `to`, which is there as a whole or not at all.

        :raises BlobMissing: if there are no such bytes
        :raises BlobDamaged: if they do not hash to `sha256`
        """

    def url(
        self,
        sha256: str,
        *,
        file_name: str,
        content_type: str = "application/octet-stream",
        seconds: int = LINK_SECONDS,
    ) -> str | None:
        """Return a link that anyone may download from for a while; None if the hub must serve."""

    def lay_out(self, folder: str, files: Mapping[str, str]) -> str | None:
        """
        Copy blobs into a folder of the store, each under a name, for programs that read the store.

        :param folder: a name like an upload's
        :param files: the sha256 of each file by its name, which is plain ASCII without a slash
        :returns: the folder as `s3://bucket/…`; None if nobody but the hub reads the store
        :raises BlobMissing: if one of the blobs is not there
        """

    # --- staging ---

    def begin(self, upload: str, *, size: int, part_size: int) -> str:
        """Make room for an upload. Keep what it returns: the other calls ask for it."""

    def part_url(
        self, upload: str, multipart_id: str, number: int, *, seconds: int = LINK_SECONDS
    ) -> str | None:
        """Return a link to PUT one part to; None if parts go through `put_part`."""

    def put_part(
        self,
        upload: str,
        multipart_id: str,
        number: int,
        stream: BinaryIO,
        *,
        offset: int,
        length: int,
    ) -> None:
        """
        Keep `length` bytes of `stream` as a part. The same part again replaces it.

        :raises BlobMissing: if the upload is not open: never begun, sealed, dropped or promoted
        :raises PartsMissing: if the stream ends before `length`; the part then counts as missing
        """

    def parts(self, upload: str, multipart_id: str) -> tuple[Part, ...]:
        """
        Return the parts that are there, in order. Of a sealed upload, that is all of them.

        :raises BlobMissing: if there is no such upload
        """

    def seal(self, upload: str, multipart_id: str, *, size: int) -> None:
        """
        Close the upload: from here on its bytes do not change.

        :raises PartsMissing: if parts are missing or too short
        :raises BlobMissing: if there is no such upload
        """

    def open_staged(self, upload: str) -> BinaryIO:
        """
        Return the bytes of a sealed upload, to be read and closed; seeking is allowed.

        :raises BlobMissing: if there is no such upload, or it is not sealed
        """

    def promote(self, upload: str, sha256: str) -> None:
        """
        Keep a sealed upload for good. The caller has hashed it: `sha256` is its digest.

        :raises BlobMissing: if there is neither such an upload nor such a blob
        """

    def drop(self, upload: str, multipart_id: str) -> None:
        """Forget an upload. It is no error if it is gone."""

    def staged(self) -> Iterator[tuple[str, datetime]]:
        """Yield the uploads in staging, with when each was begun or sealed, in no order."""


def require_digest(sha256: str) -> str:
    """
    Return `sha256` if it can be the name of a blob.

    :raises BlobMissing: if not, since nothing is ever stored under such a name
    """
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise BlobMissing(f"{sha256[:80]!r} is no sha256: 64 hexadecimal digits in lower case.")
    return sha256


def require_upload(upload: str) -> str:
    """
    Return `upload` if it can be the name of an upload.

    :raises BlobMissing: if not, since nothing is ever staged under such a name
    """
    if not re.fullmatch(r"[0-9A-Za-z-]{1,64}", upload):
        raise BlobMissing(f"{upload[:80]!r} is no name of an upload.")
    return upload
