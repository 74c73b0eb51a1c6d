"""A ZIP file of an adapter's folder becomes the files of a version, or leaves nothing behind."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from registry import blobs
from registry.errors import (
    DuplicateUpload,
    NotAllowed,
    UploadRefused,
    UploadTooLarge,
    WrongState,
)
from registry.models import AdapterVersion, Upload
from registry.queries.versions import of_upload
from registry.services import unpacking, uploads, versions
from registry.services.unpacking import Incoming
from registry.services.versions import Declaration
from tests import files
from tests.factories import BaseFactory, TeamFactory, VersionFactory, member
from workers import intake

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent", "blob_root", "base")]

WEIGHTS = files.peft_lora("llama").getvalue()
EARLIER = files.peft_lora("llama", values=files.Values(seed=1)).getvalue()
EARLIEST = files.peft_lora("llama", values=files.Values(seed=2)).getvalue()
CONFIG = json.dumps(files.peft_config("llama")).encode()
SOUND = {"adapter_model.safetensors": WEIGHTS, "adapter_config.json": CONFIG}


S3 = pytest.param("s3", marks=[pytest.mark.s3, pytest.mark.xdist_group("s3")])


@pytest.fixture(params=["disk", S3])
def either_store(request, settings):
    """Keep bytes in a folder, and once more in a bucket."""
    settings.STORE = request.param
    if request.param == "s3":
        settings.S3 = request.getfixturevalue("s3_server").settings


@pytest.fixture
def base():
    return BaseFactory(slug="llama-3-1-8b", family="llama")


@pytest.fixture
def send(team, contributor):
    """Return a function that uploads a ZIP of these files."""

    def send(members, *, how=zipfile.ZIP_DEFLATED, name="polite.zip"):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", how) as archive:
            for path, content in members.items():
                archive.writestr(path, content)
        file.seek(0)
        return uploads.receive_whole(file, name=name, team=team, by=contributor, now=timezone.now())

    return send


@pytest.fixture
def receive(team, contributor):
    """Return a function that makes a version of uploads."""

    def receive(*given, adapter="polite"):
        given = [one if isinstance(one, Incoming) else Incoming(one) for one in given]
        return versions.receive(
            Declaration(adapter, "llama-3-1-8b"),
            given,
            team=team,
            by=contributor,
            now=timezone.now(),
        )

    return receive


def roles(version):
    return {(one.role, one.name, one.training_step) for one in version.files.all()}


def staged():
    return Counter(name for name, _ in blobs.default().staged())


class TestAZip:
    @pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
    @pytest.mark.usefixtures("either_store")
    def test_becomes_the_adapter_in_it(self, send, receive, how):
        version = receive(send(SOUND, how=how))

        assert roles(version) == {
            ("weights", "adapter_model.safetensors", None),
            ("config", "adapter_config.json", None),
        }
        assert version.sha256 == hashlib.sha256(WEIGHTS).hexdigest()

    @pytest.mark.usefixtures("either_store")
    def test_is_kept_and_checked_like_files_sent_alone(self, send, receive):
        version = receive(send(SOUND))

        intake.check_file(run_id=str(version.runs.get().pk))

        for one in version.files.all():
            assert one.blob_id == one.sha256
            with blobs.default().open(one.sha256) as file:
                assert file.read() == SOUND[one.name]
        assert not staged()

    def test_may_hold_the_folder_itself(self, send, receive):
        version = receive(send({f"polite/{name}": content for name, content in SOUND.items()}))

        assert {one.name for one in version.files.all()} == set(SOUND)

    def test_gives_nothing_but_what_belongs_to_the_adapter(self, send, receive):
        others = {"README.md": b"# Polite", "tokenizer.json": b"{}", "optimizer.pt": b"\x80\x02"}

        version = receive(send(SOUND | others))

        assert {one.name for one in version.files.all()} == set(SOUND)

    def test_gives_the_checkpoints_of_the_training(self, send, receive):
        earlier = {
            "checkpoint-500/adapter_model.safetensors": EARLIEST,
            "checkpoint-1000/adapter_model.safetensors": EARLIER,
        }

        version = receive(send(SOUND | earlier))

        assert roles(version) == {
            ("weights", "adapter_model.safetensors", None),
            ("config", "adapter_config.json", None),
            ("checkpoint", "checkpoint-500-adapter_model.safetensors", 500),
            ("checkpoint", "checkpoint-1000-adapter_model.safetensors", 1000),
        }

    def test_has_its_last_checkpoint_for_weights_where_there_is_no_end(self, send, receive):
        epochs = {"ink-000002.safetensors": EARLIER, "ink-000004.safetensors": WEIGHTS}

        version = receive(send(epochs))

        assert version.sha256 == hashlib.sha256(WEIGHTS).hexdigest()
        assert roles(version) == {
            ("weights", "ink-000004.safetensors", None),
            ("checkpoint", "ink-000002.safetensors", 2),  # an epoch, where nothing counts steps
        }

    def test_gives_bytes_once_that_were_saved_twice(self, send, receive):
        version = receive(send(SOUND | {"checkpoint-9/adapter_model.safetensors": WEIGHTS}))

        assert sorted(one.role for one in version.files.all()) == ["config", "weights"]

    def test_gives_way_to_a_configuration_that_was_sent_beside_it(
        self, send, receive, team, contributor
    ):
        mine = json.dumps(files.peft_config("llama", lora_alpha=64)).encode()
        beside = uploads.receive_whole(
            io.BytesIO(mine), name="adapter_config.json", team=team, by=contributor,
            now=timezone.now(),
        )  # fmt: skip

        version = receive(send(SOUND), Incoming(beside, role="config"))

        assert version.files.get(role="config").sha256 == hashlib.sha256(mine).hexdigest()

    def test_stages_nothing_that_the_hub_has(self, send, contributor):
        VersionFactory(content=WEIGHTS, published=True)

        found = unpacking.unpacked([Incoming(send(SOUND))], by=contributor, now=timezone.now())

        assert {one.upload.name: one.upload.known for one in found} == {
            "adapter_model.safetensors": True,
            "adapter_config.json": False,
        }

    def test_is_not_kept_itself(self, send, receive):
        archive = send(SOUND)

        receive(archive)

        archive.refresh_from_db()
        assert archive.state == "dropped"
        assert str(archive.pk) not in staged()

    def test_is_found_again_by_the_version_made_of_it(self, send, receive):
        archive = send(SOUND)

        version = receive(archive)

        assert of_upload(archive) == version

    def test_cannot_be_taken_back_while_a_version_is_made_of_it(self, send, receive, monkeypatch):
        archive = send(SOUND)
        monkeypatch.setattr(unpacking, "forget", lambda _: None)  # a crash just there
        receive(archive)

        with pytest.raises(WrongState, match="A version is made of"):
            uploads.give_up(archive)


class TestAgain:
    def test_unpacking_twice_is_unpacking_once(self, send, contributor):
        archive = send(SOUND)

        once, again = (
            unpacking.unpacked([Incoming(archive)], by=contributor, now=timezone.now())
            for _ in range(2)
        )

        assert once == again
        assert Upload.objects.count() == 3

    @pytest.mark.usefixtures("either_store")
    def test_a_crash_while_it_is_unpacked_is_made_good(
        self, send, receive, monkeypatch, contributor
    ):
        archive = send(SOUND)
        whole = uploads.receive_whole
        with monkeypatch.context() as at:
            at.setattr(uploads, "receive_whole", _crash_at_the_second(whole))
            with pytest.raises(RuntimeError, match="crash"):
                receive(archive)
        assert set(staged()) == {str(archive.pk)}

        assert {one.name for one in receive(archive).files.all()} == set(SOUND)

    def test_a_crash_before_the_version_is_made_is_made_good(self, send, receive, monkeypatch):
        archive = send(SOUND)

        def crash(*_, **__):
            raise RuntimeError("crash")

        with monkeypatch.context() as at:
            at.setattr(versions.runs, "start", crash)
            with pytest.raises(RuntimeError, match="crash"):
                receive(archive)

        assert receive(archive).files.count() == 2
        assert Upload.objects.count() == 3

    def test_the_same_weights_in_another_zip_are_refused(self, send, receive):
        receive(send(SOUND))

        with pytest.raises(DuplicateUpload, match="already version 1 of ink/polite"):
            receive(send(SOUND | {"README.md": b"anew"}))
        assert AdapterVersion.objects.count() == 1

    def test_what_became_of_no_version_goes_when_it_expires(self, send, receive, settings):
        receive(send(SOUND))
        with pytest.raises(DuplicateUpload):
            receive(send(SOUND))

        late = timezone.now() + settings.UPLOAD_EXPIRY + timedelta(minutes=1)
        uploads.drop_half_uploads(now=late)

        version = AdapterVersion.objects.get()
        assert set(staged()) == {str(one.upload_id) for one in version.files.all()}

    def test_a_zip_of_which_files_have_expired_is_unpacked_anew(self, send, receive, contributor):
        archive = send(SOUND)
        unpacking.unpacked([Incoming(archive)], by=contributor, now=timezone.now())
        uploads.drop(archive.unpacked.first())

        assert receive(archive).files.count() == 2

    def test_a_dropped_zip_is_not_taken(self, send, receive):
        archive = send(SOUND)
        uploads.give_up(Upload.objects.get(pk=archive.pk))

        with pytest.raises(UploadRefused, match="Not all files are here"):
            receive(Upload.objects.get(pk=archive.pk))


class TestRefuses:
    @pytest.mark.parametrize(
        ("members", "code", "sentence"),
        [
            ({"README.md": b"# Ink"}, "file.no-adapter", "holds no weights"),
            (SOUND | {"model.pt": b"\x80\x02"}, "file.pickle", "pickled weights"),
            (SOUND | {"../x": b"x"}, "file.archive", "leads elsewhere"),
            (SOUND | {"more.zip": b"PK"}, "file.other", "holds the archive"),
            (SOUND | {"zeros": bytes(2 << 20)}, "file.archive", "which weights cannot be"),
            ({"a.safetensors": WEIGHTS, "b.safetensors": EARLIER}, "file.other",
             "2 files of weights that are no training checkpoints"),
            ({"ink_high_noise.safetensors": WEIGHTS, "ink_low_noise.safetensors": EARLIER},
             "file.other", "several experts"),
            ({"ink-step5.safetensors": WEIGHTS, "a/ink_step5.safetensors": EARLIER,
              "ink.safetensors": EARLIEST}, "file.other", "two training checkpoints of step 5"),
        ],
        ids=["no weights", "a pickle", "a path that climbs", "an archive", "a bomb", "two adapters",
             "two experts", "a step twice"],
    )  # fmt: skip
    def test_and_leaves_nothing_behind(self, send, receive, members, code, sentence):
        with pytest.raises(UploadRefused, match=sentence) as refusal:
            receive(send(members))

        assert refusal.value.code == code
        assert "\n" not in str(refusal.value)
        assert set(Upload.objects.values_list("state", flat=True)) == {"dropped"}
        assert not staged()

    @pytest.mark.usefixtures("either_store")
    def test_more_than_the_hub_takes(self, send, receive, settings):
        archive = send(SOUND)
        settings.MAX_UPLOAD = len(WEIGHTS)

        with pytest.raises(UploadTooLarge, match="unpacks to"):
            receive(archive)
        assert not staged()

    def test_a_pickle_of_torch_s_that_is_called_a_zip(self, team, contributor, receive):
        archive = uploads.receive_whole(
            files.torch_zip(), name="ink.zip", team=team, by=contributor, now=timezone.now()
        )

        with pytest.raises(UploadRefused, match="pickle") as refusal:
            receive(archive)
        assert refusal.value.code == "file.pickle"
        assert not staged()

    def test_a_zip_by_another_name(self, send):
        with pytest.raises(UploadRefused, match="is a ZIP archive"):
            send(SOUND, name="ink.safetensors")

    def test_who_is_not_of_the_team_before_anything_is_unpacked(self, send, team, base):
        archive = send(SOUND)
        stranger = member(TeamFactory(), username="stranger")

        with pytest.raises(NotAllowed):
            versions.receive(
                Declaration("x", base.slug), [Incoming(archive)], team=team, by=stranger,
                now=timezone.now(),
            )  # fmt: skip
        assert Upload.objects.count() == 1


def _crash_at_the_second(receive):
    calls = []

    def crashing(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise RuntimeError("crash")
        return receive(*args, **kwargs)

    return crashing
