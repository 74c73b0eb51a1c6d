"""
Bases whose weights lie in a bucket: a worker brings them to its own disk, once.

A copy is known by the sizes and ETags of all its files, so weights that are changed in the bucket
are brought again. It is put together beside the earlier one and takes its place at once; what has
come already stays after a break. While the store does not answer, the last copy is good enough.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings

from registry.blobs.account import Account
from registry.blobs.prefix import SCHEME, Item, Prefix
from registry.blobs.protocol import BlobError
from registry.errors import Unavailable
from registry.models import BaseModel

logger = logging.getLogger(__name__)

WANTED = {".safetensors", ".json", ".txt", ".model"}  # weights, configurations, tokenizers
MOST_FILES = 2_000
MOST_BYTES = 500 * 10**9
LEFT_FREE = 2 * 2**30  # bytes of the disk


def is_fetched(weights_at: str) -> bool:
    """Tell whether weights that lie there have to be brought to a worker."""
    return weights_at.startswith(SCHEME)


def bring(base: BaseModel) -> Path:
    """
    Return the folder on this machine with the base's weights, brought there if they are not yet.

    :raises Unavailable: if they cannot be had, and there is no earlier copy
    """
    return bring_from(base.weights_at, into=base.slug, title=base.title)


def bring_from(weights_at: str, *, into: str, title: str) -> Path:
    """
    Return the folder on this machine with weights that lie in a bucket; `into` is its name here.

    :raises Unavailable: if they cannot be had, and there is no earlier copy
    """
    home = settings.DATA / "bases" / into
    home.mkdir(parents=True, exist_ok=True)
    with _alone(home):
        try:
            prefix = _prefix(weights_at)
            items = listed(prefix)
            return _copy(prefix, items, home)
        except BlobError as error:
            kept = _newest(home)
            if kept is None:
                raise Unavailable(f"The weights of {title} cannot be had: {error}") from error
            logger.warning("%s is taken from its last copy: %s", into, error)
            return kept


def look(weights_at: str, *, index: str) -> tuple[dict[str, Any], bool]:
    """
    Return what the index of a base in a bucket says, and whether safetensors files lie beside it.

    :raises Unavailable: if there is no index, or it cannot be read
    """
    try:
        prefix = _prefix(weights_at)
        items = {item.name: item for item in listed(prefix)}
        if index not in items:
            raise Unavailable(f"There is no readable {index} at {weights_at}.")
        told = json.loads(prefix.read(items[index]))
    except (BlobError, ValueError) as error:
        raise Unavailable(f"{weights_at} cannot be read: {error}") from error
    return told if isinstance(told, dict) else {}, any(".safetensors" in name for name in items)


def listed(prefix: Prefix) -> tuple[Item, ...]:
    """
    Return the files that a base is loaded from, in order.

    :raises Unavailable: if there are none, or too many
    :raises BlobError: if the store does not say
    """
    items: list[Item] = []
    for item in prefix.items():
        if Path(item.name).suffix in WANTED:
            items.append(item)
        if len(items) > MOST_FILES:
            raise Unavailable(f"{prefix.address} has more than {MOST_FILES:,} files: no base has.")
    if not items:
        raise Unavailable(f"No weights lie at {prefix.address}.")
    if sum(item.size for item in items) > MOST_BYTES:
        raise Unavailable(f"{prefix.address} is larger than {MOST_BYTES // 10**9} GB.")
    return tuple(sorted(items, key=lambda item: item.name))


def _prefix(weights_at: str) -> Prefix:
    account: dict[str, Any] = dict(settings.S3)
    return Prefix(Account(**account), weights_at)


def _copy(prefix: Prefix, items: Sequence[Item], home: Path) -> Path:
    whole = home / _digest(items)
    if not whole.is_dir():
        part = home / f"{whole.name}.part"
        missing = [item for item in items if not _is_there(part / item.name, item)]
        _require_room(missing, home)
        for item in missing:
            prefix.save(item, part / item.name)
        part.rename(whole)
        logger.info("%s was brought from %s", home.name, prefix.address)
    for other in home.iterdir():
        if other != whole and other.is_dir():
            shutil.rmtree(other, ignore_errors=True)  # whoever reads it keeps what he has open
    return whole


def _is_there(path: Path, item: Item) -> bool:
    return path.is_file() and path.stat().st_size == item.size


def _require_room(items: Sequence[Item], home: Path) -> None:
    needed, free = sum(item.size for item in items), shutil.disk_usage(home).free
    if needed + LEFT_FREE > free:
        raise Unavailable(
            f"{home.name} needs {needed / 10**9:.1f} GB more under {home.parent}, and "
            f"{free / 10**9:.1f} GB are free there."
        )


def _newest(home: Path) -> Path | None:
    whole = [one for one in home.iterdir() if one.is_dir() and one.suffix != ".part"]
    return max(whole, key=lambda one: one.stat().st_mtime, default=None)


def _digest(items: Sequence[Item]) -> str:
    told = [(item.name, item.size, item.etag) for item in items]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Let one process of this machine at a time bring a base; the others wait for it."""
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
