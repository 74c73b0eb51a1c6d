"""Who hears of what, once, and nobody of what they may not see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from registry.models import Notification, Role
from registry.queries import following as queries
from registry.queries import notices
from registry.services import (
    commenting,
    complaining,
    events,
    following,
    gallery,
    mailing,
    notifying,
    robots,
    teams,
)
from registry.services.commenting import Said
from tests.factories import TeamFactory, UserFactory, VersionFactory, member
from tests.registry.services import painted

pytestmark = pytest.mark.django_db(transaction=True)  # the feed goes up to what is committed

NOW = timezone.now()


@pytest.fixture
def team():
    return TeamFactory(slug="ink")


@pytest.fixture
def uploader(team):
    return member(team, username="mika")


@pytest.fixture
def reader():
    return UserFactory(username="noor", email="noor@example.org")


@pytest.fixture
def version(team, uploader, blob_root):
    return VersionFactory(
        adapter__team=team, adapter__title="Zebra", uploaded_by=uploader, published=True
    )


@pytest.fixture(autouse=True)
def _begun():
    notifying.fan_out()


def happen(verb, on, *, by=None, **detail):
    event = events.record(verb, on=on, by=by, now=NOW, **detail)
    notifying.fan_out()
    return event


def heard():
    rows = Notification.objects.order_by("event_id", "user__username")
    return [(row.user.username, row.event.verb) for row in rows.select_related("user", "event")]


def test_followers_of_an_adapter_and_of_its_team_hear_of_a_version(version, reader, team):
    other = UserFactory(username="ada")
    following.follow(version.adapter, by=reader, now=NOW)
    following.follow(team, by=other, now=NOW)

    happen("version.published", version, by=version.uploaded_by)

    assert heard() == [("ada", "version.published"), ("noor", "version.published")]


def test_whoever_follows_both_hears_once(version, reader, team):
    following.follow(version.adapter, by=reader, now=NOW)
    following.follow(team, by=reader, now=NOW)

    happen("version.published", version)

    assert heard().count(("noor", "version.published")) == 1


def test_nobody_hears_of_what_they_did(version):
    happen("version.ready", version, by=version.uploaded_by)

    assert heard() == []


def test_strangers_hear_nothing_of_what_is_not_published(version, reader, team):
    secret = VersionFactory(adapter=version.adapter, uploaded_by=version.uploaded_by, ready=True)
    following.follow(team, by=reader, now=NOW)
    following.follow(team, by=member(team, username="zoe"), now=NOW)

    happen("version.published", secret)

    assert ("noor", "version.published") not in heard()
    assert ("zoe", "version.published") in heard()


def test_the_uploader_and_the_reviewers_hear_of_the_verdict(version, team):
    member(team, "reviewer", username="rina")

    happen("version.ready", version)
    happen("version.rejected", version)

    assert heard() == [
        ("mika", "version.ready"), ("rina", "version.ready"), ("mika", "version.rejected"),
    ]  # fmt: skip


def test_an_act_is_told_once_however_often_one_looks(version):
    happen("version.rejected", version)
    notifying.fan_out()

    assert notifying.fan_out() == 0
    assert len(heard()) == 1


def test_whoever_hung_a_picture_hears_that_it_was_hidden(version, reader, team):
    picture = gallery.hang(version, painted.png(), by=reader, now=NOW)
    reviewer = member(team, "reviewer", username="rina")
    gallery.hide(picture, version.adapter, reason="Off topic.", by=reviewer, now=NOW)
    complaining.complain(version.adapter, reason="It is mine.", by=reader, now=NOW)
    notifying.fan_out()

    assert ("noor", "picture.hidden") in heard()
    assert ("rina", "complaint.made") in heard()


def test_only_the_writer_hears_why_a_comment_was_hidden(version, reader, team):
    first = commenting.write(version.adapter, Said("Fine."), by=reader, now=NOW)
    rude = UserFactory(username="ada")
    answer = commenting.write(version.adapter, Said("Fool."), parent=first, by=rude, now=NOW)
    reviewer = member(team, "reviewer", username="rina")
    commenting.hide(answer, reason="Be kind.", by=reviewer, now=NOW)
    notifying.fan_out()

    assert ("ada", "comment.hidden") in heard()
    assert ("noor", "comment.hidden") not in heard()


def test_who_leaves_hears_no_more_of_what_strangers_may_not_know(version, team):
    secret = VersionFactory(adapter=version.adapter, uploaded_by=version.uploaded_by, ready=True)
    leaving = member(team, "reviewer", username="zoe")
    admin = member(team, "admin", username="rina")
    happen("version.ready", secret)
    happen("complaint.made", version)
    happen("version.asked-again", version)

    teams.remove_member(team=team, user=leaving, by=admin, now=NOW)

    assert [one for one in heard() if one[0] == "zoe"] == [("zoe", "version.asked-again")]
    assert ("rina", "version.ready") in heard()


def test_admins_hear_who_knows_secrets_and_is_none_of_them_any_more(team):
    ada, bo = member(team, Role.ADMIN, username="ada"), member(team, Role.ADMIN, username="bo")
    member(team, Role.REVIEWER)
    wanted = robots.Wanted("Farm", Role.VIEWER)
    robots.make(team, wanted, by=ada, now=NOW)
    teams.remove_member(team=team, user=ada, by=bo, now=NOW)

    notifying.fan_out()

    [told] = Notification.objects.filter(event__verb="team.secrets-known")
    said = notices.of_event(told.event)
    assert told.user == bo
    assert said.sentence.startswith("ada is no admin of Ink any more and knows secrets")
    assert said.path == "/teams/ink/tokens"


def test_every_act_that_is_told_has_its_sentence(version):
    assert set(notifying.AUDIENCES) == set(notices.SENTENCES)
    for verb in notices.SENTENCES:
        told = notices.of_event(events.record(verb, on=version, now=NOW))
        assert "{" not in told.sentence


def test_what_was_seen_is_not_new(version, uploader):
    happen("version.rejected", version)
    assert queries.unseen(uploader) == 1

    assert following.see(uploader, now=NOW) == 1
    assert queries.unseen(uploader) == 0


class TestMail:
    def test_says_what_is_new_and_where(self, version, reader, settings):
        settings.PUBLIC_URL = "https://hub.example"
        following.set_mailing(reader, pace="soon", language="en")
        following.follow(version.adapter, by=reader, now=NOW)
        happen("version.withdrawn", version, by=version.uploaded_by, reason="It is broken.")

        assert mailing.send_due(now=NOW) == 1
        assert mailing.send_due(now=NOW) == 0

        (sent,) = mail.outbox
        assert sent.to == ["noor@example.org"]
        assert sent.subject == "Loradex: mika withdrew version 1 of Zebra."
        assert "It is broken." in sent.body
        assert f"https://hub.example/ink/{version.adapter.slug}?version=1" in sent.body

    def test_comes_once_a_day_where_that_is_wanted(self, version, reader):
        following.set_mailing(reader, pace="daily", language="en")
        following.follow(version.adapter, by=reader, now=NOW)
        for number in range(3):
            happen("version.published", version)
            mailing.send_due(now=NOW + timedelta(hours=number))

        assert len(mail.outbox) == 1
        assert mailing.send_due(now=NOW + timedelta(hours=24)) == 1
        assert "2 things are new" in mail.outbox[1].subject

    def test_is_in_the_language_of_its_reader(self, version, reader):
        following.set_mailing(reader, pace="soon", language="zh-hans")
        following.follow(version.adapter, by=reader, now=NOW)
        happen("version.published", version)

        mailing.send_due(now=NOW)

        assert "Hello" not in mail.outbox[0].body

    def test_that_could_not_be_sent_is_tried_again(self, version, reader, monkeypatch):
        following.set_mailing(reader, pace="soon", language="en")
        following.follow(version.adapter, by=reader, now=NOW)
        happen("version.published", version)
        with monkeypatch.context() as broken:
            broken.setattr(mailing, "send_mail", _refuse)
            assert mailing.send_due(now=NOW) == 0

        assert mailing.send_due(now=NOW) == 1

    def test_needs_an_address(self, uploader):
        with pytest.raises(Exception, match="no mail address"):
            following.set_mailing(uploader, pace="soon", language="en")


def _refuse(*_):
    raise OSError("no route to host")
