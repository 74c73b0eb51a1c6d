"""
Make a bucket ready: that it is there, that pages of the hub may send parts to it, and that it
forgets by itself what was never finished. Rules that others made for the bucket are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import ClientError

from registry.blobs.account import MISSING, Account, code_of, store_errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CORSRuleUnionTypeDef, LifecycleRuleUnionTypeDef

PARTS_RULE = "loradex-parts"
STAGING_RULE = "loradex-staging"
PAGES_RULE = "loradex-pages"

Rule = TypeVar("Rule")


def make_ready(
    client: S3Client, account: Account, *, origins: Sequence[str], stale_days: int
) -> tuple[str, ...]:
    """
    Return what the server would not do, a sentence each.

    :raises StoreDown: if the bucket is not there and cannot be made
    """
    _make_bucket(client, account)
    refusals = (
        _refusal(
            lambda: _let_pages_in(client, account.bucket, origins),
            "Browsers may not be let in (CORS)",
        ),
        _refusal(
            lambda: _forget_what_is_stale(client, account.bucket, stale_days),
            "Unfinished uploads are not dropped by the server (lifecycle)",
        ),
    )
    return tuple(refusal for refusal in refusals if refusal)


def _make_bucket(client: S3Client, account: Account) -> None:
    with store_errors(f"There is no bucket {account.bucket}."):
        try:
            client.head_bucket(Bucket=account.bucket)
        except ClientError as error:
            if code_of(error) not in MISSING:
                raise
            _create(client, account)


def _create(client: S3Client, account: Account) -> None:
    try:
        if account.endpoint or account.region == "us-east-1":
            client.create_bucket(Bucket=account.bucket)
        else:  # Amazon wants to be told where; others know of no places.
            client.create_bucket(
                Bucket=account.bucket,
                CreateBucketConfiguration={"LocationConstraint": account.region},  # type: ignore[typeddict-item]
            )
    except ClientError as error:
        if code_of(error) != "BucketAlreadyOwnedByYou":  # Another of us was faster.
            raise


def _let_pages_in(client: S3Client, bucket: str, origins: Sequence[str]) -> None:
    ours: CORSRuleUnionTypeDef = {
        "ID": PAGES_RULE,
        "AllowedOrigins": list(origins),
        "AllowedMethods": ["GET", "HEAD", "PUT"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag", "Content-Length", "Content-Range"],
        "MaxAgeSeconds": 3600,
    }
    there = _unless_missing(lambda: client.get_bucket_cors(Bucket=bucket)["CORSRules"])
    others = [rule for rule in there if rule.get("ID") != PAGES_RULE]
    client.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [*others, ours]})


def _forget_what_is_stale(client: S3Client, bucket: str, days: int) -> None:
    ours: list[LifecycleRuleUnionTypeDef] = [
        {
            "ID": PARTS_RULE,
            "Filter": {"Prefix": ""},
            "Status": "Enabled",
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": days},
        },
        {
            "ID": STAGING_RULE,
            "Filter": {"Prefix": "staging/"},
            "Status": "Enabled",
            "Expiration": {"Days": days},
        },
    ]
    there = _unless_missing(
        lambda: client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    )
    others = [rule for rule in there if rule.get("ID") not in {PARTS_RULE, STAGING_RULE}]
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": [*others, *ours]}
    )


def _unless_missing(ask: Callable[[], Sequence[Rule]]) -> Sequence[Rule]:
    try:
        return ask()
    except ClientError as error:
        if code_of(error) in {"NoSuchCORSConfiguration", "NoSuchLifecycleConfiguration"}:
            return []
        raise


def _refusal(act: Callable[[], None], consequence: str) -> str:
    try:
        act()
    except ClientError as error:
        return f"{consequence}: the server answers {code_of(error)}."
    return ""
