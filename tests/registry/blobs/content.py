"""Bytes to keep, and uploads of them."""

from __future__ import annotations

import hashlib
import io
import random
from typing import NamedTuple

from registry.blobs.protocol import Layout

MIB = 2**20
PART = 5 * MIB  # the least that S3 takes


class Upload(NamedTuple):
    """An upload that was begun, and what is to be in it."""

    store: object
    name: str
    id: str
    content: bytes

    @property
    def layout(self):
        return Layout(len(self.content), PART)

    @property
    def sha256(self):
        return sha256_of(self.content)

    def send(self, *numbers):
        """Send these parts, or all of them."""
        for number in numbers or [part.number for part in self.layout.parts]:
            self.send_bytes(number, self.part(number))
        return self

    def send_bytes(self, number, content, *, length=None):
        self.store.put_part(
            self.name,
            self.id,
            number,
            io.BytesIO(content),
            offset=(number - 1) * PART,
            length=len(content) if length is None else length,
        )

    def part(self, number):
        return self.content[(number - 1) * PART : number * PART]

    def seal(self):
        self.store.seal(self.name, self.id, size=len(self.content))
        return self

    def promote(self):
        self.store.promote(self.name, self.sha256)

    def drop(self):
        self.store.drop(self.name, self.id)

    def parts(self):
        return self.store.parts(self.name, self.id)


def begin(store, content, *, name="0c9d6a8e-one-upload"):
    opened = store.begin(name, size=len(content), part_size=PART)
    return Upload(store, name, opened, content)


def noise(size, *, seed=0):
    """Return bytes that look like no others."""
    return random.Random(f"{seed} {size}").randbytes(size)


def sha256_of(content):
    return hashlib.sha256(content).hexdigest()


def put(store, content):
    return store.put(io.BytesIO(content))[0]


def read(store, sha256):
    with store.open(sha256) as file:
        return file.read()


def read_staged(upload):
    with upload.store.open_staged(upload.name) as file:
        return file.read()


def spoil(store, sha256, content):
    """Change what is stored behind the store's back, as a broken disk does."""
    if path := store.path(sha256):
        path.write_bytes(content)
    else:
        key = f"blobs/{sha256[:2]}/{sha256}"
        store._client.put_object(Bucket=store._account.bucket, Key=key, Body=content)


class Dribble(io.RawIOBase):
    """A stream that gives little at a time and cannot be rewound, as a network does."""

    def __init__(self, content, *, breaks_with=None):
        super().__init__()
        self._file = io.BytesIO(content)
        self._breaks_with = breaks_with

    def readable(self):
        return True

    def readinto(self, buffer):
        piece = self._file.read(min(len(buffer), 1000))
        if not piece and self._breaks_with:
            raise self._breaks_with
        buffer[: len(piece)] = piece
        return len(piece)


class Interrupted(io.RawIOBase):
    """A stream during which something else happens."""

    def __init__(self, content, *, meanwhile, after=1000):
        super().__init__()
        self._file = io.BytesIO(content)
        self._meanwhile = meanwhile
        self._after = after

    def readable(self):
        return True

    def readinto(self, buffer):
        if self._file.tell() >= self._after and self._meanwhile:
            act, self._meanwhile = self._meanwhile, None
            act()
        piece = self._file.read(min(len(buffer), self._after))
        buffer[: len(piece)] = piece
        return len(piece)
