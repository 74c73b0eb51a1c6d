"""Versions written in another layout, by an engine that leaves the files it is told to leave."""

from __future__ import annotations

import io
import threading
import urllib.request
import zipfile
from pathlib import Path

import pytest
from django.utils import timezone

from registry import blobs
from registry.exports.preparing import Wanted
from registry.models import Preparation
from registry.queries import versions
from registry.services import preparing, scheduling
from tests.factories import VersionFactory, keep
from tests.files import kohya_lora
from workers import devices, gpu, holding
from workers.engine_link import EngineDied, EngineRefused, EngineTimedOut
from workers.frames import Frame

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("blob_root", "sent")]


class Writer:
    """Answers `convert` as workers.engine does."""

    def __init__(self, scratch):
        self.scratch = scratch
        self.files = {"lora.safetensors": kohya_lora("sdxl", rank=2).getvalue()}
        self.calls = []
        self.before = lambda: None
        self.folder = scratch / "converted-1"

    def call(self, verb, fields, *, timeout, on_progress=None, on_wait=None):
        assert verb == "convert"
        given = fields["adapter"]
        beside = given["config_path"] and Path(given["config_path"]).read_bytes()
        self.calls.append((fields, Path(given["path"]).read_bytes(), beside))
        on_wait()
        self.before()
        for path, content in self.files.items():
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        listed = [[path, len(content)] for path, content in self.files.items()]
        told = {"folder": str(self.folder), "files": listed, "layers": 2}
        return Frame(told | {"worst_error": 2e-4, "notes": ["It went well."]}, {})


@pytest.fixture
def engine(monkeypatch, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    writer = Writer(scratch)
    monkeypatch.setattr(gpu, "engine", lambda: writer)
    return writer


@pytest.fixture
def version(team):
    version = VersionFactory(adapter__team=team, adapter__slug="ink-wash", published=True)
    return versions.in_sight("ink", "ink-wash", version.number, by=None)


def ask(version, **wanted):
    return preparing.ask(version, Wanted(**wanted), by=None, now=timezone.now())


def work(row):
    """Do what a device that asks for work is given, if it is this row."""
    asker = devices.mine().asks(timezone.now())
    taken = scheduling.take(asker, owner="a test", now=timezone.now())
    assert taken == row
    gpu.do(taken)
    row.refresh_from_db()
    return row


def test_what_was_written_is_kept_under_every_hash(engine, version):
    row = work(ask(version, layout="kohya", dtype="bf16", strip=True, bake=True))

    assert (row.state, row.worst_error, row.notes) == ("done", 2e-4, ["It went well."])
    blob = row.files.get().blob
    known = keep(engine.files["lora.safetensors"])
    assert (blob, blob.autov3, blob.crc32) == (known, known.autov3, known.crc32)
    [(fields, given, _)] = engine.calls
    assert len(given) == version.files.get().size
    assert fields["base"] == {"slug": "sdxl-1-0"}
    conversion = fields["conversion"]
    assert (conversion["layout"], conversion["dtype"], conversion["bare"]) == (
        "kohya",
        "bf16",
        True,
    )
    assert conversion["bake"]["loradex.source_sha256"] == version.sha256
    assert not engine.folder.exists()


def test_every_file_of_a_folder_is_kept_by_its_path(engine, version):
    engine.files = {
        "unet/adapter_config.json": b'{"r": 2}',
        "unet/adapter_model.safetensors": kohya_lora("sdxl", rank=2).getvalue(),
    }
    row = work(ask(version, layout="peft"))
    assert sorted(row.files.values_list("path", flat=True)) == sorted(engine.files)


def test_it_goes_before_validation_and_holds_no_base(engine, version):
    row = ask(version, layout="kohya")
    device = devices.mine()
    before = device.at
    run = VersionFactory(base=version.base)
    run.runs.create(stage="trial", queued_at=timezone.now())

    assert work(row).state == "done"
    assert device.at == before


def test_what_the_engine_refuses_is_refused_for_good(engine, version):
    def refuse():
        raise EngineRefused("conversion_refused", "It holds whole layers.")

    engine.before = refuse
    row = work(ask(version, layout="kohya"))
    assert (row.state, row.reason, row.attempt) == ("refused", "It holds whole layers.", 1)


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (EngineDied("The engine was killed (signal 9)."), "queued", "The engine was killed"),
        (EngineRefused("failed", "KeyError: 'x'"), "queued", "KeyError"),
        (EngineTimedOut("It took too long."), "failed", "It was not written within 900 seconds"),
    ],
)
def test_what_another_attempt_may_do_is_tried_again(engine, version, error, state, reason):
    def fail():
        raise error

    engine.before = fail
    row = work(ask(version, layout="kohya"))
    assert row.state == state
    assert row.reason.startswith(reason)


