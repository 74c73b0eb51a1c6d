"""
A check is a row: a stable code, a claim, what a false claim leads to, and the test.

The test is a function named for the problem it finds. It returns the sentence for the uploader, or
None, which is good news; or a `Finding` where there are numbers worth keeping beside the sentence.
How bad a problem is stands in the row, not in the function. A row may also say of what facts it is
a question at all: of others it says nothing, for what nobody saw has not passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

Facts = TypeVar("Facts")


class Outcome(StrEnum):
    PASSED = "passed"
    WARNED = "warned"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw: a problem ("" for none), and the numbers that show it."""

    problem: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


def always(_facts: object) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Check(Generic[Facts]):
    """One row of a table."""

    code: str
    claim: str
    if_false: Outcome
    find_problem: Callable[[Facts], str | Finding | None]
    applies: Callable[[Facts], bool] = always


@dataclass(frozen=True, slots=True)
class Result:
    """What one check said."""

    code: str
    claim: str
    outcome: Outcome
    problem: str = ""
    evidence: Mapping[str, Any] = field(default_factory=dict)


def judge(facts: Facts, checks: Iterable[Check[Facts]]) -> list[Result]:
    """Return what each check that applies says of the facts, in the order of the table."""
    return [_apply(check, facts) for check in checks if check.applies(facts)]


def _apply(check: Check[Facts], facts: Facts) -> Result:
    found = check.find_problem(facts)
    finding = found if isinstance(found, Finding) else Finding(found or "")
    outcome = check.if_false if finding.problem else Outcome.PASSED
    return Result(check.code, check.claim, outcome, finding.problem, finding.evidence)
