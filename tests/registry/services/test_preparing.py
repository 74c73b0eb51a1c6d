"""Versions in another form: asked for once, bounded, shared by bytes, and dropped when unused."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from registry.errors import LeaseLost, NotConvertible, QuotaReached, WrongState
from registry.exports.preparing import Wanted
from registry.models import Blob, Preparation
from registry.queries import files, prepared, versions
from registry.services import keeping, preparing, publishing
from tests.factories import AdapterFactory, VersionFactory, keep, member
from tests.files import kohya_lora

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]

KOHYA = Wanted("kohya")
DIFFUSERS = Wanted("diffusers")


@pytest.fixture
def version(team):
    version = VersionFactory(adapter=AdapterFactory(slug="ink-wash", team=team), published=True)
    return again(version)


def again(version):
    adapter = version.adapter
    return versions.in_sight(
        adapter.team.slug, adapter.slug, version.number, by=member(adapter.team, "viewer")
    )


def ask(version, wanted=DIFFUSERS, *, by=None, now=None):
    return preparing.ask(version, wanted, by=by, now=now or timezone.now())


def make(row, content=b"made of it", path="pytorch_lora_weights.safetensors"):
    held = preparing.claim(row.pk, owner="a test", now=timezone.now())
    made = {path: keep(content)}
    preparing.finish(held, made, worst_error=1e-4, notes=["It went well."], now=timezone.now())
    row.refresh_from_db()
    return row


class TestAsk:
    def test_begins_it_once(self, version, contributor):
        one = ask(version, by=contributor)
        other = ask(version)

        assert one == other
        assert (one.state, one.by, one.layers_of, one.attempt) == (
            "queued",
            contributor,
            "sdxl-1-0",
            0,
        )
        assert one.size == files.weights_of(version).size
        assert one.header["loradex.source_sha256"] == version.sha256

    def test_bakes_nothing_into_what_is_stripped(self, version):
        assert ask(version, Wanted("kohya", strip=True)).header == {}
        assert ask(version, Wanted(strip=True)).header == {}
        assert ask(version, Wanted(strip=True, bake=True)).header["loradex.version"] == "1"

    def test_two_versions_of_the_same_bytes_share_what_says_nothing_of_either(self, version):
        content = kohya_lora("sdxl").getvalue()
        twins = [again(VersionFactory(content=content, published=True)) for _ in range(2)]
        stripped = [ask(twin, Wanted("kohya", strip=True)) for twin in twins]
        assert stripped[0] == stripped[1]
        named = [ask(twin, KOHYA) for twin in twins]
        assert named[0] != named[1]

    def test_refuses_what_is_known_to_be_impossible_without_any_work(self, version):
        with pytest.raises(NotConvertible, match="not written in GGUF's layout"):
            ask(version, Wanted("gguf"))
        assert not Preparation.objects.exists()

    def test_waits_for_the_verdict(self, team):
        version = again(VersionFactory(adapter__team=team))
        with pytest.raises(WrongState, match="once it has passed its validation"):
            ask(version)

    def test_waits_until_the_digest_is_certain(self, team):
        version = VersionFactory(adapter__team=team, ready=True)
        version.files.update(blob=None)
        with pytest.raises(WrongState, match="still being checked"):
            ask(again(version))

    def test_says_again_what_the_engine_refused(self, version):
        held = preparing.claim(ask(version).pk, owner="a test", now=timezone.now())
        preparing.refuse(held, reason="It holds\nwhole layers.", now=timezone.now())
        with pytest.raises(NotConvertible, match="It holds whole layers"):
            ask(version)

    def test_tries_again_what_failed_but_not_at_once(self, version, settings):
        settings.RUN_ATTEMPTS = 1
        row = ask(version)
        held = preparing.claim(row.pk, owner="a test", now=timezone.now())
        preparing.release(held, reason="The engine was killed.", now=timezone.now())

        assert ask(version).state == "failed"
        assert ask(version, now=timezone.now() + timedelta(minutes=11)).state == "queued"
        row.refresh_from_db()
        assert (row.attempt, row.reason) == (0, "")

    @pytest.mark.django_db(transaction=True)
    def test_two_at_once_are_one_job(self, version, contributor, sent):
        ready = threading.Barrier(2)
        found = []

        def one():
            ready.wait(timeout=10)
            found.append(ask(version, by=contributor).pk)
            connection.close()

        threads = [threading.Thread(target=one) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)

        assert len(set(found)) == 1
        assert len(found) == 2
        assert sent == [("workers.gpu.work", found[0])]


class TestQuota:
    def test_bounds_what_waits_for_one_person(self, version, contributor, settings):
        settings.PREPARE_LIVING = 1
        ask(version, by=contributor)
        assert ask(version, by=contributor)  # the same is no more
        with pytest.raises(QuotaReached, match="1 files are being prepared for you") as refusal:
            ask(version, KOHYA, by=contributor)
        assert refusal.value.retry_after == 20
        assert ask(version, KOHYA)  # the hub itself

    def test_bounds_what_one_person_fills_the_disk_with(self, version, contributor, settings):
        size = files.weights_of(version).size
        settings.PREPARE_BYTES = int(size * 1.5)
        make(ask(version, by=contributor))
        with pytest.raises(QuotaReached, match="a day") as refusal:
            ask(version, KOHYA, by=contributor)
        assert 0 < refusal.value.retry_after <= 24 * 3600
        tomorrow = timezone.now() + timedelta(hours=25)
        assert ask(version, KOHYA, by=contributor, now=tomorrow)


class TestBeingMade:
    def test_ends_with_its_files(self, version):
        row = make(ask(version))
        assert (row.state, row.worst_error, row.notes) == ("done", 1e-4, ["It went well."])
        assert [file.path for file in row.files.all()] == ["pytorch_lora_weights.safetensors"]

    def test_goes_on_where_a_worker_died(self, version, settings):
        row = ask(version)
        lost = preparing.claim(row.pk, owner="a", now=timezone.now() - timedelta(hours=1))
        assert preparing.resend_lost(now=timezone.now()) == 1

        make(row)
        with pytest.raises(LeaseLost):
            preparing.finish(lost, {}, worst_error=0, notes=[], now=timezone.now())
        assert row.files.count() == 1

    def test_ends_when_its_worker_dies_again_and_again(self, version, settings):
        row = ask(version)
        past = timezone.now() - timedelta(hours=1)
        for _ in range(settings.RUN_ATTEMPTS):
            preparing.claim(row.pk, owner="a", now=past)
            preparing.resend_lost(now=timezone.now())
        row.refresh_from_db()
        assert row.state == "failed"
        assert row.reason == "Its worker died 3 times while it wrote the layout diffusers."


class TestForDoors:
    def test_is_asked_for_at_publication_where_diffusers_reads_the_file_not(self, contributor):
        version = VersionFactory(adapter__team__slug="ink", ready=True, uploaded_by=contributor)
        version.files.update(algorithm="lokr")
        publishing.publish(version, by=contributor, now=timezone.now())

        row = Preparation.objects.get()
        assert (row.layout, row.by) == ("diffusers", None)
        assert prepared.for_diffusers(version) is None
        make(row)
        assert prepared.for_diffusers(version).blob.size == len(b"made of it")

    def test_is_not_asked_for_where_it_does(self, contributor):
        version = VersionFactory(adapter__team__slug="ink", ready=True, uploaded_by=contributor)
        publishing.publish(version, by=contributor, now=timezone.now())
        assert not Preparation.objects.exists()

    def test_is_asked_for_of_what_was_published_before_too(self, version):
        VersionFactory(published=True)
        VersionFactory(published=True).files.update(algorithm="oft")
        version.files.update(dialect="peft")

        assert preparing.ask_for_all_doors(now=timezone.now()) == 1
        assert preparing.ask_for_all_doors(now=timezone.now()) == 0
        assert Preparation.objects.get().version == version

    def test_stays_the_same_whatever_the_card_says_later(self, version):
        first = make(ask(version)).files.get()
        type(version.adapter).objects.update(title="Another")
        other = make(ask(again(version)), b"with another title").files.get()
        assert other.blob != first.blob
        assert prepared.for_diffusers(version) == first


class TestDropUnused:
    def test_forgets_what_nobody_asks_for_and_then_its_bytes(self, version, contributor, settings):
        row = make(ask(version, by=contributor))
        blob = row.files.get().blob
        later = timezone.now() + timedelta(days=settings.PREPARED_DAYS, hours=1)

        assert keeping.drop_orphans(now=later) == 0
        assert preparing.drop_unused(now=later) == 1
        assert keeping.drop_orphans(now=later) == 1
        assert not Blob.objects.filter(pk=blob.pk).exists()
        assert version.files.get().blob  # … and nothing else

    def test_keeps_what_is_asked_for(self, version, contributor, settings):
        make(ask(version, by=contributor))
        later = timezone.now() + timedelta(days=settings.PREPARED_DAYS - 1)
        ask(version, now=later)
        assert preparing.drop_unused(now=later + timedelta(days=2)) == 0

    def test_keeps_what_the_hub_made_for_its_doors(self, version, settings):
        make(ask(version))
        later = timezone.now() + timedelta(days=settings.PREPARED_DAYS, hours=1)
        assert preparing.drop_unused(now=later) == 0
        type(version).objects.update(state="withdrawn")
        assert preparing.drop_unused(now=later) == 1

    def test_forgets_the_oldest_of_too_many(self, version, contributor, settings):
        old = make(ask(version, by=contributor), b"old")
        new = make(ask(version, KOHYA, by=contributor), b"newer")
        settings.PREPARED_BYTES = 5
        assert preparing.drop_unused(now=timezone.now()) == 1
        assert list(Preparation.objects.all()) == [new]
        assert old != new


def test_every_layout_says_how_it_stands(version):
    make(ask(version))
    held = preparing.claim(ask(version, KOHYA).pk, owner="a test", now=timezone.now())
    preparing.refuse(held, reason="It holds whole layers.", now=timezone.now())

    told = {form.layout: (form.state, form.reason) for form in prepared.forms(version)}

    assert told.pop("gguf")[0] == "refused"
    assert told == {
        "original": ("ready", ""),
        "kohya": ("refused", "It holds whole layers."),
        "diffusers": ("ready", ""),
        "peft": ("possible", ""),
    }
