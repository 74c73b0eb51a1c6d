"""
What a team may ask of a version, beyond what checks say, before it is published.

REQUIREMENTS is the table: the policy form, the review queue and the refusal to publish walk it. A
requirement that a policy does not make is never missing anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.proof_levels import PROOFS


@dataclass(frozen=True, slots=True)
class Policy:
    """What a team asks for. As it stands here: nothing."""

    proof: str = ""  # at least this level
    description: bool = False
    trigger_words: bool = False
    licence: bool = False
    no_warnings: tuple[str, ...] = ()  # kinds of checks that may not even warn
    approvals: int = 0  # of people other than its uploader


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that may be published, as far as policies ask about it."""

    proof: str = ""
    has_description: bool = False
    has_trigger_words: bool = False
    needs_no_words: bool = False
    has_licence: bool = False
    warned: tuple[str, ...] = ()  # codes of checks
    approved_by: tuple[str, ...] = ()
    sent_back: str = ""  # why, where it was


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing: a sentence with holes, which doors may translate, and what fills them."""

    code: str
    saying: str
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return self.saying.format(**self.told)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row: a stable code, all that it may say, and the test."""

    code: str
    sayings: tuple[str, ...]
    find_missing: Callable[[Policy, Candidate], Missing | None]


SENT_BACK = "it was sent back ({reason}): mend that, then ask for review again"
PROOF = "it is proved to the level “{level}” and its team asks for “{needed}”"
NO_PROOF = "it is not proved to load and its team asks for “{needed}”"
DESCRIPTION = "it has no description: say what it is for"
TRIGGER_WORDS = "it has no trigger words, and nobody has said that it needs none"
LICENCE = "it has no licence: say under which it may be used"
WARNS = "its team wants no warnings of the kind “{kind}”, and {check} warns"
ONE_APPROVAL = "it needs an approval by somebody other than its uploader"
APPROVALS = "it has {here} of the {needed} approvals that it needs by others than its uploader"


def missing(policy: Policy, candidate: Candidate) -> tuple[Missing, ...]:
    """Return what keeps the candidate from being published, in the order of the table."""
    found = (row.find_missing(policy, candidate) for row in REQUIREMENTS)
    return tuple(one for one in found if one is not None)


def kind_of(code: str) -> str:
    """Return the kind of a check: `metadata` of `metadata.private`."""
    return code.partition(".")[0]


def _sent_back(policy: Policy, candidate: Candidate) -> Missing | None:  # noqa: ARG001
    if not candidate.sent_back:
        return None
    return Missing("sent-back", SENT_BACK, {"reason": candidate.sent_back})


def _proof(policy: Policy, candidate: Candidate) -> Missing | None:
    if not policy.proof:
        return None
    reached = PROOFS.index(candidate.proof) if candidate.proof in PROOFS else -1
    if reached >= PROOFS.index(policy.proof):
        return None
    told = {"level": candidate.proof, "needed": policy.proof}
    return Missing("proof", PROOF if candidate.proof else NO_PROOF, told)


def _description(policy: Policy, candidate: Candidate) -> Missing | None:
    is_missing = policy.description and not candidate.has_description
    return Missing("description", DESCRIPTION) if is_missing else None


def _trigger_words(policy: Policy, candidate: Candidate) -> Missing | None:
    has_word = candidate.has_trigger_words or candidate.needs_no_words
    return (
        Missing("trigger-words", TRIGGER_WORDS) if policy.trigger_words and not has_word else None
    )


def _licence(policy: Policy, candidate: Candidate) -> Missing | None:
    is_missing = policy.licence and not candidate.has_licence
    return Missing("licence", LICENCE) if is_missing else None


def _no_warnings(policy: Policy, candidate: Candidate) -> Missing | None:
    found = [code for code in candidate.warned if kind_of(code) in policy.no_warnings]
    if not found:
        return None
    return Missing("no-warnings", WARNS, {"kind": kind_of(found[0]), "check": found[0]})


def _approvals(policy: Policy, candidate: Candidate) -> Missing | None:
    here = len(candidate.approved_by)
    if here >= policy.approvals:
        return None
    saying = ONE_APPROVAL if policy.approvals == 1 else APPROVALS
    return Missing("approvals", saying, {"here": here, "needed": policy.approvals})


REQUIREMENTS = (
    Requirement("sent-back", (SENT_BACK,), _sent_back),
    Requirement("proof", (PROOF, NO_PROOF), _proof),
    Requirement("description", (DESCRIPTION,), _description),
    Requirement("trigger-words", (TRIGGER_WORDS,), _trigger_words),
    Requirement("licence", (LICENCE,), _licence),
    Requirement("no-warnings", (WARNS,), _no_warnings),
    Requirement("approvals", (ONE_APPROVAL, APPROVALS), _approvals),
)
