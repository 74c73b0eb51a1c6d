"""What a store in a bucket has to itself: signed links, browsers, big files, its bucket's rules."""

from __future__ import annotations

import io
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from registry.blobs import objects
from registry.blobs.account import Account
from registry.blobs.protocol import BlobError, BlobMissing, Part, PartsMissing
from registry.blobs.s3 import S3Store
from tests.registry.blobs import unreliable
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

pytestmark = [pytest.mark.s3, pytest.mark.xdist_group("s3")]

CONTENT = noise(2 * PART + 1234)
HUB = "https://hub.example"


def ask(method, url, body=None, **headers):
    """Do as a browser does, and return the answer, good or bad."""
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        return urllib.request.urlopen(request, timeout=20)
    except urllib.error.HTTPError as error:
        return error


def status(*args, **headers):
    with ask(*args, **headers) as answer:
        return answer.status


# --- links to download from ---


def test_anyone_may_download_by_a_link(s3_store):
    url = s3_store.url(put(s3_store, b"some weights"), file_name="ink.safetensors")

    with ask("GET", url) as answer:
        assert answer.status == 200
        assert answer.read() == b"some weights"
        assert answer.headers["Content-Type"] == "application/octet-stream"


def test_a_link_gives_ranges(s3_store):
    url = s3_store.url(put(s3_store, b"some weights"), file_name="ink.safetensors")

    with ask("GET", url, Range="bytes=5-7") as answer:
        assert answer.status == 206
        assert answer.read() == b"wei"


def test_a_link_says_what_the_file_is(s3_store):
    sha256 = put(s3_store, b"a picture")

    with ask("GET", s3_store.url(sha256, file_name="a.webp", content_type="image/webp")) as answer:
        assert answer.headers["Content-Type"] == "image/webp"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("ink v2.safetensors", "ink v2.safetensors"),
        ("水墨.safetensors", "__.safetensors"),
        ('a"b\\c.safetensors', "a_b_c.safetensors"),
        ("a\r\nSet-Cookie: x=y", "a__Set-Cookie_ x_y"),
    ],
)
def test_a_file_is_saved_under_its_name_whatever_is_in_it(s3_store, name, plain):
    url = s3_store.url(put(s3_store, b"some weights"), file_name=name)

    with ask("GET", url) as answer:
        wanted = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
        assert answer.headers["Content-Disposition"] == wanted
        assert answer.headers["Set-Cookie"] is None


def test_a_link_leads_to_where_browsers_reach_the_server(s3_store, s3_account):
    url = urlsplit(s3_store.url(put(s3_store, b"x"), file_name="x"))

    assert url.hostname == "localhost"
    assert f"{url.scheme}://{url.netloc}" == s3_account.public_endpoint
    assert s3_account.public_endpoint != s3_account.endpoint


def test_a_link_to_something_else_is_refused(s3_store):
    mine, other = put(s3_store, b"mine"), put(s3_store, b"other")
    url = s3_store.url(mine, file_name="x")

    assert status("GET", url.replace(mine, other)) == 403
    assert status("GET", url.partition("?")[0]) == 403
    assert status("GET", url.replace("localhost", "127.0.0.1")) == 403
    assert status("PUT", url, b"instead") == 403
    assert read(s3_store, mine) == b"mine"


def test_a_link_lasts_five_minutes_unless_it_is_to_last_less(s3_store):
    sha256 = put(s3_store, b"x")

    for url, seconds in (
        (s3_store.url(sha256, file_name="x"), "300"),
        (s3_store.url(sha256, file_name="x", seconds=20), "20"),
        (begin(s3_store, CONTENT).store.part_url("upload", f"{PART}:id", 1), "300"),
    ):
        assert parse_qs(urlsplit(url).query)["X-Amz-Expires"] == [seconds]


def test_an_old_link_is_refused(s3_store):
    url = s3_store.url(put(s3_store, b"x"), file_name="x", seconds=1)

    def age():
        signed = parse_qs(urlsplit(url).query)["X-Amz-Date"][0]
        return datetime.now(UTC) - datetime.strptime(signed, "%Y%m%dT%H%M%S%z")  # noqa: TID251

    while age().total_seconds() < 2.2:
        pass
    assert status("GET", url) == 403


# --- links to send parts to ---


def test_a_browser_sends_parts_straight_to_the_bucket(s3_store):
    upload = begin(s3_store, CONTENT)
    for part in upload.layout.parts:
        url = s3_store.part_url(upload.name, upload.id, part.number)
        headers = {"Content-Type": "application/octet-stream", "Origin": HUB}
        with ask("PUT", url, upload.part(part.number), **headers) as answer:
            assert answer.status == 200
            assert answer.headers["Access-Control-Allow-Origin"] == HUB
            assert "ETag" in answer.headers["Access-Control-Expose-Headers"]

    upload.seal().promote()

    assert read(s3_store, upload.sha256) == CONTENT


