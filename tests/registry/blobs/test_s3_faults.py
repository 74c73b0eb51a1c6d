"""What goes wrong between the hub and a real S3 server, and what servers do not know."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count

import pytest

from registry.blobs.protocol import BlobMissing, StoreDown
from registry.blobs.s3 import S3Store
from tests.registry.blobs import unreliable
from tests.registry.blobs.content import MIB, PART, begin, noise, put, read, read_staged, sha256_of

pytestmark = [pytest.mark.s3, pytest.mark.xdist_group("s3")]

CONTENT = noise(PART + 1234)
SHA256 = sha256_of(CONTENT)


@pytest.fixture
def way(s3_account):
    with unreliable.way_to(s3_account.endpoint) as way:
        yield way


@pytest.fixture
def far_store(way, s3_account):
    """A store at the other end of the way, that asks only once."""
    return S3Store(replace(s3_account, endpoint=way.endpoint, patience=1, attempts=1))


@pytest.fixture
def stubborn_store(way, s3_account):
    """A store at the other end of the way, that asks again."""
    return S3Store(replace(s3_account, endpoint=way.endpoint, patience=1, attempts=3))


# Each act, with the state that it starts from and what must be true once it was done again.
ACTS = {
    "put": (
        lambda store: store,
        lambda store: put(store, CONTENT),
        lambda store: read(store, SHA256) == CONTENT,
    ),
    "put again": (
        lambda store: put(store, CONTENT) and store,
        lambda store: put(store, CONTENT),
        lambda store: read(store, SHA256) == CONTENT,
    ),
    "send": (
        lambda store: begin(store, CONTENT).send(1),
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
        lambda upload: read(upload.store, SHA256) == CONTENT,
    ),
    "drop": (
        lambda store: begin(store, CONTENT).send(),
        lambda upload: upload.drop(),
        lambda upload: not list(upload.store.staged()),
    ),
    "delete": (
        lambda store: put(store, CONTENT) and store,
        lambda store: store.delete(SHA256),
        lambda store: not store.exists(SHA256),
    ),
}


@pytest.mark.parametrize("fault", [unreliable.lose_the_answer, unreliable.lose_the_request])
@pytest.mark.parametrize("name", ACTS)
def test_an_act_cut_off_at_any_call_can_be_done_again(way, far_store, name, fault):
    prepare, act, is_done = ACTS[name]
    for nth in count(1):
        start = prepare(far_store)
        calls = count(1)
        way.fault = lambda _, calls=calls, nth=nth: fault if next(calls) == nth else None

        try:
            act(start)
        except StoreDown:
            cut_off = True
        else:
            cut_off = False

        way.fault = lambda _: None
        assert_sound(far_store)
        if cut_off:
            act(start)
        assert is_done(start), f"after call {nth} was cut off"
        assert_sound(far_store)
        far_store.delete(SHA256)
        far_store.drop("0c9d6a8e-one-upload", "")
        if not cut_off:
            break
    assert nth > 1


def assert_sound(store):
    for sha256, _ in store.digests():
        assert sha256_of(read(store, sha256)) == sha256


@pytest.mark.parametrize("name", ACTS)
def test_a_lost_answer_here_and_there_is_asked_for_again(way, stubborn_store, name):
    prepare, act, is_done = ACTS[name]
    start = prepare(stubborn_store)
    calls = count(1)
    way.fault = lambda _: unreliable.lose_the_answer if next(calls) % 2 else None

    act(start)

    way.fault = lambda _: None
    assert is_done(start)


@pytest.mark.parametrize(
    "fault",
    [unreliable.refuse(503, "SlowDown"), unreliable.refuse(500, "InternalError")],
    ids=["busy", "broken"],
)
def test_a_server_that_fails_now_and_then_is_asked_again(way, stubborn_store, fault):
    calls = count(1)
    way.fault = lambda _: fault if next(calls) % 3 else None

    assert read(stubborn_store, put(stubborn_store, b"a picture")) == b"a picture"


def test_a_server_that_stays_silent_is_given_up_in_time(way, far_store):
    sha256 = put(far_store, b"a picture")
    way.fault = lambda _: unreliable.keep_silent
    asks = (
        lambda: far_store.exists(sha256),
        lambda: far_store.open(sha256),
        lambda: put(far_store, b"another"),
        lambda: far_store.begin("upload", size=1, part_size=1),
        lambda: list(far_store.digests()),
    )
    for ask in asks:
        began = time.monotonic()
        with pytest.raises(StoreDown, match="does not answer"):
            ask()
        assert time.monotonic() - began < 5


def test_a_server_that_is_away_is_no_reason_to_say_a_blob_is_missing(s3_account, far_store, way):
    sha256 = put(far_store, b"a picture")
    nowhere = S3Store(replace(s3_account, endpoint="http://127.0.0.1:9", attempts=1))

    for ask in (nowhere.exists, nowhere.open, nowhere.size, nowhere.delete):
        with pytest.raises(StoreDown, match="does not answer"):
            ask(sha256)


def test_reading_goes_on_where_the_line_broke(way, far_store):
    content = noise(3 * MIB)
    sha256 = put(far_store, content)
    calls = count(1)
    way.fault = lambda _: unreliable.cut_the_answer if next(calls) in {2, 4} else None

    assert read(far_store, sha256) == content
    assert next(calls) > 5


def test_a_line_that_keeps_breaking_is_given_up(way, far_store):
    sha256 = put(far_store, noise(MIB))
    way.fault = lambda request: unreliable.cut_the_answer if request.command == "GET" else None

    with pytest.raises(StoreDown, match="does not answer"):
        read(far_store, sha256)


def test_a_blob_deleted_while_it_is_read_is_missing(far_store):
    sha256 = put(far_store, noise(3 * MIB))
    with far_store.open(sha256) as file:
        file.read(10)
        far_store.delete(sha256)

        with pytest.raises(BlobMissing, match="deleted while"):
            file.read()


def test_a_server_without_conditional_writes_is_written_to_all_the_same(way, far_store):
    unknown = unreliable.refuse(501, "NotImplemented")
    way.fault = lambda request: unknown if "If-None-Match" in request.headers else None

    sha256 = put(far_store, b"a picture")
    begin(far_store, CONTENT).send().seal().promote()

    assert read(far_store, sha256) == b"a picture"
    assert read(far_store, SHA256) == CONTENT


def test_a_server_that_cannot_give_ranges_is_found_out(way, far_store):
    content = noise(MIB)
    sha256 = put(far_store, content)
    everything = unreliable.say(200, content)
    way.fault = lambda request: everything if request.command == "GET" else None

    with far_store.open(sha256) as file:
        file.seek(MIB // 2)
        with pytest.raises(StoreDown, match="does not give parts"):
            file.read(10)


def test_a_wrong_key_is_told_from_a_missing_blob(s3_account):
    for account, sentence in (
        (replace(s3_account, secret_key="wrong"), "look at S3_SECRET_KEY"),
        (replace(s3_account, access_key="NOBODY"), "look at S3_ACCESS_KEY"),
        (replace(s3_account, bucket="not-there"), "run manage.py prepare_store"),
    ):
        with pytest.raises(StoreDown, match=sentence):
            list(S3Store(account).digests())


def test_sealing_believes_the_object_and_not_the_answer(way, far_store):
    upload = begin(far_store, CONTENT).send()
    done = unreliable.say(200, b"<CompleteMultipartUploadResult/>")
    way.fault = lambda request: done if request.command == "POST" else None

    with pytest.raises(BlobMissing, match="no open upload"):
        upload.seal()

    way.fault = lambda _: None
    assert read_staged(upload.seal()) == CONTENT
