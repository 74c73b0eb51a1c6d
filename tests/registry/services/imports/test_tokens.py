"""Tokens of a team: kept sealed, shown to their host alone."""

from __future__ import annotations

import pytest
from django.utils import timezone

from registry.errors import Invalid, NotAllowed, NotFound, QuotaReached, SourceDown, SourceRefused
from registry.models import Event, ImportToken
from registry.services.imports import opening, tokens
from tests import factories
from tests.factories import TeamFactory, member
from tests.web_servers import site

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("blob_root", "sent")]
SECRET = "hf_verySecret"


@pytest.fixture
def server(settings):
    with site() as one:
        settings.IMPORT_PRIVATE_HOSTS = [one.place]
        one.put("/x", {"here": True})
        yield one


@pytest.fixture
def admin(team):
    return member(team, "admin")


def keep(team, host, by, secret=SECRET):
    return tokens.keep(team, host, secret, by=by, now=timezone.now())


def asked(team, server, *, source=None):
    """Return what the server was shown when the team asks it."""
    source = source or f"{server.url}/me/repo"
    opening.ground(source, team=team).web.json(f"{server.url}/x")
    return server.asked[-1][1].get("Authorization", "")


class TestKept:
    def test_is_shown_to_its_host(self, team, admin, server):
        keep(team, server.place, admin)
        assert asked(team, server) == f"Bearer {SECRET}"

    def test_is_shown_for_its_team_alone(self, team, admin, server):
        keep(team, server.place, admin)
        assert asked(TeamFactory(slug="other"), server) == ""

    def test_is_shown_before_the_operator_s(self, team, admin, server, settings):
        settings.IMPORT_TOKENS = f"{server.place}=operators"
        assert asked(team, server) == "Bearer operators"
        keep(team, server.place, admin)
        assert asked(team, server) == f"Bearer {SECRET}"

    def test_is_shown_to_no_host_that_is_led_to(self, team, admin, server, settings):
        with site() as other:
            settings.IMPORT_PRIVATE_HOSTS = [server.place, other.place]
            keep(team, other.place, admin)
            keep(team, server.place, admin)
            server.put("/x", status=302, Location=f"{other.url}/x")
            other.put("/x", {"here": True})

            assert asked(team, server) == f"Bearer {SECRET}"
            assert "Authorization" not in other.asked[-1][1]

    def test_is_shown_to_no_host_that_only_records_name(self, team, admin, server):
        keep(team, server.place, admin)
        assert asked(team, server, source="https://elsewhere.example/me/repo") == ""

    def test_is_shown_no_more_once_the_operator_forbids_the_host(
        self, team, admin, server, settings
    ):
        keep(team, server.place, admin)
        settings.IMPORT_PRIVATE_HOSTS = []
        with pytest.raises(SourceRefused, match="may not import from"):
            asked(team, server)

    def test_lies_sealed(self, team, admin, server):
        row = keep(team, server.place, admin)
        again = keep(team, server.place, admin)

        assert row.pk == again.pk
        assert SECRET not in row.sealed
        assert row.sealed != again.sealed
        assert not Event.objects.filter(detail__icontains=SECRET).exists()

    def test_is_of_no_use_in_another_row(self, team, admin, server):
        other = TeamFactory(slug="other")
        row = keep(team, server.place, admin)
        ImportToken.objects.create(
            team=other, host=row.host, sealed=row.sealed, by=admin, kept_at=row.kept_at
        )
        with pytest.raises(SourceRefused, match="cannot be read any more"):
            asked(other, server)

    def test_cannot_be_read_with_another_key(self, team, admin, server, settings):
        keep(team, server.place, admin)
        before, settings.SECRET_KEY = settings.SECRET_KEY, "another one"
        with pytest.raises(SourceRefused, match="cannot be read any more"):
            asked(team, server)

        settings.SECRET_KEY_FALLBACKS = [before]
        assert asked(team, server) == f"Bearer {SECRET}"

    @pytest.mark.parametrize("sealed", ["", "nonsense", "é", "0" * 200])
    def test_is_nothing_where_somebody_has_changed_it(self, team, admin, server, sealed):
        keep(team, server.place, admin)
        ImportToken.objects.update(sealed=sealed)
        with pytest.raises(SourceRefused, match="cannot be read any more"):
            asked(team, server)

    def test_goes_with_its_team(self, admin):
        lonely = TeamFactory(slug="lonely")
        ImportToken.objects.create(
            team=lonely, host="a.org", sealed="x", by=admin, kept_at=timezone.now()
        )
        lonely.delete()
        assert not ImportToken.objects.exists()

    def test_stands_in_no_refusal(self, team, admin, server):
        keep(team, server.place, admin)
        server.put("/x", status=401)
        with pytest.raises(SourceRefused) as refused:
            asked(team, server)
        server.put("/x", status=500)
        with pytest.raises(SourceDown) as down:
            asked(team, server)
        assert SECRET not in f"{refused.value!r} {down.value!r}"


class TestKeeping:
    @pytest.mark.parametrize("role", ["contributor", "reviewer"])
    def test_is_for_admins(self, team, server, role):
        for someone in (member(team, role), factories.UserFactory()):
            with pytest.raises(NotAllowed):
                keep(team, server.place, someone)
            with pytest.raises(NotAllowed):
                tokens.drop(team, server.place, by=someone, now=timezone.now())

    def test_is_for_hosts_that_the_operator_allows(self, team, admin, server):
        with pytest.raises(SourceRefused, match="may not import from"):
            keep(team, "evil.example", admin)

    @pytest.mark.parametrize("host", ["a.org/x", "*.a.org", "me@a.org", "a.org?x", "", "a b"])
    def test_is_for_hosts_alone(self, team, admin, settings, host):
        settings.IMPORT_HOSTS = ["a.org", "*.a.org"]
        with pytest.raises(Invalid):
            keep(team, host, admin)

    @pytest.mark.parametrize("secret", ["", " ", "a b", "a\r\nHost: x", "é", "x" * 501])
    def test_takes_nothing_that_is_no_token(self, team, admin, server, secret):
        with pytest.raises(Invalid, match="no spaces"):
            keep(team, server.place, admin, secret)

    def test_has_an_end(self, team, admin, settings, monkeypatch):
        monkeypatch.setattr(tokens, "MOST", 1)
        settings.IMPORT_HOSTS = ["a.org", "b.org"]
        keep(team, "a.org", admin)
        keep(team, "A.org", admin)
        with pytest.raises(QuotaReached):
            keep(team, "b.org", admin)

    def test_is_undone(self, team, admin, server):
        keep(team, server.place, admin)
        tokens.drop(team, server.place, by=admin, now=timezone.now())
        assert asked(team, server) == ""
        with pytest.raises(NotFound):
            tokens.drop(team, server.place, by=admin, now=timezone.now())

    def test_is_an_event_without_the_token(self, team, admin, server):
        keep(team, server.place, admin)
        assert Event.objects.get(verb="team.import-token-kept").detail == {"host": server.place}
