"""Which store the settings name, and the command that makes it ready."""

from __future__ import annotations

import io

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from registry import blobs
from registry.blobs.disk import DiskStore
from registry.blobs.s3 import S3Store
from tests.registry.blobs.content import put, read


def in_a_bucket(test):
    return pytest.mark.s3(pytest.mark.xdist_group("s3")(test))


def test_a_disk_is_the_default(blob_root):
    assert isinstance(blobs.default(), DiskStore)
    assert blobs.default().root == blob_root
    assert blobs.default() is blobs.default()


def test_the_store_follows_the_settings(settings, blob_root, tmp_path):
    before = blobs.default()

    settings.BLOBS_AT = tmp_path / "elsewhere"

    assert blobs.default() is not before


@pytest.mark.parametrize(
    ("store", "sentence"), [("tape", "write disk or s3"), ("s3", "S3_BUCKET is empty")]
)
def test_settings_that_name_no_store_are_refused(settings, store, sentence):
    settings.STORE = store
    settings.S3 = {"bucket": ""}

    with pytest.raises(ImproperlyConfigured, match=sentence):
        blobs.default()


def prepare_store():
    out, err = io.StringIO(), io.StringIO()
    call_command("prepare_store", stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_makes_a_folder(blob_root):
    assert prepare_store() == ("The disk store is ready.\n", "")

    assert (blob_root / "staging").is_dir()


def test_the_command_says_why_a_folder_cannot_be_made(blob_root):
    blob_root.write_text("in the way")

    with pytest.raises(CommandError, match="cannot be made ready: The disk"):
        prepare_store()


@pytest.fixture
def in_s3(settings, s3_server):
    settings.STORE = "s3"
    settings.S3 = s3_server.settings
    return s3_server


@in_a_bucket
@pytest.mark.usefixtures("in_s3")
def test_a_bucket_is_the_store_where_the_settings_name_one():
    assert isinstance(blobs.default(), S3Store)
    assert blobs.default() is blobs.default()
    assert read(blobs.default(), put(blobs.default(), b"x")) == b"x"


@in_a_bucket
@pytest.mark.parametrize(
    ("url", "origin"), [("https://hub.example", "https://hub.example"), ("", "*")]
)
def test_the_command_lets_the_pages_of_the_hub_in(settings, in_s3, url, origin):
    settings.PUBLIC_URL = url

    assert prepare_store() == ("The s3 store is ready.\n", "")

    [rule] = in_s3.client().get_bucket_cors(Bucket=in_s3.bucket)["CORSRules"]
    assert rule["AllowedOrigins"] == [origin]
    assert set(rule["AllowedMethods"]) >= {"PUT", "GET"}


@in_a_bucket
def test_the_command_leaves_time_for_uploads_that_the_hub_still_waits_for(settings, in_s3):
    prepare_store()

    rules = in_s3.client().get_bucket_lifecycle_configuration(Bucket=in_s3.bucket)["Rules"]
    days = [rule["Expiration"]["Days"] for rule in rules if "Expiration" in rule]
    assert min(days) * 24 > settings.UPLOAD_EXPIRY.total_seconds() / 3600 + 24
