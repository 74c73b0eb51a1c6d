from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, PolicyUnmet, WrongState
from registry.models import Event, Review, Role
from registry.queries import reviews as reading
from registry.services import adapters, policies, publishing, reviews, teams
from tests.factories import (
    AdapterFactory,
    MembershipFactory,
    ResultFactory,
    RunFactory,
    TeamFactory,
    UserFactory,
    VersionFactory,
    member,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]


@pytest.fixture
def version(team):
    uploader = member(team, username="uploader")
    adapter = AdapterFactory(team=team, created_by=uploader)
    return VersionFactory(adapter=adapter, uploaded_by=uploader, ready=True)


@pytest.fixture
def reviewer(team):
    return member(team, Role.REVIEWER, username="mei")


@pytest.fixture
def other(team):
    return member(team, Role.REVIEWER, username="ren")


def ask(team, **wanted):
    admin = member(team, Role.ADMIN)
    return policies.set_policy(team, policies.Asked(**wanted), by=admin, now=timezone.now())


def approve(version, by):
    return reviews.approve(version, by=by, now=timezone.now())


def send_back(version, by, reason="The hands are wrong."):
    return reviews.send_back(version, reason=reason, by=by, now=timezone.now())


def publish(version, by=None):
    return publishing.publish(version, by=by or version.uploaded_by, now=timezone.now())


class TestPolicy:
    def test_is_met_by_everything_where_a_team_never_set_one(self, version):
        assert publish(version).state == "published"

    def test_keeps_a_version_back_and_names_all_that_is_missing(self, team, version):
        ask(team, licence=True, description=True, approvals=1)

        with pytest.raises(PolicyUnmet, match="it has no description") as refused:
            publish(version)

        assert [code for code, _ in refused.value.missing] == [
            "description",
            "licence",
            "approvals",
        ]

    def test_minds_the_warnings_of_the_kinds_it_names(self, team, version):
        run = RunFactory(version=version, state="passed", finished_at=timezone.now())
        ResultFactory(run=run, code="metadata.private", outcome="warned", problem="A path.")
        ask(team, no_warnings=["metadata"])

        with pytest.raises(PolicyUnmet, match=r"metadata\.private warns"):
            publish(version)

    def test_holds_for_admins_too(self, team, version):
        ask(team, approvals=1)

        with pytest.raises(PolicyUnmet):
            publish(version, by=member(team, Role.ADMIN))

    @pytest.mark.parametrize(
        "wanted",
        [{"proof": "dreams"}, {"approvals": 4}, {"no_warnings": ["mood"]}, {"approvers": "viewer"}],
        ids=str,
    )
    def test_makes_sense(self, team, wanted):
        with pytest.raises(Invalid):
            ask(team, **wanted)

    def test_is_set_by_admins(self, team, reviewer):
        with pytest.raises(NotAllowed):
            policies.set_policy(team, policies.Asked(), by=reviewer, now=timezone.now())


class TestApprove:
    def test_counts_people_once_and_never_the_uploader(self, team, version, reviewer):
        ask(team, approvals=2)
        for _ in range(2):
            approve(version, reviewer)

        assert reading.standing(version).approved_by == ("mei",)
        assert Review.objects.count() == 1
        with pytest.raises(PolicyUnmet, match="1 of the 2"):
            publish(version)

    def test_is_not_for_whoever_uploaded_it(self, team, version):
        version.uploaded_by.memberships.update(role=Role.ADMIN)
        with pytest.raises(NotAllowed, match="somebody else"):
            approve(version, version.uploaded_by)

    @pytest.mark.parametrize("role", [Role.VIEWER, Role.CONTRIBUTOR])
    def test_is_not_for_members_who_do_not_review(self, version, team, role):
        with pytest.raises(NotAllowed, match="Reviewer"):
            approve(version, member(team, role))

    def test_is_for_admins_alone_where_the_team_has_it_so(self, version, team, reviewer):
        ask(team, approvals=1, approvers=Role.ADMIN)

        with pytest.raises(NotAllowed, match="Admin"):
            approve(version, reviewer)
        approve(version, member(team, Role.ADMIN, username="ada"))

        assert publish(version).state == "published"

    def test_is_not_for_robots(self, version, team):
        robot = member(team, Role.REVIEWER, robot_of=team)
        with pytest.raises(NotAllowed, match="robot"):
            approve(version, robot)

    def test_needs_something_to_decide_on(self, team, reviewer):
        waiting = VersionFactory(adapter=AdapterFactory(team=team))
        with pytest.raises(WrongState, match="nothing to decide"):
            approve(waiting, reviewer)

    def test_publishes_what_has_all_it_needs_where_the_team_has_it_so(
        self, team, version, reviewer
    ):
        ask(team, approvals=1, publishes_itself=True)

        assert approve(version, reviewer).state == "published"

        published = Event.objects.get(verb="version.published")
        assert published.by is None


