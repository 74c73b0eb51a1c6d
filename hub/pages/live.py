"""The state of a version while a run goes on: a small piece of its page that asks for itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hub.pages import addresses, sweeps, waits
from registry.queries import people, versions
from registry.queries.words import RunState, Stage

if TYPE_CHECKING:
    from collections.abc import Collection
    from uuid import UUID

    from django.http import HttpRequest

    from registry.models import AdapterVersion, ValidationRun

LIVING = {RunState.QUEUED, RunState.RUNNING}
SAYINGS = {  # what workers say they are doing
    "hashing": gettext_lazy("Hashing the file."),
    "reading": gettext_lazy("Reading its numbers."),
    "building the skeleton": gettext_lazy("Building the base without its weights."),
    "loading the base": gettext_lazy("Loading the base."),
    "loading the adapter": gettext_lazy("Loading the adapter."),
    "rendering": gettext_lazy("Rendering."),
    "comparing": gettext_lazy("Comparing what each part and each word does."),
    "measuring": gettext_lazy("Measuring the curve."),
    "converting": gettext_lazy("Writing another layout."),
}


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    state: str  # done, now, next (it waits for a worker) or later


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands."""

    living: bool
    waits: bool  # nobody is at it: there is nothing to measure
    steps: tuple[Step, ...]
    saying: str
    done: int
    of: int
    wait: str = ""  # where it stands in line, and how long it takes, where that is known


@require_safe
@never_cache
def show(request: HttpRequest, team: str, name: str, number: int) -> HttpResponse:
    """Answer with the piece as it stands now; once the run has ended, with the whole page again."""
    version = versions.in_sight(team, name, number, by=people.person(request.user))
    run = versions.newest_run(version)
    if not request.headers.get("HX-Request"):
        return redirect(addresses.page(version))
    if run is None or run.state not in LIVING:
        response = HttpResponse(status=200)
        response["HX-Refresh"] = "true"
        return response
    shown = {
        "version": version,
        "adapter": version.adapter,
        "progress": progress(run),
        "so_far": so_far(version),
    }
    return render(request, "parts/_live.html", shown)


def so_far(version: AdapterVersion) -> sweeps.Sweep | None:
    """Return the rows of its sweep that are rendered already."""
    return sweeps.of_grid(versions.grid_so_far(version), version)


def progress(run: ValidationRun) -> Progress:
    """Return where a run stands, and how long it takes."""
    return _progress(run, waits.tell(run, now=timezone.now()) if run.state in LIVING else "")


def progress_of_each(runs: Collection[ValidationRun]) -> dict[UUID, Progress]:
    """Return where each of several runs stands that has not ended."""
    living = [run for run in runs if run.state in LIVING]
    said = waits.tell_each(living, now=timezone.now())
    return {run.pk: _progress(run, said.get(run.pk, "")) for run in living}


def _progress(run: ValidationRun, wait: str) -> Progress:
    stages = list(Stage)
    at = stages.index(Stage(run.stage))
    count = int(run.progress.get("of") or 0)
    here = "next" if run.state == RunState.QUEUED else "now"
    steps = tuple(
        Step(str(stage.label), "done" if index < at else here if index == at else "later")
        for index, stage in enumerate(stages)
    )
    return Progress(
        living=run.state in LIVING,
        waits=run.state == RunState.QUEUED,
        steps=steps,
        saying=_saying(run),
        done=int(run.progress.get("done") or 0),
        of=count if count > 1 else 0,
        wait=wait,
    )


def _saying(run: ValidationRun) -> str:
    if run.state == RunState.QUEUED and run.attempt == 0 and not run.reason:
        return _("Waiting for a worker to take it.")
    if run.state == RunState.QUEUED:
        return _("It is tried again: {reason}").format(reason=run.reason)
    doing = str(run.progress.get("saying") or "")
    return str(SAYINGS.get(doing, doing))
