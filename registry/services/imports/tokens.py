"""
A team's tokens for hosts that it imports from. They are told to nobody again, but to their host.

They are of use only while the operator allows the host, and for what is asked of it by its name:
where one host leads to another, none is shown.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from registry.errors import Invalid, NotFound, QuotaReached, SourceRefused, WrongState
from registry.formats.quoting import shown
from registry.imports.web.hosts import Hosts, Target, settings_of, target_of
from registry.models import ImportToken, Role, Team, User
from registry.queries import people
from registry.services import events, sealing

MOST = 50  # of one team
LONGEST = 500


@transaction.atomic
def keep(team: Team, host: str, secret: str, *, by: User, now: datetime) -> ImportToken:
    """
    Keep a token for a host, instead of the one that is kept.

    :raises NotAllowed: if `by` is no admin of the team
    :raises SourceRefused: if the operator does not allow the host
    :raises Invalid: if that is no token
    :raises QuotaReached: if the team has as many as any may
    """
    people.require(by, Role.ADMIN, team, to="keep tokens for imports")
    target, secret = _target(host), secret.strip()
    if not allowed().may_ask(target):
        raise SourceRefused(
            f"This hub may not import from {target.place}: its operator names hosts in "
            "IMPORT_HOSTS."
        )
    if not 0 < len(secret) <= LONGEST or any(not "!" <= each <= "~" for each in secret):
        raise Invalid(f"A token has up to {LONGEST} letters and digits, and no spaces.")
    Team.objects.select_for_update().get(pk=team.pk)
    others = team.import_tokens.exclude(host=target.place)
    if others.count() >= MOST:
        raise QuotaReached(f"{team.slug} keeps {MOST} tokens for imports: forget one first.")
    sealed = sealing.seal(secret, purpose=_purpose(team, target.place))
    fields = {"sealed": sealed, "by": by, "kept_at": now}
    row, _ = team.import_tokens.update_or_create(host=target.place, defaults=fields)
    events.record("team.import-token-kept", by=by, on=team, now=now, host=target.place)
    return row


@transaction.atomic
def drop(team: Team, host: str, *, by: User, now: datetime) -> None:
    """
    Forget the token for a host.

    :raises NotAllowed: if `by` is no admin of the team
    :raises NotFound: if there is none
    """
    people.require(by, Role.ADMIN, team, to="forget tokens for imports")
    gone, _ = team.import_tokens.filter(host=host.strip().lower()).delete()
    if not gone:
        raise NotFound(f"{team.slug} keeps no token for {shown(host[:80])}.")
    events.record("team.import-token-dropped", by=by, on=team, now=now, host=host.strip().lower())


def allowed(team: Team | None = None, *, source: str = "") -> Hosts:
    """
    Return the hosts that the operator allows, with what they are shown.

    A team's own token is shown to the host that its import names, and to no other that the records
    there name.
    """
    hosts = settings_of(
        settings.IMPORT_HOSTS, settings.IMPORT_PRIVATE_HOSTS, settings.IMPORT_TOKENS
    )
    if team is None or not source.startswith(("https://", "http://")):
        return hosts
    named = target_of(source).place
    return replace(hosts, own_token=lambda host: of_host(team, host) if host == named else "")


def of_host(team: Team, host: str) -> str:
    """
    Return what a host is shown, "" for nothing.

    :raises SourceRefused: if what is kept cannot be read any more
    """
    row = team.import_tokens.filter(host=host).first()
    if row is None:
        return ""
    try:
        return sealing.opened(row.sealed, purpose=_purpose(team, host))
    except WrongState as refusal:
        raise SourceRefused(
            f"The team's token for {host} cannot be read any more, since the hub has another key: "
            "an admin of the team enters it anew."
        ) from refusal


def _target(host: str) -> Target:
    text = host.strip()
    if any(each in text for each in "/?#*"):
        raise Invalid(f"{shown(text[:80])} is no host: write its name alone, as in hub.example.")
    return target_of(f"https://{text}/")


def _purpose(team: Team, host: str) -> str:
    """Return what binds a token to its row: copied to another, it is of no use."""
    return f"import-token {team.pk} {host}"
