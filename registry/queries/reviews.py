"""Reviews: what waits for a decision, what was decided, and what a version still misses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from registry.checks import requirements
from registry.checks.outcome import Outcome
from registry.checks.requirements import Candidate, Missing, Policy
from registry.models import (
    AdapterVersion,
    Membership,
    PreviewGrid,
    Result,
    Review,
    ReviewPolicy,
    Role,
    Team,
    User,
)
from registry.models.adapters import AdapterVersionQuerySet
from registry.queries import people

Decision = Review.Decision
PAGE = 20
LAPSES = {  # why an approval does not count any more, by code
    "left": "Left the team",
    "role": "May not approve any more",
    "closed": "Account closed",
}


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody decided; of an approval that does not count any more, why (of `LAPSES`)."""

    decision: str
    reason: str
    by: User
    at: datetime
    lapsed: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the review of a version stands."""

    missing: tuple[Missing, ...]
    approved_by: tuple[str, ...]  # since it was last sent back, by those who may approve now
    approvals: int  # that its team asks for
    sent_back: Word | None  # where it was, and nobody has asked again since
    history: tuple[Word, ...]  # the oldest first


def policy_of(team: Team) -> ReviewPolicy | None:
    """Return what the team asks for, None where it never said."""
    try:
        return team.policy
    except ReviewPolicy.DoesNotExist:
        return None


def approvers_in(team: Team) -> Role:
    """Return the role that approves in a team."""
    policy = policy_of(team)
    return Role(policy.approvers) if policy else Role.REVIEWER


def standing(version: AdapterVersion) -> Standing:
    """Return how the version's review stands, by what its team asks for now."""
    policy = policy_of(version.adapter.team)
    history = tuple(_words(version, approvers_in(version.adapter.team)))
    approved_by = _approved_by(version, history)
    sent_back = _sent_back(version, history)
    facts = _candidate(version, policy, approved_by, sent_back)
    return Standing(
        missing=requirements.missing(_as_asked(policy), facts),
        approved_by=approved_by,
        approvals=policy.approvals if policy else 0,
        sent_back=sent_back,
        history=history,
    )


def _rows() -> QuerySet[Review]:
    """Return reviews with who said so, and which role (`role_now`) they hold in the team now."""
    held = Membership.objects.filter(user=OuterRef("by"), team=OuterRef("version__adapter__team"))
    return Review.objects.select_related("by").annotate(role_now=Subquery(held.values("role")))


def _words(version: AdapterVersion, approvers: Role) -> Iterator[Word]:
    """
    Yield what was decided on a version, the oldest first.

    What is published was approved by those who might approve then, and stays so.
    """
    is_at_hand = "reviews" in getattr(version, "_prefetched_objects_cache", {})
    rows = version.reviews.all() if is_at_hand else _rows().filter(version=version)
    is_open = version.state != AdapterVersion.State.PUBLISHED
    for row in sorted(rows, key=attrgetter("pk")):
        is_approval = row.decision == Decision.APPROVED
        lapsed = _lapsed(row, approvers) if is_open and is_approval else ""
        yield Word(row.decision, row.reason, row.by, row.at, lapsed)


def _lapsed(row: Review, approvers: Role) -> str:
    """Return why who approved might not approve now, "" where they might."""
    if not row.by.is_active:
        return "closed"
    if row.by.is_superuser:
        return ""
    role: str | None = row.role_now  # type: ignore[attr-defined]  # annotated
    if role is None:
        return "left"
    return "" if Role(role).includes(approvers) else "role"


def _approved_by(version: AdapterVersion, history: Sequence[Word]) -> tuple[str, ...]:
    """Return who approved it, each once; what was said before it was sent back is void."""
    names: dict[str, None] = {}
    for word in history:
        if word.decision == Decision.SENT_BACK:
            names.clear()
        elif word.decision == Decision.APPROVED and word.by.pk != version.uploaded_by_id:
            names |= {} if word.lapsed else {word.by.username: None}
    return tuple(names)


