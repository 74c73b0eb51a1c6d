"""What a team asks of a version before it is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from registry.checks.requirements import kind_of
from registry.checks.table import EFFECT_CHECKS, FILE_CHECKS, TRIAL_CHECKS
from registry.errors import Invalid
from registry.models import ReviewPolicy, Role, Team, User
from registry.models.reviews import MOST_APPROVALS
from registry.proof_levels import PROOFS
from registry.queries import people
from registry.services import events

_CODES = [
    *(check.code for check in FILE_CHECKS),
    *(check.code for check in TRIAL_CHECKS),
    *(check.code for check in EFFECT_CHECKS),
]
KINDS = tuple(dict.fromkeys(kind_of(code) for code in _CODES))


@dataclass(frozen=True, slots=True)
class Asked:
    """All of a policy. As it stands here it asks for nothing: that is how teams begin."""

    proof: str = ""
    description: bool = False
    trigger_words: bool = False
    licence: bool = False
    no_warnings: Sequence[str] = ()
    approvals: int = 0
    approvers: Role = Role.REVIEWER
    publishes_itself: bool = False


@transaction.atomic
def set_policy(team: Team, asked: Asked, *, by: User, now: datetime) -> ReviewPolicy:
    """
    Say what the team asks for from now on; what is published stays so.

    :raises NotAllowed: if `by` is no admin of the team
    :raises Invalid: if a proof, a kind of checks or a role is none, or approvals are out of bounds
    """
    people.require(by, Role.ADMIN, team, to="set its review policy")
    _refuse_nonsense(asked)
    wanted = asdict(asked) | {"no_warnings": [kind for kind in KINDS if kind in asked.no_warnings]}
    policy, _ = ReviewPolicy.objects.update_or_create(
        team=team, defaults={**wanted, "changed_by": by, "changed_at": now}
    )
    events.record("team.policy", by=by, on=team, now=now, **wanted)
    return policy


def _refuse_nonsense(asked: Asked) -> None:
    if asked.proof and asked.proof not in PROOFS:
        raise Invalid(f"{asked.proof!r} is no level of proof: write one of {', '.join(PROOFS)}.")
    strange = [kind for kind in asked.no_warnings if kind not in KINDS]
    if strange:
        raise Invalid(f"{strange[0]!r} is no kind of checks: write one of {', '.join(KINDS)}.")
    if not 0 <= asked.approvals <= MOST_APPROVALS:
        raise Invalid(f"A version can need 0 to {MOST_APPROVALS} approvals, not {asked.approvals}.")
    if asked.approvers not in {Role.REVIEWER, Role.ADMIN}:
        raise Invalid("Reviewers approve, or admins alone: write reviewer or admin.")
