"""The calls that the S3 store makes, on one bucket, with their errors in the store's words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from botocore.exceptions import BotoCoreError, ClientError

from registry.blobs.account import TAKEN, UNKNOWN, code_of, store_errors
from registry.blobs.protocol import BlobMissing, Part, StoreDown

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ONE_COPY = 5 * 2**30  # bytes; more than this has to be copied in parts
COPY_PART = 512 * 2**20
READ_ATTEMPTS = 3
BINARY = "application/octet-stream"


class Objects:
    """One bucket. Keys are given whole; every method may raise StoreDown."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def size(self, key: str) -> int | None:
        """Return how many bytes the object has, or None if there is none."""
        try:
            with store_errors(f"There is no {key}."):
                return self._client.head_object(Bucket=self._bucket, Key=key)["ContentLength"]
        except BlobMissing:
            return None

    def read(self, key: str, start: int, stop: int) -> bytes:
        """Return the bytes from `start` to before `stop`. A broken line is tried again."""
        for attempt in range(1, READ_ATTEMPTS + 1):
            with store_errors(f"{key} was deleted while it was read."):
                answer = self._client.get_object(
                    Bucket=self._bucket, Key=key, Range=f"bytes={start}-{stop - 1}"
                )
                if answer["ContentLength"] != stop - start:
                    answer["Body"].close()
                    raise StoreDown("The object store does not give parts of an object.")
                try:
                    return answer["Body"].read()
                except BotoCoreError:
                    if attempt == READ_ATTEMPTS:
                        raise
                finally:
                    answer["Body"].close()
        raise AssertionError("unreachable")

    def put(self, key: str, body: BinaryIO, *, create_only: bool) -> None:
        """Keep `body` under the key; with `create_only`, unless something is there."""
        with store_errors(f"There is no {key}."):
            try:
                self._put(key, body, **_condition(create_only))
            except ClientError as error:
                if create_only and code_of(error) in UNKNOWN:
                    body.seek(0)
                    self._put(key, body)
                elif not create_only or code_of(error) not in TAKEN:
                    raise
        if self.size(key) is None:  # Another was about to write it, and then did not.
            raise StoreDown("The object store turned these bytes away for others: try again.")

    def copy(self, source: str, target: str, *, size: int, create_only: bool = False) -> None:
        """Copy inside the server; with `create_only`, unless something is there."""
        with store_errors(f"There is no {source}."):
            if size > ONE_COPY:
                self._copy_in_parts(source, target, size)
                return
            try:
                self._copy(source, target, **_condition(create_only))
            except ClientError as error:
                if create_only and code_of(error) in UNKNOWN:
                    self._copy(source, target)
                elif not create_only or code_of(error) not in TAKEN:
                    raise

    def touch(self, key: str, size: int) -> None:
        """Have the object count as new: it is copied onto itself, which no reader notices."""
        self.copy(key, key, size=size)

    def delete(self, key: str) -> None:
        with suppress(BlobMissing), store_errors(f"There is no {key}."):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def under(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Yield the keys that begin so, with when each was written."""
        pages = self._client.get_paginator("list_objects_v2")
        with store_errors("There is no bucket."):
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                for found in page.get("Contents", []):
                    yield found["Key"], found["LastModified"]

    # --- in parts ---

    def begin(self, key: str) -> str:
        with store_errors("There is no bucket."):
            return self._client.create_multipart_upload(
                Bucket=self._bucket, Key=key, ContentType=BINARY
            )["UploadId"]

    def put_part(self, key: str, opened: str, number: int, body: BinaryIO) -> None:
        with store_errors(f"The upload {key} is not open."):
            self._client.upload_part(
                Bucket=self._bucket, Key=key, UploadId=opened, PartNumber=number, Body=body
            )

    def parts(self, key: str, opened: str) -> tuple[tuple[Part, str], ...]:
        """
        Return the parts that are there, each with its tag.

        :raises BlobMissing: if the upload is not open
        """
        pages = self._client.get_paginator("list_parts")
        with store_errors(f"The upload {key} is not open."):
            return tuple(
                (Part(found["PartNumber"], found["Size"]), found["ETag"])
                for page in pages.paginate(Bucket=self._bucket, Key=key, UploadId=opened)
                for found in page.get("Parts", [])
            )

    def complete(self, key: str, opened: str, parts: Sequence[tuple[Part, str]]) -> None:
        with store_errors(f"The upload {key} is not open."):
            self._client.complete_multipart_upload(
                Bucket=self._bucket,
                Key=key,
                UploadId=opened,
                MultipartUpload={
                    "Parts": [{"PartNumber": part.number, "ETag": tag} for part, tag in parts]
                },
            )

    def abort(self, key: str, opened: str) -> None:
        with suppress(BlobMissing), store_errors(f"The upload {key} is not open."):
            self._client.abort_multipart_upload(Bucket=self._bucket, Key=key, UploadId=opened)

    def opened(self, key: str) -> list[str]:
        """Return the multipart uploads that are open for this very key."""
        return [opened for found, opened, _ in self._listed(key) if found == key]

    def opened_under(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Yield the keys that begin so and have an open multipart upload, with its begin."""
        for key, _, begun_at in self._listed(prefix):
            yield key, begun_at

    # --- inside ---

    def _listed(self, prefix: str) -> Iterator[tuple[str, str, datetime]]:
        pages = self._client.get_paginator("list_multipart_uploads")
        with store_errors("There is no bucket."):
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                for found in page.get("Uploads", []):
                    yield found["Key"], found["UploadId"], found["Initiated"]

    def _put(self, key: str, body: BinaryIO, **condition: Any) -> None:
        self._client.put_object(
            Bucket=self._bucket, Key=key, Body=body, ContentType=BINARY, **condition
        )

    def _copy(self, source: str, target: str, **condition: Any) -> None:
        self._client.copy_object(
            Bucket=self._bucket,
            Key=target,
            CopySource={"Bucket": self._bucket, "Key": source},
            MetadataDirective="REPLACE",  # Else a copy onto itself is refused as idle.
            ContentType=BINARY,
            **condition,
        )

    def _copy_in_parts(self, source: str, target: str, size: int) -> None:
        opened = self.begin(target)
        try:
            for number, start in enumerate(range(0, size, COPY_PART), start=1):
                self._client.upload_part_copy(
                    Bucket=self._bucket,
                    Key=target,
                    UploadId=opened,
                    PartNumber=number,
                    CopySource={"Bucket": self._bucket, "Key": source},
                    CopySourceRange=f"bytes={start}-{min(start + COPY_PART, size) - 1}",
                )
            self.complete(target, opened, self.parts(target, opened))
        except BaseException:
            with suppress(StoreDown):
                self.abort(target, opened)
            raise


def _condition(create_only: bool) -> dict[str, str]:  # noqa: FBT001 - its name says it
    return {"IfNoneMatch": "*"} if create_only else {}
