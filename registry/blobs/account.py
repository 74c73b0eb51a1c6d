"""
How to speak to an object store: one client for our own calls, one that only signs links.

The two differ by endpoint: workers reach the store inside a network, browsers from outside, and a
signature holds for one host name only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from registry.blobs.protocol import BlobError, BlobMissing, StoreDown

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MISSING = {"404", "NoSuchKey", "NoSuchUpload", "NotFound"}
TAKEN = {"409", "412", "ConditionalRequestConflict", "PreconditionFailed"}
UNKNOWN = {"501", "NotImplemented"}  # what a server says to a header it has not learned

ADVICE = {
    "403": "it does not let us in: look at S3_ACCESS_KEY, S3_SECRET_KEY and its policy",
    "NoSuchBucket": "there is no such bucket: run manage.py prepare_store",
    "AccessDenied": "the account may not do this: look at its policy",
    "InvalidAccessKeyId": "it does not know this account: look at S3_ACCESS_KEY",
    "SignatureDoesNotMatch": "the signature is wrong: look at S3_SECRET_KEY and S3_REGION",
    "QuotaExceeded": "the account is full: delete something or raise its quota",
    "EntityTooSmall": "the parts are too small: raise PART_SIZE",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where the object store is, and who we are to it. The fields are settings.S3."""

    bucket: str
    endpoint: str = ""  # "" means Amazon's own
    public_endpoint: str = ""  # "" means the same
    region: str = "us-east-1"
    access_key: str = ""  # "" means: as boto3 finds it (a role, a profile)
    secret_key: str = field(default="", repr=False)
    checksums: str = "when_required"
    patience: float = 30  # seconds without a byte before a call is given up
    attempts: int = 3

    def client(self) -> S3Client:
        """Return a client for our own calls."""
        return self._client(self.endpoint, checksums=self.checksums)

    def signer(self) -> S3Client:
        """Return a client for links. Signing speaks to nobody."""
        # Browsers send no checksum, so a link must not ask for one.
        return self._client(self.public_endpoint or self.endpoint, checksums="when_required")

    def _client(self, endpoint: str, *, checksums: str) -> S3Client:
        wanted: Literal["when_supported", "when_required"] = (
            "when_supported" if checksums == "when_supported" else "when_required"
        )
        return boto3.client(
            "s3",
            endpoint_url=endpoint or None,
            aws_access_key_id=self.access_key or None,
            aws_secret_access_key=self.secret_key or None,
            region_name=self.region,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                request_checksum_calculation=wanted,
                response_checksum_validation=wanted,
                connect_timeout=min(5, self.patience),
                read_timeout=self.patience,
                retries={"mode": "standard", "total_max_attempts": self.attempts},
                tcp_keepalive=True,
                max_pool_connections=32,
            ),
        )


@contextmanager
def store_errors(missing: str) -> Iterator[None]:
    """
    Say in the store's words what the object store did not do.

    :raises BlobMissing: with the sentence `missing`, if it has no such object
    :raises StoreDown: for everything else: a call that was not answered may have been carried out
    """
    try:
        yield
    except ClientError as error:
        raise _translated(error, missing) from error
    except BotoCoreError as error:
        kind = type(error).__name__
        raise StoreDown(f"The object store does not answer ({kind}): try again.") from error


def code_of(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


def _translated(error: ClientError, missing: str) -> BlobError:
    code = code_of(error)
    if code in MISSING:
        return BlobMissing(missing)
    return StoreDown(
        f"The object store refuses: {ADVICE.get(code, code or 'it does not say why')}."
    )
