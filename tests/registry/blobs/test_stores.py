"""What every store does. Each test here runs on a disk and on a real S3 server."""

from __future__ import annotations

import io
import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from registry.blobs.protocol import BlobDamaged, BlobMissing
from tests.registry.blobs.content import MIB, Dribble, noise, put, read, sha256_of, spoil

ABSENT = sha256_of(b"never stored")
NO_DIGESTS = ["", "ab", "../../etc/passwd", ABSENT.upper(), f"{ABSENT}\n", f"{ABSENT[:-1]}/"]


def test_bytes_are_kept_under_their_sha256(store):
    assert store.put(io.BytesIO(b"a picture")) == (sha256_of(b"a picture"), 9)

    assert read(store, sha256_of(b"a picture")) == b"a picture"
    assert store.size(sha256_of(b"a picture")) == 9
    assert store.exists(sha256_of(b"a picture"))


def test_what_is_left_of_a_stream_is_kept(store):
    file = io.BytesIO(b"read already, still to come")
    file.read(14)

    assert store.put(file) == (sha256_of(b"still to come"), 13)


def test_a_stream_that_cannot_be_rewound_is_kept(store):
    content = noise(300_000)

    assert store.put(Dribble(content)) == (sha256_of(content), len(content))


def test_the_same_bytes_are_kept_once(store):
    first, second = put(store, b"twice"), put(store, b"twice")

    assert first == second
    assert [sha256 for sha256, _ in store.digests()] == [first]


def test_the_same_bytes_count_as_new_when_they_come_again(store):
    sha256 = put(store, b"twice")
    [(_, before)] = store.digests()
    time.sleep(1.1)  # Servers tell whole seconds.

    put(store, b"twice")

    [(_, after)] = store.digests()
    assert after > before
    assert read(store, sha256) == b"twice"


def test_a_dozen_writers_of_the_same_bytes_all_succeed(store):
    content = noise(MIB)
    with ThreadPoolExecutor(12) as pool:
        found = set(pool.map(lambda _: put(store, content), range(12)))

    assert found == {sha256_of(content)}
    assert read(store, sha256_of(content)) == content
    assert list(store.staged()) == []


def test_what_is_stored_can_be_read_from_anywhere(store):
    content = noise(2 * MIB + 17)
    sha256 = put(store, content)
    draw = random.Random(1)

    with store.open(sha256) as file:
        for _ in range(60):
            start, length = draw.randrange(len(content)), draw.choice((1, 8, 70_000, 900_000))
            assert file.seek(start) == start
            assert file.read(length) == content[start : start + length]
            assert file.tell() == min(start + length, len(content))
        assert file.seek(-5, io.SEEK_END) == len(content) - 5
        assert file.read() == content[-5:]
        assert file.seek(10, io.SEEK_END) == len(content) + 10
        assert file.read() == b""
        file.seek(0)
        assert file.read() == content


def test_what_was_never_stored_is_missing(store, tmp_path):
    for ask in (store.open, store.size, lambda sha256: store.fetch(sha256, tmp_path / "copy")):
        with pytest.raises(BlobMissing, match=ABSENT):
            ask(ABSENT)
    assert not store.exists(ABSENT)


@pytest.mark.parametrize("name", NO_DIGESTS)
def test_what_is_no_sha256_is_never_looked_for(store, name):
    for ask in (store.open, store.size):
        with pytest.raises(BlobMissing, match="no sha256"):
            ask(name)
    assert not store.exists(name)
    store.delete(name)


def test_what_is_deleted_is_missing(store):
    sha256 = put(store, b"not for long")

    store.delete(sha256)

    assert not store.exists(sha256)
    assert list(store.digests()) == []


def test_deleting_what_is_gone_is_no_error(store):
    store.delete(ABSENT)


def test_what_is_deleted_can_be_kept_again(store):
    store.delete(put(store, b"back again"))

    assert read(store, put(store, b"back again")) == b"back again"


def test_all_that_is_kept_is_listed_with_its_time(store):
    began = time.time()
    kept = {put(store, noise(10, seed=each)) for each in range(25)}

    listed = dict(store.digests())

    assert set(listed) == kept
    for when in listed.values():
        assert began - 2 <= when.timestamp() <= time.time() + 2


def test_a_copy_is_fetched_as_a_whole(store, tmp_path):
    content = noise(3 * MIB)

    store.fetch(put(store, content), tmp_path / "new" / "adapter.safetensors")

    assert (tmp_path / "new" / "adapter.safetensors").read_bytes() == content
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["adapter.safetensors"]


def test_a_copy_takes_the_place_of_an_older_one(store, tmp_path):
    (tmp_path / "copy").write_bytes(b"old")

    store.fetch(put(store, b"new"), tmp_path / "copy")

    assert (tmp_path / "copy").read_bytes() == b"new"


def test_writing_to_a_copy_leaves_the_blob_alone(store, tmp_path):
    sha256 = put(store, b"the original")
    store.fetch(sha256, tmp_path / "copy")

    (tmp_path / "copy").write_bytes(b"scribbles")

    assert read(store, sha256) == b"the original"


def test_damaged_bytes_are_never_fetched(store, tmp_path):
    sha256 = put(store, b"sound bytes")
    spoil(store, sha256, b"sound bytez")

    with pytest.raises(BlobDamaged, match=sha256):
        store.fetch(sha256, tmp_path / "copy" / "file")

    assert list((tmp_path / "copy").iterdir()) == []


def test_bytes_cut_short_are_mended_when_they_come_again(store):
    sha256 = put(store, b"sound bytes")
    spoil(store, sha256, b"sound")

    put(store, b"sound bytes")

    assert read(store, sha256) == b"sound bytes"


def test_a_store_can_be_prepared_again_and_again(store):
    sha256 = put(store, b"still here")

    assert store.prepare(origins=["https://hub.example"], stale_days=3) == ()

    assert read(store, sha256) == b"still here"


def test_a_folder_for_others_is_laid_out_where_others_read(store):
    sha256 = put(store, b"weights")

    place = store.lay_out("a-version", {"adapter_model.safetensors": sha256})

    assert place is None or place.startswith("s3://")
    assert [kept for kept, _ in store.digests()] == [sha256]
