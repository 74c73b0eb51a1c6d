from __future__ import annotations

import pytest
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, NotFound, WrongState
from registry.models import Event, Role
from registry.queries import deprecations
from registry.services import deprecating, publishing
from tests.factories import AdapterFactory, VersionFactory, member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root")]


@pytest.fixture
def reviewer(team):
    return member(team, Role.REVIEWER)


@pytest.fixture
def adapter(team):
    return AdapterFactory(team=team, slug="zebra", title="Zebra")


@pytest.fixture
def version(adapter):
    return VersionFactory(adapter=adapter, published=True)


def deprecate(version, by, reason="It flickers.", **more):
    return deprecating.deprecate(version, reason=reason, by=by, now=timezone.now(), **more)


class TestDeprecate:
    def test_says_why_and_leaves_the_version_published(self, version, reviewer):
        done = deprecate(version, reviewer)

        assert done.state == "published"
        assert deprecations.of_version(done).sentence == "It is deprecated: It flickers."
        assert Event.objects.get(verb="version.deprecated").detail["reason"] == "It flickers."

    def test_names_another_version(self, version, adapter, reviewer):
        other = VersionFactory(adapter=adapter, published=True)

        done = deprecate(version, reviewer, instead=other)

        said = deprecations.of_version(done)
        assert said.successor == "ink/zebra@2"
        assert said.sentence.endswith("Use ink/zebra@2 instead.")

    def test_names_another_adapter(self, version, reviewer):
        other = VersionFactory(adapter=AdapterFactory(title="Tiger", slug="tiger"), published=True)

        done = deprecate(version, reviewer, instead=other.adapter)

        assert deprecations.of_version(done).title == "Tiger"

    def test_forgets_a_successor_that_is_out_of_sight(self, version, adapter, reviewer):
        other = VersionFactory(adapter=adapter, published=True)
        done = deprecate(version, reviewer, instead=other)
        publishing.withdraw(other, reason="Worse.", by=reviewer, now=timezone.now())

        assert deprecations.of_version(done).successor == ""

    @pytest.mark.parametrize("reason", ["", "  ", "x" * 501], ids=["none", "blanks", "a novel"])
    def test_needs_a_reason(self, version, reviewer, reason):
        with pytest.raises(Invalid):
            deprecate(version, reviewer, reason)

    def test_needs_a_published_version(self, adapter, reviewer):
        with pytest.raises(WrongState):
            deprecate(VersionFactory(adapter=adapter, ready=True), reviewer)

    def test_names_nothing_that_is_not_published(self, version, adapter, reviewer):
        ready = VersionFactory(adapter=adapter, ready=True)
        for instead in (ready, AdapterFactory()):
            with pytest.raises(Invalid):
                deprecate(version, reviewer, instead=instead)

    def test_does_not_lead_in_circles(self, version, adapter, reviewer):
        other = VersionFactory(adapter=adapter, published=True)
        other = deprecate(other, reviewer, instead=version)
        with pytest.raises(Invalid, match="itself"):
            deprecate(version, reviewer, instead=other)
        with pytest.raises(Invalid, match="itself"):
            deprecate(version, reviewer, instead=version)

    def test_is_for_its_uploader_and_reviewers(self, version, team):
        with pytest.raises(NotAllowed):
            deprecate(version, member(team))

    def test_is_said_of_all_versions_but_the_one_to_use(self, version, adapter, reviewer):
        other = VersionFactory(adapter=adapter, published=True)

        done = deprecating.deprecate_all(
            adapter, reason="Old.", instead=other, by=reviewer, now=timezone.now()
        )

        assert done == [version]
        other.refresh_from_db()
        assert other.deprecated_at is None


class TestReinstate:
    def test_takes_it_all_back(self, version, adapter, reviewer):
        deprecate(version, reviewer, instead=VersionFactory(adapter=adapter, published=True))

        done = deprecating.reinstate(version, by=reviewer, now=timezone.now())

        assert deprecations.of_version(done) is None
        assert (done.deprecation, done.successor) == ("", None)

    def test_twice_is_once(self, version, reviewer):
        deprecate(version, reviewer)
        for _ in range(2):
            deprecating.reinstate(version, by=reviewer, now=timezone.now())

        assert Event.objects.filter(verb="version.reinstated").count() == 1


class TestReinstateAll:
    def test_lets_every_version_be_used_again(self, version, adapter, reviewer):
        VersionFactory(adapter=adapter, published=True)
        in_use = VersionFactory(adapter=adapter, published=True)
        deprecating.deprecate_all(
            adapter, reason="Old.", instead=in_use, by=reviewer, now=timezone.now()
        )

        done = deprecating.reinstate_all(adapter, by=reviewer, now=timezone.now())

        assert [one.number for one in done] == [1, 2]
        assert not deprecations.all_of(adapter).exists()
        assert Event.objects.filter(verb="version.reinstated").count() == 2

    def test_is_for_whoever_may_say_it_of_all(self, version, adapter, team, reviewer):
        own = VersionFactory(adapter=adapter, published=True, uploaded_by=member(team))
        deprecating.deprecate_all(adapter, reason="Old.", by=reviewer, now=timezone.now())

        with pytest.raises(NotAllowed):
            deprecating.reinstate_all(adapter, by=own.uploaded_by, now=timezone.now())

        assert deprecations.all_of(adapter).count() == 2


class TestSuccessorNamed:
    @pytest.mark.parametrize("text", ["2", "v2", "ink/zebra@2", "ink/zebra@v2"])
    def test_finds_a_version(self, version, adapter, text):
        other = VersionFactory(adapter=adapter, published=True)

        assert deprecations.successor_named(text, of=version, by=None) == other

    def test_finds_an_adapter(self, version, adapter):
        assert deprecations.successor_named("ink/zebra", of=version, by=None) == adapter

    def test_finds_nothing_where_nothing_is_said(self, version):
        assert deprecations.successor_named(" ", of=version, by=None) is None

    @pytest.mark.parametrize("text", ["9", "no/where", "what?", "ink/zebra@9", "a/b/c", "9" * 30])
    def test_says_so_where_there_is_none(self, version, text):
        with pytest.raises(NotFound):
            deprecations.successor_named(text, of=version, by=None)

    def test_finds_nothing_that_is_hidden(self, version):
        VersionFactory(adapter=AdapterFactory(team__slug="other", slug="secret"), ready=True)
        with pytest.raises(NotFound):
            deprecations.successor_named("other/secret@1", of=version, by=None)
