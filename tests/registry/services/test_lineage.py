from __future__ import annotations

from itertools import pairwise

import pytest
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, NotFound, WrongState
from registry.models import Event
from registry.queries import lineage as reading
from registry.services import lineage
from registry.services.lineage import Said
from tests import factories
from tests.factories import AdapterFactory, VersionFactory, member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(blob_root):
    """Keep bytes where no other test sees them."""


@pytest.fixture
def person(team):
    return member(team)


def published(team, slug, **fields):
    return VersionFactory(adapter__team=team, adapter__slug=slug, published=True, **fields)


@pytest.fixture
def ink(team):
    return published(team, "ink")


@pytest.fixture
def wash(team):
    return published(team, "wash")


def say(version, *said, by):
    return lineage.say(version, said, by=by, now=timezone.now())


def names(version, by=None):
    return [one.name for one in reading.said_of(version, by=by)]


class TestSay:
    def test_keeps_what_it_was_made_from_in_order(self, ink, wash, person):
        say(
            wash,
            Said("merged", "ink/ink@1", weight=0.6),
            Said("merged", "https://Example.com/sea?x=1#there", title=" The  sea ", licence="mit"),
            by=person,
        )

        first, second = reading.said_of(wash, by=None)
        assert (first.version, first.said.weight) == (ink, 0.6)
        assert (second.name, second.said.url) == ("The sea", "https://example.com/sea?x=1")
        assert second.licence == "mit"

    def test_replaces_what_was_said_before(self, ink, wash, person):
        say(wash, Said("continued", "https://example.com/sea"), by=person)
        say(wash, Said("resized", "ink/ink@1"), by=person)
        assert names(wash) == ["ink/ink@1"]

    def test_is_an_event_with_what_stood_there_before(self, ink, wash, person):
        say(wash, Said("continued", "ink/ink@1"), by=person)
        say(wash, by=person)
        say(wash, by=person)

        last, first = Event.objects.filter(verb="version.ancestors").order_by("-id")
        assert first.detail == {"made_from": ["ink/ink@1"], "was": {"made_from": []}}
        assert last.detail["was"] == {"made_from": ["ink/ink@1"]}

    def test_does_nothing_where_the_same_is_said_again(self, ink, wash, person):
        [row] = say(wash, Said("continued", "ink/ink@1"), by=person)
        [same] = say(wash, Said("continued", "ink/ink@1"), by=person)
        assert same.pk == row.pk

    def test_keeps_how_the_hub_found_it(self, ink, wash, person):
        say(wash, Said("continued", "ink/ink@1", evidence="metadata"), by=person)
        [row] = say(
            wash,
            Said("continued", "ink/ink@1"),
            Said("merged", "https://example.com/"),
            by=person,
        )[:1]
        assert row.evidence == "metadata"

    @pytest.mark.parametrize(
        ("said", "why"),
        [
            ([Said("stolen", "ink/ink@1")], "no kind of origin"),
            ([Said("resized", "ink/ink@1", weight=1)], "Only what is merged"),
            ([Said("merged", "ink/ink@1", weight=11)], "from -10 to 10"),
            ([Said("merged", "ink/ink@1", weight=float("nan"))], "from -10 to 10"),
            ([Said("merged", "ink/ink")], "names no version"),
            ([Said("merged", "ink/ink@1"), Said("continued", "ink/ink@1")], "named twice"),
            ([Said("merged", "https://mei:secret@example.com/")], "name or password"),
            ([Said("merged", "https://example.com/ x")], "belong into no address"),
            ([Said("merged", f"https://example.com/{'x' * 1000}")], "at most 1,000"),
            ([Said("continued", "1")], "cannot be made from itself"),
            ([Said("merged", f"https://example.com/{n}") for n in range(21)], "at most 20"),
        ],
    )
    def test_refuses(self, ink, wash, person, said, why):
        with pytest.raises(Invalid, match=why):
            say(wash, *said, by=person)

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.com/x"])
    def test_takes_no_other_address(self, wash, person, address):
        with pytest.raises(NotFound):
            say(wash, Said("merged", address), by=person)

    def test_refuses_a_circle_however_long(self, team, ink, wash, person):
        sea = published(team, "sea")
        say(wash, Said("continued", "ink/ink@1"), by=person)
        say(sea, Said("continued", "ink/wash@1"), by=person)

        with pytest.raises(Invalid, match="itself made from version 1 of ink"):
            say(ink, Said("continued", "ink/sea@1"), by=person)

    def test_refuses_a_circle_over_what_the_person_does_not_see(self, ink, person):
        theirs = VersionFactory(ready=True)
        other = published(theirs.adapter.team, "open")
        them = member(theirs.adapter.team)
        say(theirs, Said("continued", "ink/ink@1"), by=them)
        say(other, Said("continued", reading.deprecations.name_of(theirs)), by=them)

        with pytest.raises(Invalid, match="itself made from"):
            say(ink, Said("merged", reading.deprecations.name_of(other)), by=person)

    def test_ends_somewhere(self, ink, wash, person, team, monkeypatch):
        monkeypatch.setattr(lineage, "MOST_BACK", 1)
        say(ink, Said("continued", f"ink/{published(team, 'sea').adapter.slug}@1"), by=person)
        with pytest.raises(Invalid, match="goes back to more than 1"):
            say(wash, Said("continued", "ink/ink@1"), by=person)

    def test_refuses_what_one_may_not_see(self, wash, person):
        hidden = VersionFactory(ready=True)
        with pytest.raises(NotFound):
            say(wash, Said("merged", reading.deprecations.name_of(hidden)), by=person)

    def test_refuses_others_than_the_team(self, ink, wash, team):
        for someone in (factories.UserFactory(), member(team, "viewer")):
            with pytest.raises(NotAllowed):
                say(wash, Said("continued", "ink/ink@1"), by=someone)

    def test_refuses_what_was_rejected(self, ink, team, person):
        rejected = VersionFactory(adapter__team=team, rejected=True)
        with pytest.raises(WrongState):
            say(rejected, Said("continued", "ink/ink@1"), by=person)