def test_a_browser_is_told_that_it_may_send_parts(s3_store):
    upload = begin(s3_store, CONTENT)
    url = s3_store.part_url(upload.name, upload.id, 1)
    wish = {
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type",
    }

    with ask("OPTIONS", url, Origin=HUB, **wish) as answer:
        assert answer.status == 200
        assert answer.headers["Access-Control-Allow-Origin"] == HUB
        assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
        assert "content-type" in answer.headers["Access-Control-Allow-Headers"].lower()
    with ask("OPTIONS", url, Origin="https://elsewhere.example", **wish) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] is None


def test_a_link_is_for_one_part_of_one_upload(s3_store):
    upload = begin(s3_store, CONTENT)
    url = s3_store.part_url(upload.name, upload.id, 1)

    assert status("PUT", url.replace("partNumber=1&", "partNumber=2&"), b"x") == 403
    assert status("PUT", url.replace(upload.name, "another"), b"x") == 403
    assert upload.parts() == ()


def test_a_part_sent_by_a_link_after_the_upload_is_sealed_changes_nothing(s3_store):
    upload = begin(s3_store, CONTENT)
    url = s3_store.part_url(upload.name, upload.id, 1)
    upload.send().seal()

    assert status("PUT", url, b"late") == 404

    assert read_staged(upload) == CONTENT


def test_a_part_of_another_length_than_announced_has_to_be_sent_again(s3_store):
    upload = begin(s3_store, CONTENT).send(1, 3)
    assert status("PUT", s3_store.part_url(upload.name, upload.id, 2), noise(PART + 1)) == 200

    with pytest.raises(PartsMissing) as raised:
        upload.seal()

    assert raised.value.numbers == (2,)


def test_an_id_that_this_store_did_not_give_opens_nothing(s3_store):
    upload = begin(s3_store, CONTENT)

    for opened in ("", "2~guess", f"{PART}:", "x:y", f"{PART}:2~guess"):
        with pytest.raises(BlobMissing):
            s3_store.parts(upload.name, opened)


@pytest.mark.parametrize(
    ("size", "part_size"), [(2 * MIB, MIB), (20_000 * PART, PART), (PART + 1, PART - 1)]
)
def test_parts_that_the_server_would_refuse_are_refused_at_once(s3_store, size, part_size):
    with pytest.raises(BlobError, match="Change PART_SIZE"):
        s3_store.begin("upload", size=size, part_size=part_size)

    assert list(s3_store.staged()) == []


# --- big files ---


def test_more_than_one_copy_can_take_is_copied_in_parts(s3_store, monkeypatch):
    monkeypatch.setattr(objects, "ONE_COPY", PART)
    monkeypatch.setattr(objects, "COPY_PART", PART)
    upload = begin(s3_store, CONTENT).send().seal()

    upload.promote()
    put(s3_store, CONTENT)  # Which copies it onto itself.

    assert read(s3_store, upload.sha256) == CONTENT
    assert list(s3_store.staged()) == []
    assert open_uploads(s3_store) == []


def test_a_copy_in_parts_that_fails_leaves_nothing_open(s3_account, monkeypatch):
    monkeypatch.setattr(objects, "ONE_COPY", PART)
    monkeypatch.setattr(objects, "COPY_PART", PART)
    with unreliable.way_to(s3_account.endpoint) as way:
        store = S3Store(replace(s3_account, endpoint=way.endpoint, attempts=1))
        upload = begin(store, CONTENT).send().seal()
        refusal = unreliable.refuse(500, "InternalError")
        way.fault = lambda request: refusal if "partNumber=2" in request.path else None

        with pytest.raises(BlobError):
            upload.promote()

        way.fault = lambda _: None
        assert open_uploads(store) == []
        upload.promote()
        assert read(store, upload.sha256) == CONTENT


def test_a_big_stream_is_put_in_parts(s3_store, monkeypatch):
    monkeypatch.setattr("registry.blobs.s3.ONE_PUT", MIB)
    content = noise(17 * MIB)

    sha256 = put(s3_store, content)

    assert sha256 == sha256_of(content)
    assert read(s3_store, sha256) == content
    assert list(s3_store.staged()) == []


