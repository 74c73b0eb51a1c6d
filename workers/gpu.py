"""
Tasks of the gpu queue: adapters on their base, sweeps, cells asked for, a team's own base, versions
in another layout.

The torch work happens in a child process, one per device, that this process talks to
(workers/engine_link.py) and never imports. What is to be done is chosen, not sent: a message says
only that something waits (workers/turns.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown
from django.conf import settings
from django.utils import timezone

from registry.checks.facts import Trial
from registry.models import Blueprint, Preparation, PreviewRequest, ValidationRun
from registry.services import making, planning, previews, runs, validation
from workers import asked, devices, drafting, places, presence, rows, seeding, turns, writing
from workers.devices import engine
from workers.filling import Filling, OnProgress
from workers.frames import Frame
from workers.holding import Held, carried, held

Stage = ValidationRun.Stage

worker_ready.connect(presence.begin)
worker_ready.connect(turns.begin)
worker_shutdown.connect(presence.end)


@shared_task
def work(**_: Any) -> None:
    """Do what waits and suits this thread's device best, one after another, for a turn."""
    turns.work_off(devices.mine(), do)


def do(row: ValidationRun | PreviewRequest | Blueprint | Preparation) -> None:
    """Do what a row that was taken asks for."""
    if isinstance(row, Blueprint):
        with drafting.carried(row) as blueprint:
            _make(blueprint)
    elif isinstance(row, Preparation):
        with writing.carried_preparation(row) as preparation:
            writing.write(preparation, engine=engine())
    elif isinstance(row, PreviewRequest):
        with asked.carried_request(row) as request:
            _render_asked(request)
    else:
        with carried(Held(row, runs)) as run:
            STEPS[Stage(row.stage)](run)


@shared_task
def try_on_base(*, run_id: str, **_: Any) -> None:
    """Load the adapter on its base as far as this machine can, and have what happened judged."""
    with held(run_id, Stage.TRIAL) as holding:
        if holding is not None:
            _try_on(holding)


@shared_task
def render_grid(*, run_id: str, **_: Any) -> None:
    """Render the version's scenes at as many weights as say something, and draw the curve."""
    with held(run_id, Stage.GRID) as holding:
        if holding is not None:
            _render(holding)


@shared_task
def make_manifest(*, run_id: str, **_: Any) -> None:
    """Lay out a team's own base by its configuration, and keep its layers."""
    with drafting.held(run_id) as holding:
        if holding is not None:
            _make(holding)


@shared_task
def render_asked(*, run_id: str, **_: Any) -> None:
    """Render the cells that somebody asked for, behind all validation."""
    with asked.held(run_id) as holding:
        if holding is not None:
            _render_asked(holding)


def _make(holding: drafting.Held) -> None:
    blueprint = holding.blueprint
    fields = {"slug": blueprint.base.slug, "configs": blueprint.configs}
    frame = engine().call(
        "make_manifest", fields, timeout=settings.MANIFEST_SECONDS, on_wait=holding.check
    )
    making.finish(blueprint, frame.blobs["manifest"], now=timezone.now())


def _try_on(holding: Held) -> None:
    run = holding.run
    version = run.version
    base = devices.base_fields(version.base)
    # A base that asks for no more than a fit may be of a pipeline that the engine cannot build.
    if base is None or (not base["folder"] and version.base.proof_needed == "fits"):
        validation.skip_trial(run, now=timezone.now())
        return
    with places.adapter_fields(run) as adapter:
        fields: dict[str, Any] = {"base": base, "adapter": adapter}
        if base["folder"]:
            scene = previews.scenes_of(version)[0]
            fields["scene"] = asdict(previews.as_plain(scene))
            fields["trigger_words"] = list(version.trigger_words)
        frame = _call(holding, "try_on" if base["folder"] else "prove_loads", fields)
    trial = Trial(**{name: _frozen(frame.fields[name]) for name in Trial.__dataclass_fields__})
    validation.judge_trial(run, trial, now=timezone.now())


def _render(holding: Held) -> None:
    run = holding.run
    hello = engine().start()
    base = devices.base_fields(run.version.base)
    if base is None or not base["folder"]:
        raise LookupError(f"The weights of {run.version.base.title} are not on this worker.")
    plan = planning.plan_of(run.version)
    grid = previews.open_grid(run, engine=_name_of(hello), now=timezone.now())
    device, ask = str(hello["device_name"]), partial(_ask, holding)
    with places.adapter_fields(run) as adapter:
        subject = rows.Subject(base=base, adapter=adapter)
        filling = Filling(holding, grid, plan, subject, ask=ask)
        filling.fill()
        seeding.fill(holding, grid, plan, subject, ask=ask, device=device)
        filling.prove()
    previews.finish(
        run,
        grid,
        device=device,
        method=filling.method,
        now=timezone.now(),
    )


def _render_asked(holding: asked.HeldRequest) -> None:
    child = engine()
    asked.render(holding, engine=child, name=_name_of(child.start()))


def _call(holding: Held, verb: str, fields: dict[str, Any]) -> Frame:
    def progress(told: dict[str, Any]) -> None:
        holding.show(done=told["done"], of=told["of"], saying=told["stage"])

    return _ask(holding, verb, fields, progress)


def _ask(holding: Held, verb: str, fields: dict[str, Any], on_progress: OnProgress) -> Frame:
    return engine().call(
        verb,
        fields,
        timeout=settings.TRIAL_SECONDS,
        on_progress=on_progress,
        on_wait=holding.check,  # what it raises ends the child
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


STEPS = {Stage.TRIAL: _try_on, Stage.GRID: _render}


def _name_of(hello: Mapping[str, Any]) -> str:
    versions = hello["versions"]
    return " ".join(f"{name} {versions[name]}" for name in sorted(versions))[:80]
