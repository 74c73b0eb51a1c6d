"""Forms are as large as there is room for, before any of them is written down."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories import UserFactory, VersionFactory, member, token

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _little_room(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2000
    settings.MAX_UPLOAD = 10_000


@pytest.fixture
def browser():
    """Return a browser that is asked for its CSRF token, which it does not send."""
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    return client


def form(size):
    return {"file": SimpleUploadedFile("large.bin", b"\0" * size)}


def test_strangers_have_room_for_words(browser):
    assert browser.post("/sign-in", form(1000)).status_code == 403  # no token
    assert browser.post("/sign-in", form(3000)).status_code == 400


def test_a_session_that_nobody_signed_in_to_is_a_strangers(browser):
    browser.cookies["sessionid"] = "made-up"
    assert browser.post("/sign-in", form(3000)).status_code == 400


def test_people_have_room_for_a_file(browser):
    browser.force_login(UserFactory())
    browser.cookies["csrftoken"] = "a" * 32

    assert browser.post("/upload", form(9000)).status_code == 403
    assert browser.post("/upload", form(13_000)).status_code == 400


def test_programs_have_it_too(api, team, blob_root):
    VersionFactory(adapter__team=team, adapter__slug="wash", published=True)
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token(member(team))}")

    small = api.post("/api/adapters/ink/wash/gallery", form(9000), format="multipart")
    large = api.post("/api/adapters/ink/wash/gallery", form(13_000), format="multipart")

    assert small.json()["code"] == "picture.unknown"
    assert large.status_code == 400
    assert "takes 12,000 at most" in large.json()["detail"]