@pytest.mark.slow
def test_more_parts_than_a_page_holds_are_all_seen(s3_store):
    count = 1003
    upload = s3_store.begin("many", size=count * PART, part_size=PART)
    for number in range(1, count + 1):
        s3_store.put_part("many", upload, number, io.BytesIO(b"x"), offset=0, length=1)

    assert s3_store.parts("many", upload) == tuple(Part(n, 1) for n in range(1, count + 1))
    with pytest.raises(PartsMissing) as raised:
        s3_store.seal("many", upload, size=count * PART)
    assert len(raised.value.numbers) == count
    s3_store.drop("many", upload)
    assert open_uploads(s3_store) == []


@pytest.mark.slow
def test_more_blobs_than_a_page_holds_are_all_listed(s3_store):
    kept = {put(s3_store, b"%d" % each) for each in range(1010)}

    assert {sha256 for sha256, _ in s3_store.digests()} == kept


def open_uploads(store):
    found = store._client.list_multipart_uploads(Bucket=store._account.bucket)
    return [each["Key"] for each in found.get("Uploads", [])]


# --- the bucket ---


@pytest.fixture
def client(s3_account):
    return s3_account.client()


def test_a_bucket_is_made_where_there_is_none(s3_account):
    account = replace(s3_account, bucket=f"{s3_account.bucket}-new")

    assert S3Store(account).prepare(origins=[HUB], stale_days=3) == ()

    assert read(S3Store(account), put(S3Store(account), b"x")) == b"x"


def test_what_is_never_finished_is_forgotten_by_the_bucket_itself(s3_store, s3_account, client):
    rules = client.get_bucket_lifecycle_configuration(Bucket=s3_account.bucket)["Rules"]

    [parts, staging] = sorted(rules, key=lambda rule: rule["ID"])
    assert parts["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 3}
    assert not parts.get("Filter", {}).get("Prefix")
    assert staging["Expiration"] == {"Days": 3}
    assert staging["Filter"] == {"Prefix": "staging/"}


def test_rules_that_others_made_for_the_bucket_are_kept(s3_server, s3_account, client):
    bucket = s3_account.bucket
    client.put_bucket_cors(
        Bucket=bucket,
        CORSConfiguration={
            "CORSRules": [{"ID": "theirs", "AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]
        },
    )
    theirs = {
        "ID": "theirs",
        "Filter": {"Prefix": "logs/"},
        "Status": "Enabled",
        "Expiration": {"Days": 30},
    }
    client.put_bucket_lifecycle_configuration(
        Bucket=bucket, LifecycleConfiguration={"Rules": [theirs]}
    )

    for origin in ("https://old.example", HUB):
        assert S3Store(s3_account).prepare(origins=[origin], stale_days=3) == ()

    cors = {rule["ID"]: rule for rule in client.get_bucket_cors(Bucket=bucket)["CORSRules"]}
    assert set(cors) == {"theirs", "loradex-pages"}
    assert cors["loradex-pages"]["AllowedOrigins"] == [HUB]
    rules = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert {rule["ID"] for rule in rules} == {"theirs", "loradex-parts", "loradex-staging"}


def test_a_server_without_such_rules_is_used_all_the_same(s3_account):
    with unreliable.way_to(s3_account.endpoint) as way:
        store = S3Store(replace(s3_account, endpoint=way.endpoint, attempts=1))
        unknown = unreliable.refuse(501, "NotImplemented")
        way.fault = lambda request: (
            unknown if request.path.endswith(("?cors", "?lifecycle")) else None
        )

        refusals = store.prepare(origins=[HUB], stale_days=3)

        assert [refusal.rpartition(": ")[0] for refusal in refusals] == [
            "Browsers may not be let in (CORS)",
            "Unfinished uploads are not dropped by the server (lifecycle)",
        ]
        assert read(store, put(store, b"x")) == b"x"


def test_a_bucket_that_cannot_be_made_is_an_error(s3_account):
    with pytest.raises(BlobError, match="S3_SECRET_KEY"):
        S3Store(replace(s3_account, secret_key="wrong")).prepare(origins=[HUB], stale_days=3)


def test_newer_checksums_can_be_asked_for(s3_account):
    store = S3Store(replace(s3_account, checksums="when_supported"))
    upload = begin(store, CONTENT)
    assert status("PUT", store.part_url(upload.name, upload.id, 1), upload.part(1)) == 200

    upload.send(2, 3).seal().promote()

    assert read(store, upload.sha256) == CONTENT
    assert read(store, put(store, b"a picture")) == b"a picture"


def test_an_account_needs_nothing_but_a_bucket():
    account = Account(bucket="loras")

    assert account.client().meta.endpoint_url == "https://s3.amazonaws.com"
    assert account.client().meta.config.s3 == {"addressing_style": "path"}
    assert account.client().meta.config.read_timeout == 30


def test_a_secret_is_not_shown_with_its_account(s3_account):
    assert s3_account.secret_key not in repr(s3_account)
