"""
What a version was made from, said by its team. It may be said of versions that are out already.

Nothing comes of itself, by however many steps, and there is an end to how far back a line goes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from registry.errors import Invalid, WrongState
from registry.formats import plain
from registry.formats.quoting import shown
from registry.imports.web.hosts import target_of
from registry.models import AdapterVersion, Ancestor, Role, User
from registry.queries import deprecations, lineage, people
from registry.services import events, publishing

MOST = 20  # of one version
MOST_BACK = 500  # versions that a line goes back to in all
HEAVIEST = 10.0
DRAWING = 5_302_117  # the lock by which lines are drawn one after the other
Kind = Ancestor.Kind


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a version was made from; title and licence are of what lies elsewhere."""

    kind: str
    of: str  # team/name@3, 3 of the same adapter, or an address elsewhere
    title: str = ""
    licence: str = ""
    weight: float | None = None  # at which it was merged
    evidence: str = ""  # how the hub found it, where a person confirms that


@transaction.atomic
def say(
    version: AdapterVersion, said: Sequence[Said], *, by: User, now: datetime
) -> list[Ancestor]:
    """
    Say all that a version was made from. What was said before, and `by` may see, is replaced.

    :raises NotAllowed: if `by` is no contributor of its team
    :raises WrongState: if the version was rejected
    :raises NotFound: if no version in sight goes by a name
    :raises Invalid: if something is said wrongly or twice, or the version would come of itself
    """
    version = _locked(version, by)
    old = [one.said for one in lineage.said_of(version, by=by)]
    rows = [_row(version, one, old, by=by, now=now) for one in said]
    if [_told(row) for row in rows] == [_told(row) for row in old]:
        return old
    hidden = version.ancestors.exclude(pk__in=[row.pk for row in old])
    _refuse_too_many([*hidden, *rows])
    _refuse_circles(version, rows)
    version.ancestors.filter(pk__in=[row.pk for row in old]).delete()
    Ancestor.objects.bulk_create(rows)
    version.adapter.changed_at = now  # whoever keeps a copy of it has something to hear
    version.adapter.save(update_fields=["changed_at"])
    events.record(
        "version.ancestors", by=by, on=version, now=now, made_from=_names(rows), was=_was(old)
    )
    return rows


@transaction.atomic
def add(version: AdapterVersion, said: Said, *, by: User, now: datetime) -> list[Ancestor]:
    """Say one thing more that a version was made from, as `say` does; or say it anew."""
    own = [_again(one) for one in lineage.said_of(version, by=by)]
    return say(version, [*(one for one in own if one.of != said.of), said], by=by, now=now)


def take_back(version: AdapterVersion, *, by: User, now: datetime) -> None:
    """Take back all that was said and `by` may see, as `say` does. Twice is once."""
    say(version, [], by=by, now=now)


def _locked(version: AdapterVersion, by: User) -> AdapterVersion:
    team = version.adapter.team
    people.require(by, Role.CONTRIBUTOR, team, to="say what a version was made from")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [DRAWING])
    version = publishing.locked(version)
    if version.state == AdapterVersion.State.REJECTED:
        raise WrongState(
            f"Version {version.number} was rejected, so nobody fetches it: say it of the next one."
        )
    return version


def _again(one: lineage.Relation) -> Said:
    row = one.said
    title = row.name if row.url else ""
    return Said(row.kind, row.url or one.name, title, row.licence, row.weight, row.evidence)


def _row(
    version: AdapterVersion, said: Said, old: Iterable[Ancestor], *, by: User, now: datetime
) -> Ancestor:
    if said.kind not in Kind.values:
        raise Invalid(f"{said.kind[:40]!r} is no kind of origin: write {', '.join(Kind.values)}.")
    of = said.of.strip()
    row = Ancestor(version=version, kind=said.kind, weight=_weight(said), by=by, said_at=now)
    if of.startswith(("https://", "http://")):
        row.url, row.licence = target_of(of).url, plain.line(said.licence)[:120]
        row.name = plain.line(said.title)[:200] or target_of(of).place
        if len(row.url) > 1000:
            raise Invalid("An address of what a version was made from has at most 1,000 letters.")
    elif gone := next((one for one in old if _is_gone(one) and one.name == of), None):
        row.name, row.was_public = gone.name, gone.was_public
    else:
        row.ancestor = lineage.named(of, of=version, by=by)
        row.name = deprecations.name_of(row.ancestor)
        row.was_public = row.ancestor.state in AdapterVersion.PUBLIC
    before = next((one for one in old if _target(one) == _target(row)), None)
    is_same = before is not None and before.kind == row.kind
    row.evidence = said.evidence or (before.evidence if before and is_same else "")
    return row


def _weight(said: Said) -> float | None:
    if said.weight is None:
        return None
    if said.kind != Kind.MERGED:
        raise Invalid("Only what is merged has a weight: leave it out of the others.")
    if not math.isfinite(said.weight) or abs(said.weight) > HEAVIEST:
        raise Invalid(f"A merge takes things at weights from -{HEAVIEST:g} to {HEAVIEST:g}.")
    return said.weight


def _is_gone(row: Ancestor) -> bool:
    return row.ancestor_id is None and not row.url


def _target(row: Ancestor) -> object:
    return row.ancestor_id or row.url or row.name


def _told(row: Ancestor) -> tuple[object, ...]:
    return (row.kind, _target(row), row.name if row.url else "", row.licence, row.weight)


def _refuse_too_many(rows: Sequence[Ancestor]) -> None:
    targets = [_target(row) for row in rows]
    twice = next((row for row in rows if targets.count(_target(row)) > 1), None)
    if twice is not None:
        raise Invalid(f"{shown(twice.name)} is named twice: name it once.")
    if len(rows) > MOST:
        raise Invalid(f"A version is made from at most {MOST} things: name the nearest ones.")


def _refuse_circles(version: AdapterVersion, rows: Sequence[Ancestor]) -> None:
    """Go back from each, whatever `by` may see of it."""
    for row in rows:
        if row.ancestor_id == version.pk:
            raise Invalid(f"Version {version.number} cannot be made from itself.")
    known = {row.ancestor_id for row in rows if row.ancestor_id}
    frontier = known
    while frontier:
        found = Ancestor.objects.filter(version__in=frontier, ancestor__isnull=False)
        frontier = set(found.values_list("ancestor", flat=True)) - known
        known |= frontier
        if version.pk in known:
            raise Invalid(
                f"Something that you name was itself made from version {version.number} of "
                f"{version.adapter.slug}."
            )
        if len(known) > MOST_BACK:
            raise Invalid(f"That goes back to more than {MOST_BACK} versions: name nearer ones.")


def _names(rows: Iterable[Ancestor]) -> list[str]:
    """Return what everybody may know of: who reads the log may not see what `by` may."""
    return [row.name for row in rows if row.was_public]


def _was(rows: Iterable[Ancestor]) -> dict[str, list[str]]:
    return {"made_from": _names(rows)}
