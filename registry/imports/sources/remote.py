"""What all sources on other machines have in common: files are had by their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from registry.errors import SourceRefused
from registry.formats.errors import FormatError
from registry.formats.quoting import shown
from registry.formats.sniff import clean_name
from registry.imports.web.client import Web
from registry.imports.web.hosts import target_of

SKIPPED = 1 << 20


@dataclass(frozen=True, slots=True)
class Remote:
    """Something at `origin`, which is a scheme and a host."""

    web: Web
    origin: str
    is_near = False

    @property
    def cursor(self) -> str:
        return ""

    @property
    def name(self) -> str:
        return target_of(self.origin).place

    def start(self, place: str, count: int) -> bytes:
        with self.web.open(place, headers={"Range": f"bytes=0-{count - 1}"}) as answer:
            return answer.body.read(count)

    @contextmanager
    def open(self, place: str, *, at: int = 0) -> Iterator[BinaryIO]:
        headers = {"Range": f"bytes={at}-"} if at else {}
        with self.web.open(place, headers=headers) as answer:
            left = at if answer.status == 200 else 0  # it gives no part of it: over again
            while left:
                left -= len(answer.body.read(min(left, SKIPPED))) or left
            yield answer.body


def origin_of(url: str, web: Web) -> str:
    """
    Return the scheme and host of an address.

    :raises SourceRefused: if the operator does not name the host
    """
    target = web.allowed(url)
    return f"{target.scheme}://{target.place}"


def path_of(url: str) -> list[str]:
    """Return the parts of an address's path, as people write them."""
    return [unquote(part) for part in urlsplit(url).path.split("/") if part]


def file_name(told: object, *, otherwise: str) -> str:
    """Return what a file is called, without anything that no name may hold."""
    last = PurePosixPath(str(told or "").replace("\\", "/")).name
    try:
        return clean_name(last)
    except FormatError:
        return otherwise


def identifier(text: str, what: str) -> int:
    """:raises SourceRefused: if that is no number of such a thing"""
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise SourceRefused(f"{shown(text)} is no number of {what}.")
    return int(text)