def leave(team, who):
    teams.remove_member(team=team, user=who, by=who, now=timezone.now())


def demote(team, who):
    who.memberships.update(role=Role.CONTRIBUTOR)


def close(team, who):
    who.is_active = False
    who.save()


class TestApprovalsLapse:
    @pytest.mark.parametrize(
        ("gone", "why"), [(leave, "left"), (demote, "role"), (close, "closed")]
    )
    def test_of_who_may_not_approve_any_more(self, team, version, reviewer, gone, why):
        ask(team, approvals=1)
        approve(version, reviewer)

        gone(team, reviewer)

        standing = reading.standing(version)
        assert standing.approved_by == ()
        assert [(one.by.username, one.lapsed) for one in standing.history] == [("mei", why)]
        with pytest.raises(PolicyUnmet, match="needs an approval"):
            publish(version)

    def test_of_reviewers_where_only_admins_approve_by_now(self, team, version, reviewer):
        approve(version, reviewer)

        ask(team, approvals=1, approvers=Role.ADMIN)

        assert [one.lapsed for one in reading.standing(version).history] == ["role"]

    def test_but_not_of_others(self, team, version, reviewer, other):
        ask(team, approvals=2)
        approve(version, reviewer)
        approve(version, other)

        leave(team, reviewer)

        assert reading.standing(version).approved_by == ("ren",)
        with pytest.raises(PolicyUnmet, match="1 of the 2"):
            publish(version)

    def test_but_not_of_the_hubs_operators_who_are_in_no_team(self, team, version):
        ask(team, approvals=1)
        approve(version, UserFactory(is_superuser=True))

        assert publish(version).state == "published"

    def test_until_they_are_back(self, team, version, reviewer):
        ask(team, approvals=1)
        approve(version, reviewer)
        leave(team, reviewer)

        MembershipFactory(team=team, user=reviewer, role=Role.REVIEWER)

        assert publish(version).state == "published"

    def test_and_in_another_team_they_may_approve_nothing_of_this_one(
        self, team, version, reviewer
    ):
        approve(version, reviewer)
        MembershipFactory(team=TeamFactory(), user=reviewer, role=Role.ADMIN)

        leave(team, reviewer)

        assert reading.standing(version).approved_by == ()

    def test_but_what_is_published_stays_as_it_was_approved(self, team, version, reviewer):
        ask(team, approvals=1)
        approve(version, reviewer)
        published = publish(version)

        leave(team, reviewer)

        assert reading.standing(published).approved_by == ("mei",)


class TestSendBack:
    def test_says_why_and_makes_earlier_approvals_void(self, team, version, reviewer, other):
        ask(team, approvals=1)
        approve(version, other)

        send_back(version, reviewer)

        version.refresh_from_db()
        standing = reading.standing(version)
        assert standing.sent_back.reason == "The hands are wrong."
        assert standing.approved_by == ()
        with pytest.raises(PolicyUnmet, match="The hands are wrong"):
            publish(version)

    @pytest.mark.parametrize("reason", ["", "   ", "x" * 1001], ids=["none", "blanks", "a novel"])
    def test_needs_a_reason(self, version, reviewer, reason):
        with pytest.raises(Invalid, match="why"):
            send_back(version, reviewer, reason)

    def test_is_done_once(self, version, reviewer, other):
        send_back(version, reviewer)
        with pytest.raises(WrongState, match="already"):
            send_back(version, other)

    def test_ends_when_its_uploader_asks_again(self, version, reviewer):
        send_back(version, reviewer)

        reviews.ask_again(version, by=version.uploaded_by, now=timezone.now())

        assert publish(version).state == "published"

    def test_ends_when_a_reviewer_approves(self, version, reviewer, other):
        send_back(version, reviewer)
        approve(version, other)

        assert publish(version).state == "published"


