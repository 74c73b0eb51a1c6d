"""
Versions in another form: asked for, written once by a worker, kept, and dropped when unused.

Who asks for what is there gets it; who asks for what is not is the first, and everybody else who
asks meanwhile waits for the same. A worker holds a preparation by a lease, as it does a run. What
the engine refuses is refused for good; what failed may be asked for again after a while.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum

from registry import jobs
from registry.errors import NotConvertible, QuotaReached, WrongState
from registry.exports.preparing import FOR_DIFFUSERS, Wanted, obstacle
from registry.formats import plain
from registry.models import AdapterVersion, Blob, Preparation, PreparedFile, User
from registry.queries import files, prepared
from registry.queries.prepared import Plan
from registry.services import downloads, events
from registry.services.leases import Leases

State = Preparation.State
SETTLED = {
    AdapterVersion.State.READY, AdapterVersion.State.PUBLISHED, AdapterVersion.State.WITHDRAWN,
}  # fmt: skip
AGAIN = timedelta(minutes=10)  # after which what failed may be asked for again
A_DAY = timedelta(days=1)
LIVING_WAIT = 20  # seconds until it is worth to ask again whether one of one's own has ended
NOTED_EVERY = timedelta(hours=1)  # that somebody wants it is written down


def ask(version: AdapterVersion, wanted: Wanted, *, by: User | None, now: datetime) -> Preparation:
    """
    Return how it stands with a version in a form, which is begun if nobody has asked before.

    The hub itself (nobody) has no quota.

    :raises WrongState: if the version is not validated yet
    :raises NotConvertible: if it cannot be had in that form
    :raises QuotaReached: if the person has asked for as much as anyone may
    """
    plan = may_be_had(version, wanted)
    found = prepared.by_key(plan.key) or _begin(version, wanted, plan, by=by, now=now)
    if found.state == State.REFUSED:
        raise NotConvertible(found.reason)
    if found.state == State.FAILED and found.finished_at and found.finished_at < now - AGAIN:
        return _again(found, by=by, now=now)
    if found.wanted_at < now - NOTED_EVERY:
        Preparation.objects.filter(pk=found.pk).update(wanted_at=now)
    return found


def may_be_had(version: AdapterVersion, wanted: Wanted) -> Plan:
    """
    Return by what a form of the version is made, if nothing is known that forbids it.

    :raises WrongState: if the version is not validated yet
    :raises NotConvertible: if it cannot be had in that form
    """
    downloads.require_kept(files.weights_of(version))
    mended = wanted.steps and version.state == AdapterVersion.State.REJECTED
    if version.state not in SETTLED and not mended:
        raise WrongState(
            f"Version {version.number} is {version.state}: other forms of it are made once it has "
            "passed its validation.",
            code="not-validated",
        )
    plan = prepared.plan_of(version, wanted)
    reason = obstacle(wanted, plan.source)
    if reason:
        raise NotConvertible(reason)
    return plan


def ask_for_doors(version: AdapterVersion, *, now: datetime) -> Preparation | None:
    """Have what diffusers needs made of a version, where it does not read the file as it is."""
    if not prepared.needs_other_layout(version) or prepared.for_diffusers(version):
        return None
    try:
        return ask(version, FOR_DIFFUSERS, by=None, now=now)
    except (NotConvertible, WrongState):
        return None


def ask_for_all_doors(*, now: datetime) -> int:
    """Have the same made of versions that were published before, or lost it; return how many."""
    found = prepared.without_diffusers()
    return sum(ask_for_doors(version, now=now) is not None for version in found)


def _begin(
    version: AdapterVersion, wanted: Wanted, plan: Plan, *, by: User | None, now: datetime
) -> Preparation:
    size = files.weights_of(version).size
    try:
        with transaction.atomic():
            if by is not None:
                _stay_within_quota(by, size, now=now)
            begun = Preparation.objects.create(
                key=plan.key,
                version=version,
                layout=wanted.layout,
                dtype=wanted.dtype,
                bake=wanted.bake,
                strip=wanted.strip,
                steps=list(wanted.steps),
                layers_of=plan.source.base,
                size=size,
                header=dict(plan.header),
                by=by,
                queued_at=now,
                wanted_at=now,
            )
            jobs.send_preparation(begun)
            return begun
    except IntegrityError:  # somebody was quicker: they wait for the same
        found = prepared.by_key(plan.key)
        if found is None:
            raise
        return found


@transaction.atomic
def _again(found: Preparation, *, by: User | None, now: datetime) -> Preparation:
    row = LEASES.lock(found.pk)
    if row.state != State.FAILED:
        return row
    if by is not None:
        _stay_within_quota(by, row.size, now=now)
    row.attempt, row.finished_at = 0, None
    row.by, row.queued_at, row.wanted_at = by, now, now
    LEASES.requeue(row, reason="")
    return row


def _stay_within_quota(by: User, size: int, *, now: datetime) -> None:
    """:raises QuotaReached: if the person waits for as many, or asked for as much lately"""
    User.objects.select_for_update().get(pk=by.pk)  # two requests at once count one after another
    living = by.preparations.living().count()
    if living >= settings.PREPARE_LIVING:
        raise QuotaReached(
            f"{living} files are being prepared for you, and {settings.PREPARE_LIVING} may be at "
            "a time: wait for one.",
            retry_after=LIVING_WAIT,
        )
    lately = by.preparations.filter(queued_at__gt=now - A_DAY).order_by("queued_at")
    asked = lately.aggregate(bytes=Sum("size"))["bytes"] or 0
    first = lately.first()
    if first and asked + size > settings.PREPARE_BYTES:
        wait = max(ceil((first.queued_at + A_DAY - now).total_seconds()), 1)
        raise QuotaReached(
            f"You may have {settings.PREPARE_BYTES / 2**30:.3g} GiB of originals prepared a day, "
            f"and this one would go beyond: ask again in {ceil(wait / 60)} minutes.",
            retry_after=wait,
        )


# --- Being made -----------------------------------------------------------------------------------


@transaction.atomic
def claim(preparation_id: UUID | str, *, owner: str, now: datetime) -> Preparation:
    """
    Hold a preparation until its lease ends or is renewed.

    :raises WrongState: if it has ended, or somebody holds it
    """
    return LEASES.take(LEASES.lock(preparation_id), owner=owner, now=now)


@transaction.atomic
def finish(
    held: Preparation,
    made: Mapping[str, Blob],
    *,
    worst_error: float,
    notes: list[str],
    now: datetime,
) -> None:
    """
    Keep what was made: blobs by their path.

    :raises LeaseLost: if another worker has taken it over
    """
    row = LEASES.hold(held)
    row.files.all().delete()
    PreparedFile.objects.bulk_create(
        PreparedFile(preparation=row, path=path, blob=blob) for path, blob in made.items()
    )
    row.worst_error, row.notes, row.progress = worst_error, notes, {}
    LEASES.end(row, State.DONE, now=now)
    events.record(
        "version.prepared", on=row.version, now=now, layout=row.layout, preparation=str(row.pk)
    )


@transaction.atomic
def refuse(held: Preparation, *, reason: str, now: datetime) -> None:
    """
    End one that the engine refuses, and would at every attempt.

    :raises LeaseLost: if another worker has taken it over
    """
    LEASES.end(LEASES.hold(held), State.REFUSED, now=now, reason=_sentence(reason))


@transaction.atomic
def give_up(held: Preparation, *, reason: str, now: datetime) -> None:
    """
    End one that failed and would again, as soon as it is tried.

    :raises LeaseLost: if another worker has taken it over
    """
    _fail(LEASES.hold(held), reason, now)


def resend_lost(*, now: datetime) -> int:
    """Take up every preparation that no worker holds and no message tells of; return how many."""
    return LEASES.resend_lost(now=now)


def _fail(row: Preparation, reason: str, now: datetime) -> None:
    LEASES.end(row, State.FAILED, now=now, reason=_sentence(reason))
    events.record(
        "version.not-prepared", on=row.version, now=now, layout=row.layout, reason=row.reason
    )


def _sentence(reason: str) -> str:
    return plain.line(reason)[:1000] or "It could not be made."


# --- Forgotten ------------------------------------------------------------------------------------


def drop_unused(*, now: datetime) -> int:
    """
    Forget forms that nobody has asked for in a while, and the oldest of too many; return how many.

    Their bytes go with other orphans. What the hub made for its own doors stays while the version
    is published. Whoever asks again has it made again.
    """
    ended = Preparation.objects.filter(state__in=[State.DONE, State.REFUSED, State.FAILED]).exclude(
        by=None, state=State.DONE, version__state=AdapterVersion.State.PUBLISHED
    )
    unused = ended.filter(wanted_at__lt=now - timedelta(days=settings.PREPARED_DAYS))
    dropped = unused.count()
    unused.delete()
    over = _kept_bytes() - settings.PREPARED_BYTES
    for row in ended.filter(state=State.DONE).order_by("wanted_at").prefetch_related("files__blob"):
        if over <= 0:
            break
        over -= sum(file.blob.size for file in row.files.all())
        row.delete()
        dropped += 1
    return dropped


def _kept_bytes() -> int:
    kept = PreparedFile.objects.aggregate(bytes=Sum("blob__size"))["bytes"]
    return int(kept or 0)


LEASES: Leases[Preparation] = Leases(
    noun="preparation",
    rows=Preparation.objects,
    joins=("version__adapter__team", "version__base__parent"),
    send=jobs.send_preparation,
    fail=_fail,
    doing=lambda row: f"while it wrote the layout {row.layout}",
)
renew, release, put_down, hold = LEASES.renew, LEASES.release, LEASES.put_down, LEASES.hold