def _sent_back(version: AdapterVersion, history: Sequence[Word]) -> Word | None:
    if version.sent_back_at is None:
        return None
    return next((one for one in reversed(history) if one.decision == Decision.SENT_BACK), None)


def _as_asked(policy: ReviewPolicy | None) -> Policy:
    if policy is None:
        return Policy()
    return Policy(
        proof=policy.proof,
        description=policy.description,
        trigger_words=policy.trigger_words,
        licence=policy.licence,
        no_warnings=tuple(policy.no_warnings),
        approvals=policy.approvals,
    )


def _candidate(
    version: AdapterVersion,
    policy: ReviewPolicy | None,
    approved_by: tuple[str, ...],
    sent_back: Word | None,
) -> Candidate:
    return Candidate(
        proof=version.proof,
        has_description=bool(version.adapter.description.strip()),
        has_trigger_words=bool(version.trigger_words),
        needs_no_words=version.needs_no_words,
        has_licence=bool(version.adapter.licence.strip()),
        warned=_warned(version) if policy and policy.no_warnings else (),
        approved_by=approved_by,
        sent_back=sent_back.reason if sent_back else "",
    )


def _warned(version: AdapterVersion) -> tuple[str, ...]:
    return tuple(one.code for one in report(version) if one.outcome == Outcome.WARNED.value)


def report(version: AdapterVersion) -> list[Result]:
    """Return what every check said in the newest run: of what `queue` returned, without asking."""
    newest = max(version.runs.all(), key=attrgetter("queued_at"), default=None)
    return sorted(newest.results.all(), key=attrgetter("position")) if newest else []


def waiting(by: User) -> AdapterVersionQuerySet:
    """Return what waits for a decision in the teams whose approver the person is, in no order."""
    found = AdapterVersion.objects.filter(
        state=AdapterVersion.State.READY, sent_back_at__isnull=True
    )
    return found if by.is_superuser else found.filter(adapter__team__in=_reviewed_by(by))


def _reviewed_by(by: User) -> QuerySet[Team]:
    """Return the teams in which the person approves."""
    by_admins = ReviewPolicy.objects.filter(team=OuterRef("pk"), approvers=Role.ADMIN)
    admin = Q(memberships__user=by, memberships__role=Role.ADMIN)
    reviewer = Q(memberships__user=by, memberships__role=Role.REVIEWER) & ~Exists(by_admins)
    return Team.objects.filter(admin | reviewer)


def reviews_anywhere(by: User) -> bool:
    return by.is_superuser or _reviewed_by(by).exists()


def to_decide(by: User) -> int:
    """Count what waits for this very person: not their own, and not what they approved already."""
    later = Review.objects.filter(
        version=OuterRef("version"), pk__gt=OuterRef("pk"), decision=Decision.SENT_BACK
    )
    own = Review.objects.filter(~Exists(later), version=OuterRef("pk"), by=by)
    own = own.filter(decision=Decision.APPROVED)
    return waiting(by).exclude(uploaded_by=by).exclude(Exists(own)).count()


def queue(by: User, *, limit: int = PAGE) -> list[AdapterVersion]:
    """
    Return what waits longest, with all that a decision needs at hand.

    Decided ones leave the queue, so its beginning is all of it that anyone needs.
    """
    grids = PreviewGrid.objects.sweeps().select_related("curve")
    found = (
        waiting(by)
        .select_related("adapter__team__policy", "base", "uploaded_by")
        .prefetch_related(
            "files__blob",
            "runs__results",
            Prefetch("grids", queryset=grids),
            Prefetch("reviews", queryset=_rows()),
        )
    )
    return list(found.order_by("uploaded_at", "serial")[:limit])


def may_review(by: User | None, version: AdapterVersion) -> bool:
    return people.may(by, approvers_in(version.adapter.team), version.adapter.team)
