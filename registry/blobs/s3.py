"""
A store in a bucket of any server that speaks S3.

    blobs/ab/<sha256>     a blob
    folders/<name>/…      copies of blobs under names, for programs that read the bucket themselves
    staging/<upload>      an upload: a multipart upload while parts come in, then an object

Servers differ, so nothing here relies on the newer parts of the protocol: conditional writes are
asked for and done without where they are unknown, checksums are ours, and what an answer leaves
open is looked up. A call that was not answered may have been carried out; each can be repeated.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from uuid import uuid4

from registry.blobs import bucket
from registry.blobs.account import Account
from registry.blobs.links import attachment
from registry.blobs.objects import Objects
from registry.blobs.protocol import (
    CHUNK,
    LINK_SECONDS,
    BlobError,
    BlobMissing,
    Layout,
    Part,
    PartsMissing,
    StoreDown,
    require_digest,
    require_upload,
)
from registry.blobs.ranged import RangedFile
from registry.blobs.streams import pass_on, save

IN_MEMORY = 8 * 2**20  # a stream of up to so many bytes waits in memory, a longer one on the disk
ONE_PUT = 64 * 2**20  # more than this goes up in parts
PART_SIZE = 16 * 2**20
LEAST_PART = 5 * 2**20  # of all parts but the last
MOST_PARTS = 10_000


class S3Store:
    """See BlobStore, which says what each method does."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._client = account.client()
        self._signer = account.signer()
        self._objects = Objects(self._client, account.bucket)

    def prepare(self, *, origins: Sequence[str], stale_days: int) -> tuple[str, ...]:
        return bucket.make_ready(
            self._client, self._account, origins=origins, stale_days=stale_days
        )

    # --- blobs ---

    def put(self, file: BinaryIO) -> tuple[str, int]:
        with SpooledTemporaryFile(IN_MEMORY) as waiting:
            sha256, size = pass_on(file, waiting.write)
            waiting.seek(0)
            kept = self._objects.size(_blob(sha256))
            if kept == size:
                self._objects.touch(_blob(sha256), size)
            elif size > ONE_PUT:
                self._put_in_parts(cast(BinaryIO, waiting), sha256, size)
            else:  # Of another size, it was cut short by a broken server: these bytes are right.
                body = cast(BinaryIO, waiting)
                self._objects.put(_blob(sha256), body, create_only=kept is None)
        return sha256, size

    def open(self, sha256: str) -> BinaryIO:
        return self._open(_blob(sha256), f"Nothing is stored as {sha256}.")

    def size(self, sha256: str) -> int:
        size = self._objects.size(_blob(sha256))
        if size is None:
            raise BlobMissing(f"Nothing is stored as {sha256}.")
        return size

    def exists(self, sha256: str) -> bool:
        try:
            self.size(sha256)
        except BlobMissing:
            return False
        return True

    def delete(self, sha256: str) -> None:
        with suppress(BlobMissing):
            self._objects.delete(_blob(sha256))

    def digests(self) -> Iterator[tuple[str, datetime]]:
        for key, changed_at in self._objects.under("blobs/"):
            yield key.rpartition("/")[2], changed_at

    def free(self) -> int | None:
        return None

    def path(self, sha256: str) -> Path | None:  # noqa: ARG002 - on no machine
        return None

    def fetch(self, sha256: str, to: Path) -> None:
        with self.open(sha256) as file:
            save(file, sha256, to=to)

    def url(
        self,
        sha256: str,
        *,
        file_name: str,
        content_type: str = "application/octet-stream",
        seconds: int = LINK_SECONDS,
    ) -> str | None:
        return self._signer.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._account.bucket,
                "Key": _blob(sha256),
                "ResponseContentDisposition": attachment(file_name),
                "ResponseContentType": content_type,
            },
            ExpiresIn=seconds,
        )

    def lay_out(self, folder: str, files: Mapping[str, str]) -> str | None:
        place = f"folders/{require_upload(folder)}"
        for name, sha256 in files.items():
            size, target = self.size(sha256), f"{place}/{name}"
            if self._objects.size(target) != size:
                self._objects.copy(_blob(sha256), target, size=size)
        return f"s3://{self._account.bucket}/{place}"

    # --- staging ---

    def begin(self, upload: str, *, size: int, part_size: int) -> str:
        count = math.ceil(size / part_size)
        if count > MOST_PARTS or (count > 1 and part_size < LEAST_PART):
            raise BlobError(
                f"{count:,} parts of {part_size:,} bytes are not what S3 takes: at most "
                f"{MOST_PARTS:,}, of {LEAST_PART:,} bytes or more. Change PART_SIZE."
            )
        # Only the size tells whether a part is whole, and the store does not keep it for us.
        return f"{part_size}:{self._objects.begin(_staging(upload))}"

    def part_url(
        self, upload: str, multipart_id: str, number: int, *, seconds: int = LINK_SECONDS
    ) -> str | None:
        return self._signer.generate_presigned_url(
            "upload_part",
            Params={
                "Bucket": self._account.bucket,
                "Key": _staging(upload),
                "UploadId": _taken_apart(multipart_id)[1],
                "PartNumber": number,
            },
            ExpiresIn=seconds,
        )

    def put_part(
        self,
        upload: str,
        multipart_id: str,
        number: int,
        stream: BinaryIO,
        *,
        offset: int,  # noqa: ARG002 - the number says where
        length: int,
    ) -> None:
        # What is signed has to be read twice, and a request can only be sent once: hence the copy.
        with SpooledTemporaryFile(IN_MEMORY) as waiting:
            while rest := length - waiting.tell():
                chunk = stream.read(min(CHUNK, rest))
                if not chunk:
                    raise PartsMissing((number,))
                waiting.write(chunk)
            waiting.seek(0)
            key = _staging(upload)
            _, opened = _taken_apart(multipart_id)
            self._objects.put_part(key, opened, number, cast(BinaryIO, waiting))

    def parts(self, upload: str, multipart_id: str) -> tuple[Part, ...]:
        part_size, opened = _taken_apart(multipart_id)
        try:
            return tuple(part for part, _ in self._objects.parts(_staging(upload), opened))
        except BlobMissing:
            size = self._objects.size(_staging(upload))
            if size is None:
                raise
            return Layout(size, part_size).parts

    def seal(self, upload: str, multipart_id: str, *, size: int) -> None:
        key = _staging(upload)
        part_size, opened = _taken_apart(multipart_id)
        # An answer that says "no such upload" is good news if a former call was carried out, and
        # some servers answer "done" to anything: what counts is the object.
        with suppress(BlobMissing):
            there = self._objects.parts(key, opened)
            if missing := Layout(size, part_size).missing(part for part, _ in there):
                raise PartsMissing(missing)
            self._objects.complete(key, opened, there)
        found = self._objects.size(key)
        if found is None:
            raise BlobMissing(f"There is no open upload {upload}.")
        if found != size:
            raise StoreDown(f"The object store made {found:,} bytes of {size:,}: try again.")

    def open_staged(self, upload: str) -> BinaryIO:
        return self._open(_staging(upload), f"There is no sealed upload {upload}.")

    def promote(self, upload: str, sha256: str) -> None:
        source, target = _staging(upload), _blob(sha256)
        size, kept = self._objects.size(source), self._objects.size(target)
        if size is None:
            if kept is None:
                raise BlobMissing(f"There is no sealed upload {upload}.")
            return
        if kept == size:
            self._objects.touch(target, size)
        else:  # Of another size, it was cut short by a broken server: these bytes are right.
            self._objects.copy(source, target, size=size, create_only=kept is None)
        if self._objects.size(target) != size:
            raise StoreDown(f"The object store did not copy {sha256} as a whole: try again.")
        self._objects.delete(source)

    def drop(self, upload: str, multipart_id: str) -> None:
        with suppress(BlobMissing):
            key = _staging(upload)
            known = [_taken_apart(multipart_id)[1]] if multipart_id else None
            for opened in known or self._objects.opened(key):
                self._objects.abort(key, opened)
            self._objects.delete(key)

    def staged(self) -> Iterator[tuple[str, datetime]]:
        for found in (self._objects.under("staging/"), self._objects.opened_under("staging/")):
            for key, begun_at in found:
                yield key.removeprefix("staging/"), begun_at

    # --- inside ---

    def _open(self, key: str, missing: str) -> BinaryIO:
        size = self._objects.size(key)
        if size is None:
            raise BlobMissing(missing)
        return io.BufferedReader(RangedFile(partial(self._objects.read, key), size=size), CHUNK)

    def _put_in_parts(self, file: BinaryIO, sha256: str, size: int) -> None:
        upload = f"put-{uuid4()}"
        opened = self.begin(upload, size=size, part_size=PART_SIZE)
        try:
            for number, length in Layout(size, PART_SIZE).parts:
                self.put_part(upload, opened, number, file, offset=0, length=length)
            self.seal(upload, opened, size=size)
            self.promote(upload, sha256)
        except BlobError:
            with suppress(BlobError):
                self.drop(upload, opened)
            raise


def _blob(sha256: str) -> str:
    return f"blobs/{require_digest(sha256)[:2]}/{sha256}"


def _staging(upload: str) -> str:
    return f"staging/{require_upload(upload)}"


def _taken_apart(multipart_id: str) -> tuple[int, str]:
    part_size, _, opened = multipart_id.partition(":")
    if not part_size.isdigit() or not opened:
        raise BlobMissing(f"{multipart_id[:80]!r} is no upload that this store began.")
    return int(part_size), opened
