"""
Rendering what somebody asked for: a request held, its cells rendered batch by batch, and kept.

Between two batches it gives way to whatever goes first; a request that is cancelled stops within
two seconds. Either way what was rendered stays, and the next worker goes on from there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from django.conf import settings
from django.utils import timezone

from registry.errors import NotFound, PlanRefused, WrongState
from registry.models import AdapterVersion, PreviewCell, PreviewGrid, PreviewRequest, Scene
from registry.queries import files
from registry.services import asked_grids, downloads, grounds, previews, requests, scheduling
from registry.sweeps import asked, asking
from registry.sweeps.asked import Asked, Plan
from registry.sweeps.pace import Pace
from workers import devices, differences, places, rows
from workers.engine_link import EngineChild, EngineRefused
from workers.frames import Frame
from workers.holding import Hold, Stopping, carried, owner

logger = logging.getLogger(__name__)

LOOK_EVERY = 2.0  # seconds after which a request that was cancelled is noticed
FOR_GOOD = {"bad_fields", "adapter_refused"}  # refusals that another attempt meets again


class HeldRequest(Hold[PreviewRequest]):
    """A request that this task holds. Its `check` notices that it was cancelled."""

    _looked = 0.0

    def check(self) -> None:
        """
        Stop the work if it is not to go on.

        :raises LeaseLost: if it was cancelled, or another worker has taken it over
        :raises Stopping: if this worker was told to stop
        """
        super().check()
        if time.monotonic() - self._looked >= LOOK_EVERY:
            self._looked = time.monotonic()
            self.renew()


@contextmanager
def held(request_id: str) -> Iterator[HeldRequest | None]:
    """Claim the request for the time of the block; None where there is nothing (more) to do."""
    try:
        request = requests.claim(request_id, owner=owner(), now=timezone.now())
    except WrongState as nothing:
        logger.info("%s", nothing)
        yield None
        return
    with carried_request(request) as holding:
        yield holding


@contextmanager
def carried_request(request: PreviewRequest) -> Iterator[HeldRequest]:
    """Carry a request that is claimed; what no attempt can mend ends it."""
    with carried(HeldRequest(request, requests)) as holding:
        try:
            yield holding
        except PlanRefused as refusal:  # what it stood on has changed since
            requests.give_up(request, reason=str(refusal), now=timezone.now())
        except EngineRefused as refusal:
            if refusal.code not in FOR_GOOD:
                raise
            requests.give_up(request, reason=str(refusal), now=timezone.now())


def render(holding: HeldRequest, *, engine: EngineChild, name: str) -> None:
    """Render all cells of a request that are not here yet. `name` says what the engine is."""
    request = holding.row
    version = request.version
    base = devices.base_fields(version.base)
    if base is None or not base["folder"]:
        raise LookupError(f"The weights of {version.base.title} are not on this worker.")
    ground = grounds.ground_of(version, request.by)
    plan = asking.read(request.plan, ground)
    cells = asked.cells_of(plan, ground)
    grid = asked_grids.open_grid(request, plan, cells, engine=name, now=timezone.now())
    filling = _Filling(
        holding, engine, grid, base, {s.slug: s for s in previews.scenes_of(version)}
    )
    batches = filling.missing(asked.batches(cells))
    for file, of_file in groupby(batches, lambda batch: batch[0].alike[:2]):
        filling.render_file(_version_of(version, file[0]), file[1], list(of_file))
    filling.show(saying="measuring")
    _draw_differences(request, grid, plan)
    device = str(engine.start()["device_name"])
    asked_grids.finish(request, grid, device=device, method=filling.method, now=timezone.now())


class _Filling:
    """One grid being filled: what is there, and the engine that renders the rest."""

    def __init__(
        self,
        holding: HeldRequest,
        engine: EngineChild,
        grid: PreviewGrid,
        base: Mapping[str, Any],
        scenes: Mapping[str, Scene],
    ) -> None:
        self.holding, self.engine, self.grid = holding, engine, grid
        self.base, self.scenes = base, scenes
        self.method = grid.method or "batch"
        self.kept = set(grid.cells.values_list("row", "column"))
        self.batch = 0  # cells that the engine works on now
        self.pace = Pace()

    def missing(self, batches: Sequence[Sequence[Asked]]) -> list[list[Asked]]:
        """Return the batches without the cells that an earlier attempt kept."""
        left = [[one for one in batch if _place(one) not in self.kept] for batch in batches]
        return [batch for batch in left if batch]

    def render_file(
        self, version: AdapterVersion, step: int | None, batches: Sequence[Sequence[Asked]]
    ) -> None:
        """Render the batches of one file of a version."""
        file = grounds.checkpoints(version)[step] if step else files.weights_of(version)
        hold = f"{self.holding.row.pk}-{self.holding.row.fence}"
        with places.file_fields(version, file, hold=hold) as adapter:
            for batch in batches:
                self.show(saying="rendering")
                now = timezone.now()
                if scheduling.goes_first(devices.mine().asks(now), self.holding.row, now=now):
                    raise Stopping  # it is put down, and taken up again when it is its turn
                parts = dict(batch[0].parts)
                self._render_batch(rows.Subject(self.base, adapter, parts), batch)

    def _render_batch(self, subject: rows.Subject, batch: Sequence[Asked]) -> None:
        keys = rows.keys_of(subject, [one.cell for one in batch])
        known = previews.known(list(keys.values()))
        here = [one for one in batch if keys[one.cell.weight] in known]
        made = [
            asked_grids.copied(known[keys[one.cell.weight]], self.grid, one, scene=self._scene(one))
            for one in here
        ]
        left = [one for one in batch if one not in here]
        if left:
            made += self._rendered(subject, left, zero=next(filter(_is_zero, here), None))
        asked_grids.keep(self.holding.row, self.grid, made)
        self.kept |= {_place(one) for one in batch}

    def _rendered(
        self, subject: rows.Subject, batch: Sequence[Asked], *, zero: Asked | None
    ) -> list[PreviewCell]:
        """Render cells of a row. `zero` is its cell at weight 0, to measure from, if it is here."""
        self.batch = len(batch)
        began = time.monotonic()
        beside = [zero] if zero else []
        rendered = rows.render(subject, [one.cell for one in (*beside, *batch)], call=self._call)
        self.pace = self.pace.after(len(batch), seconds=time.monotonic() - began)
        self.method = rendered.method if rendered.method == "loop" else self.method
        now = timezone.now()
        return [
            asked_grids.dressed(
                previews.new_cell(self.grid, one.cell, picture, scene=self._scene(one), now=now),
                one,
            )
            for one, picture in zip(batch, rendered.pictures[len(beside) :], strict=True)
        ]

    def _scene(self, one: Asked) -> Scene | None:
        return self.scenes.get(one.cell.scene.slug)

    def _call(self, verb: str, fields: dict[str, Any]) -> Frame:
        def progress(told: Mapping[str, Any]) -> None:
            share = told["done"] / told["of"] if told["stage"] == "rendering" else 0
            done = len(self.kept) + int(self.batch * min(share, 1))
            self.holding.note(**self._progress(done, told["stage"]))

        return self.engine.call(
            verb,
            fields,
            timeout=settings.TRIAL_SECONDS,
            on_progress=progress,
            on_wait=self.holding.check,  # what it raises ends the child
        )

    def show(self, *, saying: str) -> None:
        self.holding.show(**self._progress(len(self.kept), saying))

    def _progress(self, done: int, saying: str) -> dict[str, Any]:
        of = self.holding.row.cells
        return {"done": done, "of": of, "saying": saying, "left": self.pace.left(of - done)}


def _is_zero(one: Asked) -> bool:
    return one.cell.weight == 0


def _place(one: Asked) -> tuple[int, int]:
    return one.cell.row, one.cell.column


def _version_of(version: AdapterVersion, number: int) -> AdapterVersion:
    if number == version.number:
        return version
    return version.adapter.versions.get(number=number)


def _draw_differences(request: PreviewRequest, grid: PreviewGrid, plan: Plan) -> None:
    """Draw, below each two cells of two versions, where they differ."""
    if not plan.against:
        return
    there = {(cell.row, cell.column): cell for cell in grid.cells.select_related("scene")}
    made = []
    for (row, column), one in there.items():
        other = there.get((row + 1, column))
        if row % asked.ROWS_AGAINST or other is None or (row + 2, column) in there:
            continue
        drawn = differences.draw(_bytes(one), _bytes(other))
        if drawn is not None:
            made.append(asked_grids.difference_cell(one, other, drawn, now=timezone.now()))
    asked_grids.keep(request, grid, made)


def _bytes(cell: PreviewCell) -> bytes:
    if cell.blob_id is None:
        return b""
    try:
        with downloads.open_bytes(cell.blob_id) as file:
            return file.read()
    except NotFound:
        return b""
