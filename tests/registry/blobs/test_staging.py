"""The way of an upload through staging. Each test here runs on a disk and on a real S3 server."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from registry.blobs.protocol import BlobMissing, Layout, Part, PartsMissing
from tests.registry.blobs.content import (
    MIB,
    PART,
    Dribble,
    Interrupted,
    Upload,
    begin,
    noise,
    put,
    read,
    read_staged,
    sha256_of,
    spoil,
)

CONTENT = noise(2 * PART + 1234)


def test_parts_become_the_file_in_whatever_order_they_come(store):
    upload = begin(store, CONTENT).send(3, 1, 2).seal()
    assert read_staged(upload) == CONTENT

    upload.promote()

    assert read(store, upload.sha256) == CONTENT


def test_a_small_file_is_one_part(store):
    upload = begin(store, b"x").send().seal()

    upload.promote()

    assert read(store, sha256_of(b"x")) == b"x"


def test_parts_that_are_there_need_not_be_sent_again(store):
    upload = begin(store, CONTENT)
    assert upload.parts() == ()

    upload.send(3, 1)

    assert upload.parts() == (Part(1, PART), Part(3, 1234))


def test_parts_may_come_all_at_once(store):
    content = noise(6 * PART - 7)
    upload = begin(store, content)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(upload.send, range(1, 7)))

    assert read_staged(upload.seal()) == content


def test_a_part_that_comes_again_replaces_the_first(store):
    upload = begin(store, CONTENT).send()
    upload.send_bytes(2, noise(PART, seed="other"))

    upload.send(2).seal()

    assert read_staged(upload) == CONTENT


def test_a_part_that_is_cut_short_counts_as_missing(store):
    upload = begin(store, CONTENT).send(1, 2)

    with pytest.raises(PartsMissing) as raised:
        upload.send_bytes(3, upload.part(3)[:-1], length=1234)

    assert raised.value.numbers == (3,)
    assert [part.number for part in upload.parts()] == [1, 2]


def test_a_part_of_the_wrong_length_counts_as_missing(store):
    upload = begin(store, CONTENT).send(1, 2)
    upload.send_bytes(3, upload.part(3)[:-1])

    with pytest.raises(PartsMissing) as raised:
        upload.seal()

    assert raised.value.numbers == (3,)


def test_what_goes_wrong_at_the_sender_is_not_blamed_on_the_store(store):
    upload = begin(store, CONTENT)
    stream = Dribble(b"hello", breaks_with=ConnectionResetError("gone"))

    with pytest.raises(ConnectionResetError):
        store.put_part(upload.name, upload.id, 1, stream, offset=0, length=PART)

    assert upload.parts() == ()


def test_sealing_says_which_parts_are_missing(store):
    upload = begin(store, noise(4 * PART)).send(2)

    with pytest.raises(PartsMissing, match="Parts 1, 3, 4 are missing") as raised:
        upload.seal()

    assert raised.value.numbers == (1, 3, 4)


def test_sealing_can_be_tried_again_when_all_parts_are_there(store):
    upload = begin(store, CONTENT).send(1)
    with pytest.raises(PartsMissing):
        upload.seal()

    upload.send(2, 3).seal()

    assert read_staged(upload) == CONTENT


def test_sealing_twice_is_sealing_once(store):
    upload = begin(store, CONTENT).send().seal()

    upload.seal()

    assert read_staged(upload) == CONTENT


def test_all_parts_of_a_sealed_upload_are_there(store):
    upload = begin(store, CONTENT).send().seal()

    assert upload.parts() == Layout(len(CONTENT), PART).parts


def test_a_sealed_upload_takes_no_more_parts(store):
    upload = begin(store, CONTENT).send().seal()

    with pytest.raises(BlobMissing, match=r"not open|no open"):
        upload.send_bytes(1, noise(PART, seed="late"))

    assert read_staged(upload) == CONTENT


def test_a_part_still_on_its_way_when_the_upload_is_sealed_changes_nothing(store):
    upload = begin(store, CONTENT).send(2, 3)
    late = Interrupted(noise(PART, seed="late"), meanwhile=lambda: upload.send(1).seal())

    with pytest.raises(BlobMissing, match=r"not open|no open"):
        store.put_part(upload.name, upload.id, 1, late, offset=0, length=PART)

    assert read_staged(upload) == CONTENT


def test_an_upload_is_not_read_before_it_is_sealed(store):
    upload = begin(store, CONTENT).send()

    with pytest.raises(BlobMissing, match="no sealed upload"):
        store.open_staged(upload.name)


def test_a_sealed_upload_can_be_read_from_anywhere(store):
    upload = begin(store, CONTENT).send().seal()

    with store.open_staged(upload.name) as file:
        assert file.read(8) == CONTENT[:8]
        assert file.seek(PART - 3) == PART - 3
        assert file.read(MIB) == CONTENT[PART - 3 :][:MIB]


def test_nothing_is_kept_before_it_is_promoted(store):
    upload = begin(store, CONTENT).send().seal()

    assert not store.exists(upload.sha256)
    assert list(store.digests()) == []


def test_promoting_twice_is_promoting_once(store):
    upload = begin(store, CONTENT).send().seal()
    upload.promote()

    upload.promote()

    assert read(store, upload.sha256) == CONTENT


def test_promoting_leaves_nothing_in_staging(store):
    upload = begin(store, CONTENT).send().seal()

    upload.promote()

    assert list(store.staged()) == []
    with pytest.raises(BlobMissing):
        store.open_staged(upload.name)
    with pytest.raises(BlobMissing):
        upload.parts()


def test_promoting_what_is_kept_already_leaves_it_but_for_its_time(store):
    sha256 = put(store, CONTENT)
    [(_, before)] = store.digests()
    upload = begin(store, CONTENT).send().seal()
    time.sleep(1.1)  # Servers tell whole seconds.

    upload.promote()

    [(_, after)] = store.digests()
    assert after > before
    assert read(store, sha256) == CONTENT
    assert list(store.staged()) == []


def test_promoting_mends_a_blob_that_was_cut_short(store):
    sha256 = put(store, CONTENT)
    spoil(store, sha256, CONTENT[:100])

    begin(store, CONTENT).send().seal().promote()

    assert read(store, sha256) == CONTENT


def test_two_uploads_of_the_same_bytes_become_one_blob(store):
    first = begin(store, CONTENT, name="first").send().seal()
    second = begin(store, CONTENT, name="second").send().seal()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(Upload.promote, (first, second)))

    assert [sha256 for sha256, _ in store.digests()] == [sha256_of(CONTENT)]
    assert read(store, sha256_of(CONTENT)) == CONTENT


def test_what_is_not_sealed_is_not_promoted(store):
    upload = begin(store, CONTENT).send()

    with pytest.raises(BlobMissing, match="no sealed upload"):
        upload.promote()

    assert not store.exists(upload.sha256)


@pytest.mark.parametrize("name", ["never-begun", "../../etc", "", "a/b", "a\n"])
def test_an_upload_that_was_never_begun_is_missing(store, name):
    begun = begin(store, CONTENT)
    upload = begun._replace(name=name)

    for act in (upload.parts, upload.seal, upload.promote, lambda: upload.send(1)):
        with pytest.raises(BlobMissing):
            act()
    upload.drop()
    assert begun.parts() == ()


def test_a_dropped_upload_is_gone_whatever_its_state(store):
    uploads = [
        begin(store, CONTENT, name="begun"),
        begin(store, CONTENT, name="half").send(1),
        begin(store, CONTENT, name="sealed").send().seal(),
    ]

    for upload in uploads:
        upload.drop()
        upload.drop()

    assert list(store.staged()) == []
    with pytest.raises(BlobMissing):
        uploads[1].send(2)
    with pytest.raises(BlobMissing):
        store.open_staged("sealed")


def test_an_upload_of_which_only_the_name_is_known_can_be_dropped(store):
    begin(store, CONTENT, name="lost").send(1)

    store.drop("lost", "")

    assert list(store.staged()) == []


def test_what_lies_in_staging_is_listed_with_its_time(store):
    began = time.time()
    begin(store, CONTENT, name="open").send(1)
    begin(store, CONTENT, name="sealed").send().seal()
    begin(store, CONTENT, name="kept").send().seal().promote()

    staged = dict(store.staged())

    assert set(staged) == {"open", "sealed"}
    for when in staged.values():
        assert began - 2 <= when.timestamp() <= time.time() + 2


def test_uploads_do_not_touch_each_other(store):
    first = begin(store, CONTENT, name="one").send(1, 2)
    second = begin(store, noise(2 * PART, seed="second"), name="one-more").send()

    first.drop()

    assert read_staged(second.seal()) == second.content
