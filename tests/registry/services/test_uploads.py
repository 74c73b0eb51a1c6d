from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone

from registry import blobs
from registry.errors import NotFound, UploadIncomplete, WrongState
from registry.models import Upload
from registry.services import stored, uploads
from tests import files
from tests.factories import member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "sent")]

CONTENT = files.kohya_lora("sdxl").getvalue()


@pytest.fixture
def upload(team, contributor, settings):
    import hashlib

    settings.PART_SIZE = len(CONTENT) // 3
    return uploads.open_upload(
        team=team,
        name="ink.safetensors",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        by=contributor,
        now=timezone.now(),
    )


def send(upload, number):
    start = (number - 1) * upload.part_size
    length = uploads.part_length(upload, number)
    part = io.BytesIO(CONTENT[start : start + length])
    uploads.put_part(upload, number, part, length=length)


class TestParts:
    def test_make_the_whole_in_any_order(self, upload):
        for number in (4, 2, 1, 3, 2):
            send(upload, number)

        uploads.seal(upload, now=timezone.now())

        with stored.open_bytes(upload) as file:
            assert file.read() == CONTENT

    def test_that_are_missing_are_named(self, upload):
        send(upload, 1)
        send(upload, 3)

        with pytest.raises(UploadIncomplete, match="2"):
            uploads.seal(upload, now=timezone.now())

    def test_of_the_wrong_length_are_refused(self, upload):
        with pytest.raises(UploadIncomplete, match="has 5 bytes"):
            uploads.put_part(upload, 1, io.BytesIO(b"short"), length=5)

    def test_that_break_off_are_refused(self, upload):
        length = uploads.part_length(upload, 1)
        with pytest.raises(UploadIncomplete, match="broke off"):
            uploads.put_part(upload, 1, io.BytesIO(b"short"), length=length)

    def test_come_too_late_once_it_is_sealed(self, upload):
        for number in (1, 2, 3, 4):
            send(upload, number)
        uploads.seal(upload, now=timezone.now())

        with pytest.raises(WrongState):
            send(upload, 1)


def test_an_upload_is_only_its_senders(upload, team):
    with pytest.raises(NotFound):
        uploads.by_id(upload.pk, by=member(team, username="other"))


class TestDropHalfUploads:
    def test_forgets_what_was_left_half_done(self, upload, settings):
        send(upload, 1)

        assert uploads.drop_half_uploads(now=timezone.now()) == 0
        later = timezone.now() + settings.UPLOAD_EXPIRY + timedelta(seconds=1)
        assert uploads.drop_half_uploads(now=later) == 1
        assert Upload.objects.get().state == "dropped"
        assert not list(blobs.default().staged())

    def test_forgets_what_lies_in_staging_without_a_row(self, upload, settings):
        send(upload, 1)
        Upload.objects.all().delete()

        later = timezone.now() + settings.UPLOAD_EXPIRY + timedelta(seconds=1)
        assert uploads.drop_half_uploads(now=later) == 1
        assert not list(blobs.default().staged())
