"""The files of a training run beside each other: what was rendered of each, who is for which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registry.errors import NotFound
from registry.models import (
    AdapterVersion,
    CheckpointVote,
    PreviewCell,
    PreviewGrid,
    Role,
    User,
    VersionFile,
)
from registry.queries import checkpoint_curves, people, requests, versions
from registry.sweeps.axes import FINAL

FileRole = VersionFile.Role
OUTLINES = checkpoint_curves.OUTLINES


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A file of a run. `step` is None for the weights file, the run's end."""

    file: VersionFile
    step: int | None
    cells: Sequence[PreviewCell]  # of the grid of training steps, by weight
    votes: Sequence[CheckpointVote]  # the oldest first
    became: Sequence[AdapterVersion]  # versions in sight that have its bytes as their weights
    points: Sequence[tuple[float, float]] = ()  # of its curve: weight, and how far it moves
    measure: str = checkpoint_curves.DISTANCE  # … the output, or only the outlines in it


def file_of(version: AdapterVersion, step: int | None) -> VersionFile:
    """
    Return the file of a run that was saved at a step; None means its end, the weights.

    :raises NotFound: if there is none
    """
    for file in version.files.all():
        if step is None and file.role == FileRole.WEIGHTS:
            return file
        if step is not None and file.role == FileRole.CHECKPOINT and file.training_step == step:
            return file
    raise NotFound(f"Version {version.number} has no checkpoint of step {step}.")


def is_run(version: AdapterVersion) -> bool:
    return any(
        file.role == FileRole.CHECKPOINT and file.training_step is not None
        for file in version.files.all()
    )


def grid_of(version: AdapterVersion, *, by: User | None) -> PreviewGrid | None:
    """Return the newest grid of the training steps that the person may see, with its cells."""
    steps = requests.grids(version, PreviewGrid.Kind.STEPS, by=by)
    return requests.whole_grids().get(pk=steps[0].pk) if steps else None


def of_run(
    version: AdapterVersion, grid: PreviewGrid | None, *, by: User | None
) -> list[Checkpoint]:
    """Return the run's files by step, its end last."""
    cells = _cells(grid)
    measure, points = checkpoint_curves.draw(version, cells)
    votes: dict[int, list[CheckpointVote]] = {}
    for vote in version.checkpoint_votes.select_related("by").order_by("at"):
        votes.setdefault(vote.file_id, []).append(vote)
    line = versions.of_adapter(version.adapter, by=by)
    found = []
    for file in _files(version):
        step = file.training_step if file.role == FileRole.CHECKPOINT else None
        became = [each for each in line if each.sha256 == file.sha256 and each.pk != version.pk]
        found.append(
            Checkpoint(
                file,
                step,
                cells.get(step, ()),
                votes.get(file.pk, ()),
                became,
                points=points.get(step, ()),
                measure=measure,
            )
        )
    return found


def may_vote(version: AdapterVersion, by: User | None) -> bool:
    return people.may(by, Role.VIEWER, version.adapter.team)


def _files(version: AdapterVersion) -> list[VersionFile]:
    steps = [
        file
        for file in version.files.all()
        if file.role == FileRole.CHECKPOINT and file.training_step is not None
    ]
    end = [file for file in version.files.all() if file.role == FileRole.WEIGHTS]
    return sorted(steps, key=lambda file: file.training_step or 0) + end


def _cells(grid: PreviewGrid | None) -> dict[int | None, list[PreviewCell]]:
    """Return the cells of a grid of training steps by step, each row by weight."""
    if grid is None:
        return {}
    values = grid.axes.get("down", {}).get("values", [])
    rows: dict[int | None, list[PreviewCell]] = {}
    for cell in sorted(grid.cells.all(), key=lambda cell: (cell.row, cell.column)):
        if cell.row < len(values):
            step = values[cell.row]
            rows.setdefault(None if step == FINAL else step, []).append(cell)
    return rows