class TestPublishesItself:
    def test_once_its_description_is_there(self, team, version):
        ask(team, description=True, publishes_itself=True)

        adapters.describe(
            version.adapter,
            adapters.About(description="Ink."),
            by=version.uploaded_by,
            now=timezone.now(),
        )

        version.refresh_from_db()
        assert version.state == "published"

    def test_once_somebody_says_that_it_needs_no_words(self, team, version):
        ask(team, trigger_words=True, publishes_itself=True)
        version.trigger_words = []
        version.save()

        reviews.say_it_needs_no_words(version, by=version.uploaded_by, now=timezone.now())

        version.refresh_from_db()
        assert version.state == "published"

    def test_not_where_a_person_has_to(self, team, version, reviewer):
        ask(team, approvals=1)
        approve(version, reviewer)

        version.refresh_from_db()
        assert version.state == "ready"


class TestQueue:
    def test_has_what_waits_in_the_teams_where_one_reviews(self, version, reviewer):
        VersionFactory(ready=True)  # of another team

        assert reading.queue(reviewer) == [version]
        assert reading.to_decide(reviewer) == 1

    def test_is_empty_for_those_who_review_nowhere(self, version):
        assert reading.queue(version.uploaded_by) == []
        assert reading.queue(UserFactory()) == []

    def test_leaves_out_what_was_sent_back(self, version, reviewer):
        send_back(version, reviewer)

        assert reading.queue(reviewer) == []

    def test_counts_neither_ones_own_nor_what_one_approved(self, team, version, reviewer, other):
        ask(team, approvals=2)
        own = VersionFactory(
            adapter=AdapterFactory(team=team, created_by=reviewer), uploaded_by=reviewer, ready=True
        )
        approve(version, reviewer)

        assert set(reading.queue(reviewer)) == {version, own}
        assert reading.to_decide(reviewer) == 0
        assert reading.to_decide(other) == 2

    def test_counts_again_what_was_sent_back_since(self, team, version, reviewer, other):
        ask(team, approvals=2)
        approve(version, reviewer)
        send_back(version, other)
        reviews.ask_again(version, by=version.uploaded_by, now=timezone.now())

        assert reading.to_decide(reviewer) == 1

    def test_is_for_admins_alone_where_they_alone_approve(self, team, version, reviewer):
        ask(team, approvers=Role.ADMIN)

        assert reading.queue(reviewer) == []
        assert reading.queue(member(team, Role.ADMIN)) == [version]

    def test_asks_as_often_for_many_as_for_one(self, team, reviewer, django_assert_num_queries):
        for _ in range(4):
            version = VersionFactory(adapter=AdapterFactory(team=team), ready=True)
            ResultFactory(run=RunFactory(version=version))
            approve(version, reviewer)
        with django_assert_num_queries(7):  # versions, files, blobs, runs, results, grids, reviews
            for one in reading.queue(reviewer):
                reading.standing(one)
                reading.report(one)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_first(team):
    version = VersionFactory(adapter=AdapterFactory(team=team), ready=True)
    both = [member(team, Role.REVIEWER), member(team, Role.REVIEWER)]
    start, said = threading.Barrier(2), []

    def decide(by):
        start.wait(10)
        try:
            send_back(version, by)
            said.append("sent back")
        except WrongState:
            said.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[by]) for by in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(said) == ["sent back", "too late"]
    assert Review.objects.count() == 1


def test_other_teams_reviewers_decide_nothing(version):
    with pytest.raises(NotAllowed):
        approve(version, member(TeamFactory(), Role.ADMIN))
