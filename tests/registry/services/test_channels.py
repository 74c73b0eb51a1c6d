from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from registry.errors import Invalid, NameTaken, NotAllowed, NotFound, WrongState
from registry.models import Channel, Event, Role
from registry.services import channels, publishing
from tests.factories import AdapterFactory, VersionFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]


@pytest.fixture
def adapter(team):
    return AdapterFactory(team=team, slug="wash")


@pytest.fixture
def reviewer(team):
    return member(team, Role.REVIEWER)


def move(adapter, to, *, by, name="prod", **more):
    return channels.move(adapter, name, to=to, by=by, now=timezone.now(), **more)


class TestMove:
    def test_makes_a_channel_and_notes_it(self, adapter, reviewer):
        version = VersionFactory(adapter=adapter, published=True)

        channel = move(adapter, version, by=reviewer, reason="First one.")

        assert (channel.version, channel.moved_by, channel.reason) == (
            version,
            reviewer,
            "First one.",
        )
        event = Event.objects.get(verb="channel.moved")
        assert (event.by, event.version, event.adapter) == (reviewer, version, adapter)
        told = {"channel": "prod", "was": None, "to": 1, "reason": "First one."}
        assert event.detail == told

    def test_notes_where_it_pointed_before(self, adapter, reviewer):
        first, second = (VersionFactory(adapter=adapter, published=True) for _ in range(2))
        move(adapter, first, by=reviewer)

        move(adapter, second, by=reviewer)

        event = Event.objects.filter(verb="channel.moved").latest("pk")
        assert (event.detail["was"], event.detail["to"]) == (1, 2)
        assert Channel.objects.get().version == second

    def test_twice_is_once(self, adapter, reviewer):
        version = VersionFactory(adapter=adapter, published=True)

        for _ in range(2):
            move(adapter, version, by=reviewer)

        assert Event.objects.filter(verb="channel.moved").count() == 1

    @pytest.mark.parametrize("state", ["ready", "waiting", "withdrawn", "rejected"])
    def test_refuses_what_is_not_published(self, adapter, reviewer, state):
        version = VersionFactory(adapter=adapter, state=state, proof="fits")
        with pytest.raises(WrongState, match=state):
            move(adapter, version, by=reviewer)

    def test_refuses_a_version_of_another_adapter(self, adapter, reviewer):
        other = VersionFactory(published=True)
        with pytest.raises(Invalid, match="its own adapter"):
            move(adapter, other, by=reviewer)

    @pytest.mark.parametrize(
        "name", ["Prod", "", "-a", "a" * 41, "a b", "1st", "prod\n", "прод", "a/b", "a.b"]
    )
    def test_refuses_what_is_no_slug(self, adapter, reviewer, name):
        version = VersionFactory(adapter=adapter, published=True)
        with pytest.raises(Invalid, match="channel's name"):
            move(adapter, version, by=reviewer, name=name)

    @pytest.mark.parametrize("name", ["main", "latest", "v3", "head", "a" + "0" * 39])
    def test_refuses_words_that_mean_a_version_already(self, adapter, reviewer, name):
        version = VersionFactory(adapter=adapter, published=True)
        with pytest.raises(Invalid, match="means a version already"):
            move(adapter, version, by=reviewer, name=name)

    def test_refuses_a_label_which_programs_may_have_pinned(self, adapter, reviewer):
        version = VersionFactory(adapter=adapter, published=True, label="final")
        with pytest.raises(NameTaken, match="label of version 1"):
            move(adapter, version, by=reviewer, name="final")

    def test_of_a_channel_that_was_here_first_minds_no_label(self, adapter, reviewer):
        move(adapter, VersionFactory(adapter=adapter, published=True), by=reviewer)
        later = VersionFactory(adapter=adapter, published=True, label="prod")
        assert move(adapter, later, by=reviewer).version == later

    def test_refuses_those_who_may_not_publish(self, adapter, team):
        version = VersionFactory(adapter=adapter, published=True)
        with pytest.raises(NotAllowed, match="Reviewer"):
            move(adapter, version, by=member(team, Role.CONTRIBUTOR))


class TestRemove:
    def test_notes_where_it_pointed(self, adapter, reviewer):
        move(adapter, VersionFactory(adapter=adapter, published=True), by=reviewer)

        channels.remove(adapter, "prod", by=reviewer, now=timezone.now())

        assert not Channel.objects.exists()
        event = Event.objects.get(verb="channel.removed")
        assert (event.detail["was"], event.detail["to"]) == (1, None)

    def test_names_those_there_are(self, adapter, reviewer):
        move(adapter, VersionFactory(adapter=adapter, published=True), by=reviewer)
        with pytest.raises(NotFound, match=r"'staging'; it has prod\."):
            channels.remove(adapter, "staging", by=reviewer, now=timezone.now())

    def test_refuses_those_who_may_not_publish(self, adapter, reviewer, team):
        move(adapter, VersionFactory(adapter=adapter, published=True), by=reviewer)
        with pytest.raises(NotAllowed):
            channels.remove(adapter, "prod", by=member(team), now=timezone.now())


class TestWithdrawing:
    def test_takes_a_version_out_of_its_channels(self, adapter, reviewer):
        first, second = (VersionFactory(adapter=adapter, published=True) for _ in range(2))
        move(adapter, first, by=reviewer)
        move(adapter, first, by=reviewer, name="staging")
        move(adapter, second, by=reviewer, name="next")

        publishing.withdraw(first, reason="Bad data.", by=reviewer, now=timezone.now())

        assert list(Channel.objects.values_list("name", flat=True)) == ["next"]
        gone = Event.objects.filter(verb="channel.removed").order_by("pk")
        assert [one.detail["channel"] for one in gone] == ["prod", "staging"]
        assert gone[0].detail["reason"] == "Version 1 was withdrawn."


def test_the_database_insists_on_a_name_and_on_one_version(adapter, reviewer):
    version = VersionFactory(adapter=adapter, published=True)
    row = {"adapter": adapter, "version": version, "moved_at": timezone.now()}
    Channel.objects.create(name="prod", **row)
    for name in ("prod", "Prod"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Channel.objects.create(name=name, **row)
