"""A store of each kind, empty and ready. Nothing here needs a database."""

from __future__ import annotations

import pytest

from registry.blobs.account import Account
from registry.blobs.disk import DiskStore
from registry.blobs.s3 import S3Store

S3 = pytest.param("s3", marks=[pytest.mark.s3, pytest.mark.xdist_group("s3")])


@pytest.fixture(params=["disk", S3])
def store(request):
    """A store of each kind: a test that takes it is run on both."""
    return request.getfixturevalue(f"{request.param}_store")


@pytest.fixture
def disk_store(tmp_path):
    return prepared(DiskStore(tmp_path / "blobs"))


@pytest.fixture
def s3_store(s3_account):
    return prepared(S3Store(s3_account))


@pytest.fixture
def s3_account(s3_server):
    # The same server by another name: what is signed for one does not hold for the other.
    outside = s3_server.endpoint.replace("127.0.0.1", "localhost")
    return Account(**s3_server.settings | {"public_endpoint": outside})


def prepared(store):
    assert store.prepare(origins=["https://hub.example"], stale_days=3) == ()
    return store
