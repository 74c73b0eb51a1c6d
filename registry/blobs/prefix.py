"""
A folder that others keep in a bucket, under one prefix: it is read, and never written.

The account is the store's own (settings.S3), and may be let into other buckets than the store's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from registry.blobs.account import Account, store_errors
from registry.blobs.protocol import CHUNK, StoreDown

SCHEME = "s3://"


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the folder: its path in it, its bytes, and what changes when they do."""

    name: str
    size: int
    etag: str


class Prefix:
    """The folder at `s3://bucket/prefix`."""

    def __init__(self, account: Account, address: str) -> None:
        """:raises ValueError: if the address names no bucket"""
        bucket, _, prefix = address.removeprefix(SCHEME).partition("/")
        if not address.startswith(SCHEME) or not bucket:
            raise ValueError(f"{address} is no {SCHEME}bucket/prefix.")
        self.address = address
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client = replace(account, bucket=bucket).client()

    def items(self) -> Iterator[Item]:
        """
        Yield the files, however many there are.

        :raises BlobMissing: if there is no such bucket
        :raises StoreDown: if the store does not answer, or refuses
        """
        pages = self._client.get_paginator("list_objects_v2")
        with store_errors(f"There is nothing at {self.address}."):
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix):
                for found in page.get("Contents", ()):
                    name = found["Key"].removeprefix(self._prefix)
                    if is_plain(name):
                        yield Item(name, found["Size"], found["ETag"])

    def read(self, item: Item) -> bytes:
        """
        Return a small file whole.

        :raises BlobMissing: if it is gone
        :raises StoreDown: if the store does not answer
        """
        return b"".join(self._chunks(item))

    def save(self, item: Item, path: Path) -> None:
        """
        Write a file to `path`, which is there whole or not at all.

        :raises BlobMissing: if it is gone
        :raises StoreDown: if the store does not answer, or the file has changed
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        with part.open("wb") as file:
            for chunk in self._chunks(item):
                file.write(chunk)
        if part.stat().st_size != item.size:
            raise StoreDown(f"{item.name} came in {part.stat().st_size} of {item.size} bytes.")
        part.replace(path)

    def _chunks(self, item: Item) -> Iterator[bytes]:
        with store_errors(f"There is no {item.name} at {self.address}."):
            answer = self._client.get_object(
                Bucket=self._bucket, Key=f"{self._prefix}{item.name}", IfMatch=item.etag
            )
            yield from answer["Body"].iter_chunks(CHUNK)


def is_plain(name: str) -> bool:
    """Tell whether a key is the path of a file that stays inside its folder."""
    parts = PurePosixPath(name).parts
    return (
        bool(parts)
        and not name.endswith("/")
        and not ({"..", "."} & set(parts))
        and (not name.startswith("/") and "\\" not in name and "\0" not in name)
    )
