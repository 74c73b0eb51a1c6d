"""What a store on a disk has to itself: crashes, full disks, rights, the order of writes."""

from __future__ import annotations

import errno
import io
import os
import stat
from itertools import count
from pathlib import Path

import pytest

from registry.blobs.disk import DiskStore
from registry.blobs.protocol import BlobMissing, StoreDown
from tests.registry.blobs.content import (
    MIB,
    PART,
    begin,
    noise,
    put,
    read,
    read_staged,
    sha256_of,
)
from tests.registry.blobs.killed import killed_at

CONTENT = noise(2 * PART + 1234)
PICTURE = noise(MIB + 17)

# Each act, with the state that it starts from and what must be true once it was done again.
ACTS = {
    "put": (
        lambda store: store,
        lambda store: put(store, PICTURE),
        lambda store: read(store, sha256_of(PICTURE)) == PICTURE,
    ),
    "put again": (
        lambda store: put(store, PICTURE) and store,
        lambda store: put(store, PICTURE),
        lambda store: read(store, sha256_of(PICTURE)) == PICTURE,
    ),
    "begin": (
        lambda store: store,
        lambda store: begin(store, CONTENT),
        lambda store: read_staged(begin(store, CONTENT).send().seal()) == CONTENT,
    ),
    "send": (
        lambda store: begin(store, CONTENT).send(1, 3),
        lambda upload: upload.send(2),
        lambda upload: read_staged(upload.seal()) == CONTENT,
    ),
    "send again": (
        lambda store: begin(store, CONTENT).send(),
        lambda upload: upload.send(2),
        lambda upload: read_staged(upload.seal()) == CONTENT,
    ),
    "seal": (
        lambda store: begin(store, CONTENT).send(),
        lambda upload: upload.seal(),
        lambda upload: read_staged(upload) == CONTENT,
    ),
    "promote": (
        lambda store: begin(store, CONTENT).send().seal(),
        lambda upload: upload.promote(),
        lambda upload: read(upload.store, upload.sha256) == CONTENT,
    ),
    "drop": (
        lambda store: begin(store, CONTENT).send(),
        lambda upload: upload.drop(),
        lambda upload: not list(upload.store.staged()),
    ),
    "delete": (
        lambda store: put(store, PICTURE) and store,
        lambda store: store.delete(sha256_of(PICTURE)),
        lambda store: not store.exists(sha256_of(PICTURE)),
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_a_kill_at_any_step_leaves_nothing_wrong_and_the_act_can_be_done_again(name, tmp_path):
    prepare, act, is_done = ACTS[name]
    for step in count(1):
        store = DiskStore(tmp_path / str(step))
        store.prepare(origins=[], stale_days=3)
        start = prepare(store)

        killed = killed_at(step, lambda act=act, start=start: act(start))

        assert_sound(store)
        if killed:
            act(start)
        assert is_done(start), f"after a kill at step {step}"
        assert_sound(store)
        drop_leftovers(store)
        assert list(store.staged()) == []
        if not killed:
            break
    assert step > 1


def assert_sound(store):
    """Nothing can be seen that is not whole, and nothing is anyone else's to see."""
    for sha256, _ in store.digests():
        assert sha256_of(read(store, sha256)) == sha256
    for path in store.root.rglob("*"):
        rights = stat.S_IMODE(path.lstat().st_mode)
        assert rights == (0o700 if path.is_dir() else 0o600), path


def drop_leftovers(store):
    """What a crash left in staging, housekeeping finds and drops."""
    for upload, _ in list(store.staged()):
        store.drop(upload, "")


def test_a_part_of_which_a_kill_left_half_counts_as_missing(disk_store):
    upload = begin(disk_store, CONTENT).send()
    half = io.BytesIO(noise(PART, seed="half"))

    def send_half():
        disk_store.put_part(upload.name, "", 2, half, offset=PART, length=PART)

    # Steps: open the file, forget the old part, then a MiB at a time.
    assert killed_at(5, send_half)

    assert [part.number for part in upload.parts()] == [1, 3]


def test_bytes_are_on_the_disk_before_their_name_is(disk_store, monkeypatch):
    done = []
    watch(monkeypatch, done)

    begin(disk_store, CONTENT).send().seal().promote()

    place = f"{sha256_of(CONTENT)[:2]}/{sha256_of(CONTENT)}"
    data = "staging/0c9d6a8e-one-upload/data"
    seal = done.index(("rename", "staging/0c9d6a8e-one-upload/sealed"))
    link = done.index(("link", place))
    last_write = max(at for at, (name, _) in enumerate(done) if name == "pwrite")
    assert ("fsync", data) in done[last_write:seal]
    assert ("fsync", place[:2]) in done[link:]
    assert ("fsync", "") in done[link:]


def test_each_part_is_on_the_disk_before_it_counts(disk_store, monkeypatch):
    upload = begin(disk_store, CONTENT)
    done = []
    watch(monkeypatch, done)

    upload.send(1)

    assert done[-1] == ("open", "staging/0c9d6a8e-one-upload/parts/1-5242880")
    assert done[-2] == ("fdatasync", "staging/0c9d6a8e-one-upload/data")


def test_bytes_that_are_put_are_on_the_disk_before_their_name_is(disk_store, monkeypatch):
    done = []
    watch(monkeypatch, done)

    put(disk_store, b"a picture")

    names = [name for name, _ in done]
    assert names.index("fsync") < names.index("link") < len(names) - names[::-1].index("fsync")
    assert done[names.index("fsync")][1].endswith("/sealed")


def watch(monkeypatch, done):
    """Note each step by its name and the path it is about, relative to the store."""
    for name, path_of in {
        "fsync": opened,
        "fdatasync": opened,
        "pwrite": opened,
        "open": str,
        "link": lambda source, target, **_: str(target),
        "rename": lambda source, target: str(target),
    }.items():
        call = getattr(os, name)

        def noted(*args, name=name, call=call, path_of=path_of, **kwargs):
            path = path_of(args[0]) if path_of in {opened, str} else path_of(*args)
            done.append((name, path.partition("/blobs")[2].strip("/")))
            return call(*args, **kwargs)

        monkeypatch.setattr(os, name, noted)


def opened(file):
    return str(Path(f"/proc/self/fd/{file}").readlink())


def test_only_the_hub_itself_may_look(disk_store):
    put(disk_store, b"private")
    begin(disk_store, CONTENT).send(1)

    assert_sound(disk_store)
    assert stat.S_IMODE(disk_store.root.stat().st_mode) == 0o700


def test_what_the_file_system_adds_is_not_taken_for_a_blob(disk_store):
    sha256 = put(disk_store, b"a picture")
    (disk_store.root / sha256[:2] / ".nfs0000000000000001").write_bytes(b"")

    assert [sha256 for sha256, _ in disk_store.digests()] == [sha256]


def test_a_full_disk_says_so_and_loses_nothing(disk_store, monkeypatch):
    kept = put(disk_store, b"kept before")
    upload = begin(disk_store, CONTENT).send(1)

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", refuse(errno.ENOSPC))
        with pytest.raises(StoreDown, match="No space left"):
            upload.send(2)

    assert [part.number for part in upload.parts()] == [1]
    assert read_staged(upload.send(2, 3).seal()) == CONTENT
    assert read(disk_store, kept) == b"kept before"


@pytest.mark.parametrize("call", ["fsync", "link", "mkdir", "open", "utime"])
def test_a_broken_disk_says_so_and_keeps_nothing_by_halves(disk_store, monkeypatch, call):
    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse(errno.EIO))
        with pytest.raises(StoreDown, match="Input/output error"):
            put(disk_store, b"a picture")

    assert_sound(disk_store)
    assert read(disk_store, put(disk_store, b"a picture")) == b"a picture"


def test_an_upload_that_the_disk_has_no_room_for_is_not_begun(disk_store):
    with pytest.raises(StoreDown, match="no room for another"):
        disk_store.begin("huge", size=2**60, part_size=2**50)

    assert begin(disk_store, CONTENT).send().seal()


def test_an_upload_takes_no_room_before_its_parts_come(disk_store):
    upload = begin(disk_store, noise(PART))
    data = disk_store.root / "staging" / upload.name / "data"

    assert data.stat().st_size == PART
    assert data.stat().st_blocks * 512 < MIB


def test_a_part_outside_of_the_file_is_a_mistake(disk_store):
    upload = begin(disk_store, CONTENT)

    with pytest.raises(ValueError, match="does not lie inside"):
        disk_store.put_part(upload.name, "", 9, io.BytesIO(b"x"), offset=8 * PART, length=1)


def test_the_hub_serves_what_is_on_its_disk_itself(disk_store):
    sha256 = put(disk_store, b"served")

    assert disk_store.path(sha256).read_bytes() == b"served"
    assert disk_store.path(sha256) == disk_store.root / sha256[:2] / sha256
    assert disk_store.url(sha256, file_name="a.safetensors") is None
    assert disk_store.part_url("upload", "", 1) is None
    with pytest.raises(BlobMissing):
        disk_store.path(sha256_of(b"never stored"))


def test_a_link_planted_in_staging_is_not_followed(disk_store, tmp_path):
    upload = begin(disk_store, CONTENT)
    (tmp_path / "elsewhere").write_bytes(bytes(len(CONTENT)))
    data = disk_store.root / "staging" / upload.name / "data"
    data.unlink()
    data.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(StoreDown):
        upload.send(1)

    assert not any((tmp_path / "elsewhere").read_bytes())


def refuse(number):
    def call(*_args, **_kwargs):
        raise OSError(number, os.strerror(number))

    return call