def test_a_killed_worker_loses_nothing(engine, version, settings):
    def die():
        raise EngineDied("The engine was killed (signal 9).")

    engine.before = die
    row = work(ask(version, layout="kohya"))
    assert row.attempt == 1
    engine.before = lambda: None

    assert work(row).state == "done"
    assert row.files.count() == 1


def test_it_is_put_down_when_the_worker_is_told_to_stop(engine, version, monkeypatch):
    told_to_stop = threading.Event()
    told_to_stop.set()
    row = ask(version, layout="kohya")
    monkeypatch.setattr(holding, "_told_to_stop", told_to_stop)
    work(row)
    assert (row.state, row.attempt) == ("queued", 0)


@pytest.mark.s3
@pytest.mark.xdist_group("s3")
def test_it_is_kept_and_sent_by_an_object_store_too(engine, team, api, settings, s3_server):
    settings.STORE, settings.S3, settings.DOWNLOADS = "s3", s3_server.settings, "redirect"
    blobs.default().prepare(origins=[], stale_days=3)
    version = VersionFactory(adapter__team=team, adapter__slug="ink-wash", published=True)
    at = "/api/adapters/ink/ink-wash/versions/1"
    work(ask(versions.in_sight("ink", "ink-wash", version.number, by=None), layout="kohya"))

    content = engine.files["lora.safetensors"]
    link = api.get(f"{at}/download", {"layout": "kohya"})["Location"]
    with urllib.request.urlopen(link, timeout=20) as answer:
        assert answer.read() == content
    packed = b"".join(api.get(f"{at}/bundle", {"layout": "kohya"}).streaming_content)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        [name] = [one for one in archive.namelist() if one.endswith(".safetensors")]
        assert archive.read(name) == content


class TestALyingEngine:
    """The child reads what strangers sent: what it answers is looked at before it is kept."""

    def test_names_no_folder_but_its_own(self, engine, version, tmp_path):
        engine.folder = tmp_path / "elsewhere"
        row = work(ask(version, layout="kohya"))
        assert (row.state, row.files.count()) == ("queued", 0)
        assert "folder that is not its own" in row.reason
        assert (tmp_path / "elsewhere" / "lora.safetensors").exists()  # … and nothing is removed

    def test_gives_no_file_from_elsewhere(self, engine, version, tmp_path):
        secret = tmp_path / "secret.safetensors"
        secret.write_bytes(kohya_lora("sdxl", rank=2).getvalue())
        engine.folder.mkdir()
        (engine.folder / "link.safetensors").symlink_to(secret)
        engine.files = {}
        real = engine.call

        def call(verb, fields, **how):
            frame = real(verb, fields, **how)
            frame.fields["files"] = [[engine.listed, 1]]
            return frame

        engine.call = call
        for listed in ("link.safetensors", "../../secret.safetensors", str(secret)):
            engine.listed = listed
            engine.folder.mkdir(exist_ok=True)
            Preparation.objects.all().delete()
            row = work(ask(version, layout="kohya"))
            assert row.state == "queued", listed
            assert not row.files.exists()

    def test_keeps_nothing_that_uploads_would_refuse(self, engine, version):
        engine.files = {"lora.safetensors": b"no weights at all"}
        row = work(ask(version, layout="kohya"))
        assert (row.state, row.files.count()) == ("queued", 0)

    def test_keeps_the_tensors_byte_for_byte_under_another_header(self, engine, version):
        row = work(ask(version, strip=True))
        assert row.state == "queued"
        assert "byte for byte" in row.reason
