"""Cells of several adapters at once: the same plan for each, so that they can be held together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from registry.errors import PlanRefused
from registry.models import AdapterVersion, PreviewRequest, User
from registry.services import requests
from registry.sweeps.asked import Plan


@transaction.atomic
def ask_each(
    versions: Sequence[AdapterVersion],
    given: Mapping[str, Any],
    *,
    by: User,
    now: datetime,
) -> list[PreviewRequest]:
    """
    Have the same cells rendered of each version: one request a version, all of them or none.

    They take one place of those that a person has in the queue, and as many cells as they are.

    :raises NotAllowed: if the person is in no team
    :raises WrongState: if nothing can be rendered of one of the versions
    :raises PlanRefused: if the plan makes no sense on the base of one of them, which is named
    :raises QuotaReached: if the person has asked for as much as anyone may
    """
    plans = [_plan(version, given, by) for version in versions]
    requests.stay_within_quota(by, sum(plan.cells for plan in plans), now=now)
    return [
        requests.enter(version, plan, by=by, now=now, in_gallery=False)
        for version, plan in zip(versions, plans, strict=True)
    ]


def _plan(version: AdapterVersion, given: Mapping[str, Any], by: User) -> Plan:
    try:
        return requests.plan_of(version, given, by=by, in_gallery=False)
    except PlanRefused as refusal:
        adapter = version.adapter
        name = f"{adapter.team.slug}/{adapter.slug}"
        raise PlanRefused(f"{name}: {refusal.message}", axis=refusal.axis) from refusal