class TestHidden:
    @pytest.fixture
    def hidden(self):
        return VersionFactory(adapter__team__slug="dark", adapter__slug="dye", ready=True)

    @pytest.fixture
    def both(self, team, hidden):
        """Return somebody who is in both teams."""
        person = member(team)
        factories.MembershipFactory(team=hidden.adapter.team, user=person)
        return person

    def test_looks_to_others_as_if_nobody_had_named_it(self, wash, hidden, both, person):
        say(wash, Said("continued", "dark/dye@1"), by=both)

        assert names(wash, both) == ["dark/dye@1"]
        assert names(wash, person) == names(wash) == []
        assert Event.objects.get(verb="version.ancestors").detail["made_from"] == []
        assert not reading.of_version(wash, by=person)

    def test_stays_when_others_say_something_else(self, ink, wash, both, hidden, person):
        say(wash, Said("continued", "dark/dye@1"), by=both)
        say(wash, Said("merged", "ink/ink@1"), by=person)
        assert names(wash, both) == ["dark/dye@1", "ink/ink@1"]

    def test_is_not_to_be_found_below_either(self, ink, hidden, both, person):
        say(hidden, Said("continued", "ink/ink@1"), by=both)

        assert [one.name for one in reading.of_version(ink, by=both).descendants] == ["dark/dye@1"]
        assert reading.of_version(ink, by=person).descendants == ()

    def test_hides_what_lies_behind_it(self, ink, wash, hidden, both):
        say(hidden, Said("continued", "ink/ink@1"), by=both)
        say(wash, Said("continued", "dark/dye@1"), by=both)

        assert [one.depth for one in reading.of_version(wash, by=both).ancestors] == [1, 2]
        assert reading.of_version(wash, by=None).ancestors == ()

    def test_leaves_no_name_where_it_is_deleted(self, wash, hidden, both):
        say(wash, Said("continued", "dark/dye@1"), by=both)
        hidden.delete()
        assert names(wash) == []


class TestDeletion:
    def test_leaves_the_name_as_text(self, ink, wash, person):
        say(wash, Said("continued", "ink/ink@1"), by=person)
        ink.delete()

        [one] = reading.said_of(wash, by=None)
        assert (one.version, one.name, one.said.url) == (None, "ink/ink@1", "")

    def test_leaves_a_name_that_can_be_said_again(self, ink, wash, person):
        say(wash, Said("continued", "ink/ink@1"), by=person)
        ink.delete()

        say(wash, Said("converted", "ink/ink@1"), by=person)

        [one] = reading.said_of(wash, by=None)
        assert (one.said.kind, one.name) == ("converted", "ink/ink@1")


