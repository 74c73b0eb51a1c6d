from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from registry.bases.manifest import Layer, Manifest, encode
from registry.errors import LeaseLost, WrongState
from registry.models import Blueprint, Event
from registry.queries import bases
from registry.services import making
from tests.factories import own_base

pytestmark = [pytest.mark.django_db(transaction=True)]

NOW = timezone.now()
TINY = encode(Manifest("ours", {"model": {"layers.0.q_proj": Layer("linear", (8, 8))}}))


@pytest.fixture
def base(team):
    return own_base(team)


def state_of(base):
    base.refresh_from_db()
    return base.state


def claim(base, at=NOW):
    return making.claim(base.blueprint.pk, now=at)


class TestClaim:
    def test_is_for_one_worker_at_a_time(self, base):
        claim(base)
        with pytest.raises(WrongState, match="another worker"):
            claim(base)

    def test_goes_to_another_once_the_first_is_silent(self, base, settings):
        lost = claim(base)

        making.finish(claim(base, NOW + settings.LEASE), TINY, now=NOW)

        assert state_of(base) == "ready"
        for act in (
            lambda: making.renew(lost, now=NOW),
            lambda: making.finish(lost, b"late", now=NOW),
            lambda: making.fail(lost, reason="late", now=NOW),
            lambda: making.release(lost, reason="late", now=NOW),
        ):
            with pytest.raises(LeaseLost):
                act()
        assert state_of(base) == "ready"

    def test_finds_nothing_to_do_when_it_is_made(self, base):
        making.finish(claim(base), TINY, now=NOW)
        with pytest.raises(WrongState):
            claim(base)

    def test_is_held_for_longer_when_renewed(self, base, settings):
        held = claim(base)
        making.renew(held, now=NOW + settings.LEASE)
        with pytest.raises(WrongState):
            claim(base, NOW + settings.LEASE * 1.5)


class TestFinish:
    def test_makes_the_base_ready_with_its_layers(self, base):
        making.finish(claim(base), TINY, now=NOW)

        assert state_of(base) == "ready"
        assert bases.manifest_of(base).components["model"]["layers.0.q_proj"].shape == (8, 8)
        assert Event.objects.get().verb == "base.ready"

    @pytest.mark.parametrize(
        "content", [b"", b"no gzip", TINY[:-9], encode(Manifest("ours", {}))],
        ids=["nothing", "noise", "cut short", "no layers"],
    )  # fmt: skip
    def test_fails_where_what_was_made_is_no_manifest(self, base, content):
        making.finish(claim(base), content, now=NOW)

        assert state_of(base) == "failed"
        assert base.reason


class TestRelease:
    def test_is_tried_again_until_its_attempts_are_used_up(self, base, sent, settings):
        for _ in range(settings.RUN_ATTEMPTS):
            making.release(claim(base), reason="The engine was killed.", now=NOW)

        assert state_of(base) == "failed"
        assert base.reason == "The engine was killed."
        assert len(sent) == settings.RUN_ATTEMPTS - 1


class TestResendLost:
    def test_sends_again_what_was_never_sent(self, base, sent):
        assert making.resend_lost(now=NOW) == 1
        assert sent == [("workers.gpu.make_manifest", base.blueprint.pk)]

    def test_leaves_alone_what_was_sent_just_now_or_is_held(self, base, team, sent):
        Blueprint.objects.update(sent_at=NOW)
        claim(own_base(team, slug="held"))
        own_base(team, slug="failed", state="failed", reason="It is too large.")

        assert making.resend_lost(now=NOW) == 0

    def test_takes_up_what_a_silent_worker_held(self, base, sent, settings):
        claim(base)
        later = NOW + settings.LEASE + timedelta(seconds=1)

        assert making.resend_lost(now=later) == 1
        assert claim(base, later).attempt == 2

    def test_gives_up_after_as_many_deaths_as_attempts(self, base, sent, settings):
        Blueprint.objects.update(attempt=settings.RUN_ATTEMPTS, lease_until=NOW)

        assert making.resend_lost(now=NOW + timedelta(seconds=1)) == 0

        assert state_of(base) == "failed"
        assert "died 3 times" in base.reason
