"""What a team asks of a version before it is published, told to whoever uploads one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hub.pages.team_forms import PolicyForm
from registry.queries import reviews
from registry.queries.words import Proof

if TYPE_CHECKING:
    from registry.models import ReviewPolicy, Team

NEEDED = ("description", "trigger_words", "licence")  # as the policy and its form name them


@dataclass(frozen=True, slots=True)
class Asks:
    """One team's, as parts of a sentence; in the uploader's hands are the first of them."""

    team: Team
    parts: Sequence[str]


def of_teams(teams: Iterable[Team]) -> list[Asks]:
    """Return what each team asks for beyond a passed validation, without those that ask nothing."""
    policies = ((team, reviews.policy_of(team)) for team in teams)
    told = (Asks(team, tuple(_parts(policy))) for team, policy in policies if policy)
    return [asks for asks in told if asks.parts]


def _parts(policy: ReviewPolicy) -> Iterator[str]:
    fields = PolicyForm.base_fields
    yield from (str(fields[name].label) for name in NEEDED if getattr(policy, name))
    if policy.proof:
        yield _("proof “{level}”").format(level=Proof(policy.proof).label)
    if policy.no_warnings:
        yield _("no warnings of some kinds")
    if policy.approvals:
        saying = ngettext(
            "{count} approval by somebody else",
            "{count} approvals by others",
            policy.approvals,
        )
        yield saying.format(count=policy.approvals)