class TestAdd:
    def test_leaves_the_others(self, ink, wash, person):
        say(wash, Said("merged", "https://example.com/sea", title="Sea"), by=person)
        said = Said("merged", "ink/ink@1", weight=0.2, evidence="metadata")

        for _ in range(2):
            lineage.add(wash, said, by=person, now=timezone.now())

        assert names(wash) == ["Sea", "ink/ink@1"]

    def test_goes_with_taking_back(self, ink, wash, person):
        lineage.add(wash, Said("merged", "ink/ink@1"), by=person, now=timezone.now())
        lineage.take_back(wash, by=person, now=timezone.now())
        assert names(wash) == []


class TestWalk:
    def test_tells_every_step_behind_its_own(self, team, person):
        a, b, c, d = (published(team, slug) for slug in "abcd")
        say(b, Said("continued", "ink/a@1"), by=person)
        say(c, Said("continued", "ink/a@1"), by=person)
        say(d, Said("merged", "ink/b@1"), Said("merged", "ink/c@1"), by=person)

        up = reading.of_version(d, by=None).ancestors
        down = reading.of_version(a, by=None).descendants

        assert [(one.name, one.depth) for one in up] == [
            ("ink/b@1", 1), ("ink/a@1", 2), ("ink/c@1", 1), ("ink/a@1", 2),
        ]  # fmt: skip
        assert [(one.name, one.depth) for one in down] == [
            ("ink/b@1", 1), ("ink/d@1", 2), ("ink/c@1", 1), ("ink/d@1", 2),
        ]  # fmt: skip

    def test_ends_after_some_steps_and_says_so(self, team, person):
        line = [published(team, f"v{n}") for n in range(reading.MOST_DEEP + 2)]
        for older, newer in pairwise(line):
            say(newer, Said("continued", reading.deprecations.name_of(older)), by=person)

        told = reading.of_version(line[-1], by=None)

        assert len(told.ancestors) == reading.MOST_DEEP
        assert told.is_cut
        assert not reading.of_version(line[-2], by=None).is_cut

    def test_ends_after_some_descendants_and_says_so(self, ink, team, person, monkeypatch):
        monkeypatch.setattr(reading, "MOST_SHOWN", 2)
        adapter = AdapterFactory(team=team)
        for _ in range(3):
            version = VersionFactory(adapter=adapter, published=True)
            say(version, Said("continued", "ink/ink@1"), by=person)

        told = reading.of_version(ink, by=None)

        assert (len(told.descendants), told.is_cut) == (2, True)

    def test_asks_little(self, ink, wash, person, django_assert_num_queries):
        say(wash, Said("continued", "ink/ink@1"), by=person)
        # Whether there is any; one step up, and that there are no more above and none below.
        with django_assert_num_queries(5):
            reading.of_version(wash, by=None)

    def test_asks_once_where_there_is_none(self, wash, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert not reading.of_version(wash, by=None)


class TestBreaches:
    @pytest.mark.parametrize(
        ("own", "theirs", "permits"),
        [
            ("mit", "cc-by-nc-4.0", {"commercial", "different_licence"}),
            ("cc0-1.0", "apache-2.0", {"no_credit"}),
            ("mit", "cc-by-nd-4.0", {"derivatives"}),
            ("mit", "cc-by-sa-4.0", {"different_licence"}),
            ("cc-by-sa-4.0", "cc-by-sa-4.0", set()),
            ("mit", "apache-2.0", set()),
            ("mit", "ask me", set()),
            ("mit", "", set()),
        ],
    )
    def test_tell_what_does_not_go_together(self, team, person, own, theirs, permits):
        wash = published(team, "wash", adapter__licence=own)
        say(wash, Said("merged", "https://example.com/x", licence=theirs), by=person)

        told = reading.of_version(wash, by=None).breaches
        assert {one.permits.value for one in told} == permits

    def test_are_found_behind_others(self, team, person):
        published(team, "ink", adapter__licence="cc-by-nc-4.0")
        wash = published(team, "wash", adapter__licence="cc-by-nc-4.0")
        sea = published(team, "sea", adapter__licence="cc0-1.0")
        say(wash, Said("continued", "ink/ink@1"), by=person)
        say(sea, Said("continued", "ink/wash@1"), by=person)

        told = reading.of_version(sea, by=None).breaches
        assert {one.of.name for one in told} == {"ink/wash@1", "ink/ink@1"}
