from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry import blobs
from registry.models import Blob, VersionFile
from registry.services import keeping, previews
from registry.services.versions import Declaration, Incoming, receive
from tests import files
from tests.factories import BaseFactory, GridFactory, keep
from tests.registry.services.test_versions import send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "sent")]


@pytest.fixture
def file(team, contributor):
    BaseFactory(slug="sdxl-1-0", family="sdxl", aliases=["sdxl"])
    upload = send(files.kohya_lora("sdxl"), team=team, by=contributor)
    version = receive(
        Declaration("ink", "sdxl"), [Incoming(upload)], team=team, by=contributor,
        now=timezone.now(),
    )  # fmt: skip
    return version.files.get()


class TestKeep:
    def test_puts_the_bytes_under_their_digest_with_every_hash(self, file):
        arrival = keeping.keep(file, now=timezone.now())

        assert arrival.arrived == arrival.announced == file.sha256
        blob = Blob.objects.get(pk=file.sha256)
        assert blobs.default().exists(file.sha256)
        assert all([blob.autov3, blob.crc32, blob.blake3, blob.tensor_digest])

    def test_twice_is_once(self, file):
        keeping.keep(file, now=timezone.now())
        file.blob = None
        assert keeping.keep(file, now=timezone.now()).arrived == file.sha256

    def test_keeps_nothing_when_the_bytes_are_others(self, file):
        VersionFile.objects.filter(pk=file.pk).update(sha256="f" * 64)
        file.refresh_from_db()

        arrival = keeping.keep(file, now=timezone.now())

        assert arrival.announced == "f" * 64 != arrival.arrived
        assert not Blob.objects.exists()

    def test_gives_nobody_a_strangers_file_for_its_digest(self, file):
        secret = keep(files.kohya_lora("sdxl", rank=8).getvalue())
        VersionFile.objects.filter(pk=file.pk).update(sha256=secret.sha256)
        file.refresh_from_db()

        arrival = keeping.keep(file, now=timezone.now())

        assert arrival.announced == secret.sha256 != arrival.arrived
        assert file.blob is None

    def test_says_so_when_the_bytes_are_gone(self, file):
        keeping.keep(file, now=timezone.now())
        file.blob = None
        blobs.default().delete(file.sha256)

        assert keeping.keep(file, now=timezone.now()).arrived is None


class TestDropOrphans:
    def test_drops_what_nothing_wants_after_the_grace(self, settings):
        orphan = keep(b"nobody wants this")
        Blob.objects.filter(pk=orphan.pk).update(wanted_at=timezone.now())

        assert keeping.drop_orphans(now=timezone.now()) == 0
        later = timezone.now() + settings.ORPHAN_GRACE + timedelta(seconds=1)
        assert keeping.drop_orphans(now=later) == 1
        assert not blobs.default().exists(orphan.sha256)

    def test_leaves_what_a_version_holds(self, file, settings):
        keeping.keep(file, now=timezone.now())

        later = timezone.now() + 2 * settings.ORPHAN_GRACE
        assert keeping.drop_orphans(now=later) == 0
        assert blobs.default().exists(file.sha256)

    def test_leaves_a_contact_sheet_as_long_as_its_grid_is_there(self, settings):
        grid = GridFactory()
        previews.keep_sheet(grid, b"all of them", now=timezone.now())
        grid.refresh_from_db()
        later = timezone.now() + 2 * settings.ORPHAN_GRACE

        keeping.drop_orphans(now=later)
        assert blobs.default().exists(grid.sheet_id)

        grid.delete()
        keeping.drop_orphans(now=later)
        assert not blobs.default().exists(grid.sheet_id)
