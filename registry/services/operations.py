"""What an operator does about failed validation: have it done again."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from registry.errors import NotFound, WrongState
from registry.models import User, ValidationRun
from registry.queries import operations
from registry.services import runs


def try_again(run_id: UUID, *, by: User, now: datetime) -> ValidationRun:
    """
    Validate the version of a failed run once more; return the new run.

    :raises NotAllowed: unless the person runs this hub
    :raises NotFound: if there is no such run
    :raises WrongState: if it has not failed, or its version was settled by another
    """
    operations.require_operator(by)
    run = ValidationRun.objects.select_related("version__adapter__team").filter(pk=run_id).first()
    if run is None:
        raise NotFound(f"There is no run {run_id}.")
    if run.state != ValidationRun.State.FAILED:
        raise WrongState(f"The run {run_id} has not failed: it is {run.state}.")
    return runs.start(run.version, by=by, now=now)


def try_all_again(*, by: User, now: datetime) -> int:
    """
    Validate every version once more whose run failed; return how many.

    :raises NotAllowed: unless the person runs this hub
    """
    operations.require_operator(by)
    begun = 0
    failed = [item.version for item in operations.failed_runs() if item.version is not None]
    for version in {one.pk: one for one in failed}.values():
        with suppress(WrongState):  # somebody was quicker
            runs.start(version, by=by, now=now)
            begun += 1
    return begun
