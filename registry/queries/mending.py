"""Mended copies of a version: what is offered, what goes on, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from registry.checks.outcome import Outcome
from registry.exports import mending as rules
from registry.exports.mending import Fault, Offer
from registry.models import AdapterVersion, Mending, Preparation, Result
from registry.queries import files, prepared, versions

LIVING = (Preparation.State.QUEUED, Preparation.State.RUNNING)
NOTHING = "Nothing was found in it that could be mended here."
NOT_YET = "It is still being validated: what is to be mended is known after that."
NOT_KEPT = rules.WHY_NOT["bytes.match"]


def offer_of(version: AdapterVersion) -> Offer:
    """Return what may be done to a copy of a version; nothing, and why, where nothing can be."""
    if version.state == AdapterVersion.State.WAITING:
        return Offer(reason=NOT_YET)
    if files.weights_of(version).blob_id is None:
        return Offer(reason=NOT_KEPT)
    faults = [_fault(version, one) for one in versions.report(version) if one.problem]
    return rules.offer(faults, prepared.source_of(version), dtype=files.weights_of(version).dtype)


def of_version(version: AdapterVersion) -> Sequence[Mending]:
    """Return the mends that were asked for of a version, the newest first."""
    rows = version.mendings.select_related("made", "by", "version__adapter__team")
    return list(rows.order_by("-asked_at"))


def that_made(version: AdapterVersion) -> Mending | None:
    """Return the mend that a version came of, None if it came of none."""
    rows = Mending.objects.select_related("by", "version__adapter__team")
    return rows.filter(made=version).first()


def _fault(version: AdapterVersion, result: Result) -> Fault:
    rejects = result.outcome == Outcome.REJECTED
    hit = _hit(version, result.code, result.evidence)
    return Fault(result.code, rejects, hit, files.weights_of(version).layers)


def _hit(version: AdapterVersion, check: str, evidence: dict[str, Any]) -> int | None:
    """Return how many layers a check names, as far as its result says; the worker counts again."""
    counted = version.fit.get("unknown") if check == "layers.known" else evidence.get("hit")
    return int(counted) if isinstance(counted, int) else None
