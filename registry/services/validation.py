"""
What checks say of a version, and what follows from it.

Workers gather facts and hand them in; the tables of registry/checks judge them. A stage that was
passed hands the run on (registry/services/runs.py), a fault found ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from registry.checks.facts import Declared, Effect, Trial
from registry.checks.outcome import Outcome, judge
from registry.checks.outcome import Result as Said
from registry.checks.table import EFFECT_CHECKS, FILE_CHECKS, TRIAL_CHECKS
from registry.models import AdapterVersion, Proof, Result, ValidationRun
from registry.services import events, publishing, runs

State = ValidationRun.State
Stage = ValidationRun.Stage


@transaction.atomic
def judge_file(
    run: ValidationRun, declared: Declared, before: Sequence[Said] = (), *, now: datetime
) -> ValidationRun:
    """
    Judge the file. A sound one goes on to a trial on its base, a faulty one is rejected.

    :raises LeaseLost: if another worker has taken the run over
    """
    held = runs.hold(run)
    results = [*before, *judge(declared, FILE_CHECKS)]
    _record(held, results)
    if declared.fit is not None:
        held.version.fit = _counts(declared)
    held.version.proof = Proof.FITS if declared.fit is not None and declared.fit.whole else ""
    held.version.save(update_fields=["fit", "proof"])
    return _reject(held, results, now=now) or runs.pass_on(held, Stage.TRIAL)


@transaction.atomic
def reject_file(run: ValidationRun, results: Sequence[Said], *, now: datetime) -> ValidationRun:
    """Reject a version whose bytes are not even those announced."""
    held = runs.hold(run)
    _record(held, results)
    return _reject(held, results, now=now) or held


@transaction.atomic
def judge_trial(run: ValidationRun, trial: Trial, *, now: datetime) -> ValidationRun:
    """
    Judge how the version did on its base. What renders goes on to the sweep; the rest is settled.

    :raises LeaseLost: if another worker has taken the run over
    """
    held = runs.hold(run)
    results = judge(trial, TRIAL_CHECKS)
    _record(held, results)
    rejected = _reject(held, results, now=now)
    if rejected:
        return rejected
    held.version.proof = trial.level
    held.version.save(update_fields=["proof"])
    if trial.level == Proof.RENDERS:
        return runs.pass_on(held, Stage.GRID)
    return settle(held, now=now)


@transaction.atomic
def skip_trial(run: ValidationRun, *, now: datetime) -> ValidationRun:
    """Settle a version whose base no worker can even build a skeleton of: it is proved to fit."""
    return settle(runs.hold(run), now=now)


def judge_effect(held: ValidationRun, effect: Effect) -> None:
    """Write down what the sweep shows of an adapter's work: nothing of it is a reason to reject."""
    _record(held, judge(effect, EFFECT_CHECKS))


def settle(held: ValidationRun, *, now: datetime) -> ValidationRun:
    """End a run that nothing was found against: ready, if its base asks for no more proof."""
    version = held.version
    needed = Proof(version.base.proof_needed)
    if not version.proof or not Proof(version.proof).includes(needed):
        level = version.proof or "nothing"
        reason = (
            f"{version.base.title} needs its adapters to be proved to the level “{needed.value}”, "
            f"and this hub's workers could prove “{level}”: give a worker the base's weights."
        )
        return runs.fail(held, reason=reason, now=now)
    version.state = AdapterVersion.State.READY
    version.save(update_fields=["state"])
    runs.end(held, State.PASSED, now=now)
    events.record("version.ready", on=version, now=now, proof=version.proof)
    publishing.publish_if_due(version, now=now)
    return held


def _reject(held: ValidationRun, results: Sequence[Said], *, now: datetime) -> ValidationRun | None:
    first = next((one for one in results if one.outcome is Outcome.REJECTED), None)
    if first is None:
        return None
    held.version.state = AdapterVersion.State.REJECTED
    held.version.reason = first.problem
    held.version.save(update_fields=["state", "reason"])
    runs.end(held, State.REJECTED, now=now, reason=first.problem)
    events.record("version.rejected", on=held.version, now=now, check=first.code)
    return held


def _record(held: ValidationRun, results: Sequence[Said]) -> None:
    """Keep what checks said. A stage that runs twice says it again, and the later word counts."""
    position = held.results.exclude(code__in=[one.code for one in results]).count()
    Result.objects.bulk_create(
        [
            Result(
                run=held,
                position=position + index,
                code=one.code,
                claim=one.claim,
                outcome=one.outcome.value,
                problem=one.problem.replace("\0", ""),
                evidence=dict(one.evidence),
            )
            for index, one in enumerate(results)
        ],
        update_conflicts=True,
        unique_fields=["run", "code"],
        update_fields=["position", "claim", "outcome", "problem", "evidence"],
    )


def _counts(declared: Declared) -> dict[str, Any]:
    fit = declared.fit
    if fit is None:
        return {}
    return {
        "base": fit.base,
        "applied": fit.applied,
        "total": fit.total,
        "unknown": len(fit.unknown),
        "mismatched": len(fit.mismatched),
        "components": [
            {
                "component": one.component,
                "applied": one.applied,
                "in_file": one.in_file,
                "in_base": one.in_base,
                "unknown": list(one.unknown[:20]),
                "mismatched": list(one.mismatched[:20]),
            }
            for one in fit.components
        ],
    }
