"""Files of any size pass through the stores in the memory of a small one."""

from __future__ import annotations

import hashlib
import io
import json
import os
import resource
import traceback

import psutil
import pytest

from registry.blobs.protocol import Layout
from registry.blobs.s3 import S3Store
from tests.registry.blobs.content import MIB, noise

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SIZE = 256 * MIB
PART = 16 * MIB
BOUND = 80 * MIB  # what a process may grow by, whatever the size of the file


class Endless(io.RawIOBase):
    """A stream of `size` bytes that nobody holds."""

    def __init__(self, size):
        super().__init__()
        self._left = size
        self._block = noise(MIB)

    def readable(self):
        return True

    def readinto(self, buffer):
        piece = self._block[: min(len(buffer), self._left)]
        buffer[: len(piece)] = piece
        self._left -= len(piece)
        return len(piece)


def growth_of(act):
    """Run `act` in a child process, and return by how many bytes that grew at its largest."""
    answer, to_parent = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            before = psutil.Process().memory_info().rss
            act()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            os.write(to_parent, json.dumps(peak - before).encode())
        except BaseException:  # noqa: BLE001 - nothing may get back into pytest's copy
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    os.close(to_parent)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with os.fdopen(answer, "rb") as file:
        return json.load(file)


def pass_through(store, folder):
    """Send a large file in parts, hash it, keep it, and fetch it."""
    opened = store.begin("large", size=SIZE, part_size=PART)
    stream = io.BufferedReader(Endless(SIZE))
    for number, length in Layout(SIZE, PART).parts:
        offset = (number - 1) * PART
        store.put_part("large", opened, number, stream, offset=offset, length=length)
    store.seal("large", opened, size=SIZE)
    with store.open_staged("large") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    store.promote("large", sha256)
    store.fetch(sha256, folder / "copy")
    assert (folder / "copy").stat().st_size == SIZE
    store.delete(sha256)


def put_whole(store):
    sha256, size = store.put(Endless(SIZE))
    assert size == SIZE
    store.delete(sha256)


def again(store):
    """Return a store without the connections of this process, which a child must not share."""
    return S3Store(store._account) if isinstance(store, S3Store) else store


def test_a_large_upload_needs_no_more_memory_than_a_small_one(store, tmp_path):
    assert growth_of(lambda: pass_through(again(store), tmp_path)) < BOUND


def test_a_large_stream_is_put_in_the_memory_of_a_small_one(store):
    assert growth_of(lambda: put_whole(again(store))) < BOUND


def test_the_measure_sees_a_file_that_is_held_in_memory():
    assert growth_of(lambda: Endless(SIZE).read()) > BOUND
