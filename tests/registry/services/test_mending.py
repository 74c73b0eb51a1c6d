"""Mended copies: asked for once, received as the next version, the original as it was."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, NotConvertible, QuotaReached, WrongState
from registry.models import AdapterVersion, Event, Membership, Mending, Preparation
from registry.queries import versions
from registry.services import mending, preparing
from tests.factories import (
    AdapterFactory,
    ResultFactory,
    RunFactory,
    VersionFactory,
    keep,
    member,
)
from tests.files import Values, kohya_lora

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "sent")]


def found(version, *codes, outcome="rejected", **evidence):
    """Have checks say that something is wrong with a version."""
    run = version.runs.first() or RunFactory(
        version=version, state="rejected", finished_at=timezone.now()
    )
    for code in codes:
        ResultFactory(
            run=run, code=code, outcome=outcome, problem="It is broken.", evidence=evidence
        )
    return versions.in_sight("ink", version.adapter.slug, version.number, by=version.uploaded_by)


@pytest.fixture
def version(team, contributor):
    adapter = AdapterFactory(slug="ink-wash", team=team)
    row = VersionFactory(adapter=adapter, rejected=True, uploaded_by=contributor, label="first")
    return found(row, "values.finite")


def ask(version, steps=None, *, by, now=None):
    return mending.ask(version, steps, by=by, now=now or timezone.now())


def make(row, content=None):
    """Do what a worker does, and give the mend as it is then."""
    held = preparing.claim(row.preparation_id, owner="a test", now=timezone.now())
    content = content or kohya_lora("sdxl", rank=2).getvalue()
    preparing.finish(
        held,
        {"adapter.safetensors": keep(content)},
        worst_error=0,
        notes=["1 layer was left out."],
        now=timezone.now(),
    )
    mending.settle_those_of(held, now=timezone.now())
    row.refresh_from_db()
    return row


class TestAsk:
    def test_begins_a_copy_and_leaves_the_version_alone(self, version, contributor):
        before = AdapterVersion.objects.filter(pk=version.pk).values().get()

        row = ask(version, by=contributor)

        assert (row.state, row.steps, row.by) == ("waiting", ["not-finite"], contributor)
        assert (row.preparation.layout, row.preparation.steps) == ("original", ["not-finite"])
        assert AdapterVersion.objects.filter(pk=version.pk).values().get() == before
        event = Event.objects.get(verb="version.mend-asked")
        assert (event.by, event.version, event.detail) == (
            contributor, version, {"steps": ["not-finite"]},
        )  # fmt: skip

    def test_twice_is_once(self, version, contributor):
        assert ask(version, by=contributor) == ask(version, by=contributor)
        assert Preparation.objects.count() == 1

    @pytest.mark.django_db(transaction=True)
    def test_two_at_once_are_one_copy(self, version, contributor):
        ready = threading.Barrier(2)
        rows = []

        def one():
            ready.wait(timeout=10)
            rows.append(ask(version, by=contributor).pk)
            connection.close()

        threads = [threading.Thread(target=one) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert len(set(rows)) == 1
        assert Mending.objects.count() == 1

    def test_another_way_waits_for_the_first(self, version, contributor):
        version = found(version, "metadata.private", outcome="warned")
        ask(version, by=contributor)
        with pytest.raises(WrongState, match="being mended already"):
            ask(version, ["not-finite"], by=contributor)

    @pytest.mark.parametrize("role", ["viewer", None])
    def test_is_for_those_who_may_upload(self, version, team, role):
        by = member(team, role) if role else member(AdapterFactory().team)
        with pytest.raises(NotAllowed):
            ask(version, by=by)
        assert not Mending.objects.exists()

    def test_says_why_it_cannot_be_mended(self, version, contributor):
        version = found(version, "pairs.rank")
        with pytest.raises(NotConvertible, match="which of the two halves"):
            ask(version, by=contributor)

    def test_refuses_steps_that_are_not_offered(self, version, contributor):
        with pytest.raises(Invalid, match="not offered"):
            ask(version, ["not-finite", "strip"], by=contributor)

    def test_waits_for_the_verdict(self, team, contributor):
        row = VersionFactory(adapter__team=team, uploaded_by=contributor)
        waiting = found(row, "values.finite")
        with pytest.raises(NotConvertible, match="still being validated"):
            ask(waiting, by=contributor)

    def test_has_nothing_to_mend_where_the_bytes_were_not_kept(self, version, contributor):
        version.files.update(blob=None)
        again = versions.in_sight("ink", "ink-wash", 1, by=contributor)
        with pytest.raises(NotConvertible, match="not kept"):
            ask(again, by=contributor)

    def test_counts_as_what_is_prepared_for_a_person(self, version, contributor, settings):
        settings.PREPARE_LIVING = 0
        with pytest.raises(QuotaReached):
            ask(version, by=contributor)
        assert not Mending.objects.exists()
        assert not Event.objects.filter(verb="version.mend-asked").exists()

    def test_a_sound_version_can_be_stripped(self, team, contributor):
        row = VersionFactory(adapter__team=team, published=True, uploaded_by=contributor)
        version = found(row, "metadata.private", outcome="warned")

        asked = ask(version, by=contributor)

        assert (asked.steps, asked.preparation.strip) == (["strip"], True)


class TestReceived:
    def test_as_the_next_version_that_says_where_it_comes_from(self, version, contributor):
        version.adapter.versions.update(trigger_words=["inkwash"])
        version.refresh_from_db()
        row = make(ask(version, by=contributor))

        made = row.made
        assert (row.state, made.number, made.parent, made.label) == ("done", 2, version, "first")
        assert (made.state, made.trigger_words, made.uploaded_by) == (
            "waiting", ["inkwash"], contributor,
        )  # fmt: skip
        assert made.changes == "A mended copy of version 1. 1 layer was left out."
        assert made.files.get().name == "adapter-mended.safetensors"
        assert made.runs.get().stage == "file"
        event = Event.objects.get(verb="version.mended")
        assert (event.by, event.version) == (contributor, made)
        assert event.detail == {
            "of": 1, "steps": ["not-finite"], "notes": ["1 layer was left out."],
        }  # fmt: skip

    def test_once_however_often_it_is_settled(self, version, contributor):
        row = make(ask(version, by=contributor))
        mending.settle(row.pk, now=timezone.now())
        assert mending.settle_all(now=timezone.now()) == 0
        assert version.adapter.versions.count() == 2
        assert ask(version, by=contributor) == row

    def test_by_housekeeping_where_the_worker_fell_silent(self, version, contributor):
        row = ask(version, by=contributor)
        assert mending.settle_all(now=timezone.now()) == 0
        held = preparing.claim(row.preparation_id, owner="a test", now=timezone.now())
        made = {"adapter.safetensors": keep(kohya_lora("sdxl", rank=2).getvalue())}
        preparing.finish(held, made, worst_error=0, notes=[], now=timezone.now())

        assert mending.settle_all(now=timezone.now()) == 1
        assert version.adapter.versions.count() == 2

    def test_not_where_the_bytes_are_a_version_already(self, version, contributor):
        content = kohya_lora("sdxl", values=Values(seed=9)).getvalue()
        VersionFactory(adapter=version.adapter, content=content, published=True)

        row = make(ask(version, by=contributor), content)

        assert (row.state, row.made) == ("refused", None)
        assert "already version 2" in row.reason

    def test_not_where_the_right_to_upload_is_gone(self, version, contributor, team):
        row = ask(version, by=contributor)
        Membership.objects.filter(user=contributor).delete()

        row = make(row)

        assert row.state == "refused"
        assert version.adapter.versions.count() == 1
        assert Event.objects.filter(verb="version.not-mended").count() == 1

    def test_not_where_a_worker_refused_and_says_why(self, version, contributor):
        row = ask(version, by=contributor)
        held = preparing.claim(row.preparation_id, owner="a test", now=timezone.now())
        preparing.refuse(held, reason="9 of its 16 layers are broken.", now=timezone.now())
        mending.settle_all(now=timezone.now())

        row.refresh_from_db()
        assert (row.state, row.reason) == ("refused", "9 of its 16 layers are broken.")
        with pytest.raises(NotConvertible, match="9 of its 16"):
            ask(version, by=contributor)

    def test_at_once_where_the_same_was_made_before(self, version, contributor):
        row = make(ask(version, by=contributor))
        row.made.delete()
        row.delete()

        again = ask(version, by=contributor)

        assert (again.state, again.made.number) == ("done", 2)
