"""
A grid that somebody asks for: two things that its cells differ in, and what stays the same.

Cells that differ only in weight go through one denoising run, so they are one batch, whichever way
the weights lie. A plan `against` another version has three rows for each value down: this version,
the other one, and where the two differ, which is drawn and not rendered. Plans are read, and
checked, in asking.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from registry.errors import PlanRefused
from registry.sweeps.axes import FINAL, Ground
from registry.sweeps.plan import TRIGGER, Cell, Scene, write_prompt

OWN = "own"  # the slug that a scene of somebody's own words has
ROWS_AGAINST = 3  # this version, the other one, the difference


@dataclass(frozen=True, slots=True)
class Line:
    """One axis with the values that the plan has along it."""

    axis: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for, checked. `same` holds what was said of all cells, by axis."""

    across: Line
    down: Line | None = None
    same: Mapping[str, Any] = field(default_factory=dict)
    against: int | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        return (self.across, self.down) if self.down else (self.across,)

    @property
    def cells(self) -> int:
        """How many cells are rendered."""
        down = len(self.down.values) if self.down else 1
        return len(self.across.values) * down * (2 if self.against else 1)

    @property
    def versions(self) -> set[int]:
        """The numbers of the versions that it names."""
        named = {number for line in self.lines if line.axis == "version" for number in line.values}
        return named | ({self.against} if self.against else set())

    @property
    def kind(self) -> str:
        """A word of PreviewGrid.Kind."""
        if self.against:
            return "versions"
        return "steps" if any(line.axis == "training_step" for line in self.lines) else "asked"

    def as_json(self) -> dict[str, Any]:
        """Return what `read` makes the same plan of."""
        return {
            "across": _told(self.across),
            "down": _told(self.down) if self.down else None,
            "same": {name: _plain(name, value) for name, value in self.same.items()},
            "against": self.against,
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """One cell to be rendered, and of which file of which version."""

    cell: Cell
    version: int
    training_step: int | None  # None: the weights file
    parts: tuple[tuple[str, float], ...] = ()

    @property
    def alike(self) -> tuple[Any, ...]:
        """All that it depends on but the weight. Files first: changing those takes time."""
        return self.version, self.training_step, self.parts, self.cell.scene, self.cell.prompt


def cells_of(plan: Plan, ground: Ground) -> tuple[Asked, ...]:
    """Return the cells to be rendered, row by row. Rows of differences have none."""
    rows = plan.down.values if plan.down else (None,)
    return tuple(
        _cell(plan, ground, version, (row * height + offset, column), (down, across))
        for row, down in enumerate(rows)
        for height, offset, version in _offsets(plan, ground)
        for column, across in enumerate(plan.across.values)
    )


def batches(cells: Iterable[Asked]) -> list[tuple[Asked, ...]]:
    """
    Return the cells in as few batches as can be: a batch differs in weight alone, ascending.

    Those of one file come together, in the order of their first cells.
    """
    alike: dict[tuple[Any, ...], list[Asked]] = {}
    for cell in cells:
        alike.setdefault(cell.alike, []).append(cell)
    files: dict[tuple[Any, ...], list[tuple[Asked, ...]]] = {}
    for key, found in alike.items():
        batch = tuple(sorted(found, key=lambda one: one.cell.weight))
        files.setdefault(key[:2], []).append(batch)
    return [batch for of_file in files.values() for batch in of_file]


def axes_of(plan: Plan) -> dict[str, Any]:
    """Return what a grid keeps of the plan: what its columns and its rows are."""
    down = _told(plan.down) if plan.down else {"axis": "", "values": [""]}
    return {"across": _told(plan.across), "down": down, "against": plan.against}


def _offsets(plan: Plan, ground: Ground) -> Sequence[tuple[int, int, int | None]]:
    """Return (rows a value down has, row among these, version if it is the row that decides)."""
    if plan.against:
        return (ROWS_AGAINST, 0, ground.number), (ROWS_AGAINST, 1, plan.against)
    return ((1, 0, None),)


def _cell(
    plan: Plan,
    ground: Ground,
    version: int | None,
    place: tuple[int, int],
    values: tuple[Any, Any],
) -> Asked:
    varied = {plan.across.axis: values[1]} | ({plan.down.axis: values[0]} if plan.down else {})
    words = varied.pop("prompt", None)
    told = {**plan.same, **varied}
    scene = _scene(told, ground)
    prompt, with_trigger = _prompt(scene, told, ground)
    if words is not None:
        prompt = _replaced(prompt, words, plan)
    step = told.get("training_step")
    return Asked(
        cell=Cell(
            scene=scene,
            weight=float(told.get("weight", ground.usual_weight)),
            with_trigger=with_trigger,
            prompt=prompt,
            row=place[0],
            column=place[1],
        ),
        version=version or told.get("version") or ground.number,
        training_step=None if step in (None, FINAL) else int(step),
        parts=tuple(told.get("parts", ())),
    )


def _scene(told: Mapping[str, Any], ground: Ground) -> Scene:
    scene = ground.scene(told["scene"]) if "scene" in told else ground.scenes[0]
    names = ("seed", "steps", "guidance", "sampler", "negative")
    changes = {name: told[name] for name in names if name in told}
    if "size" in told:
        changes["width"], changes["height"] = told["size"]
    if "prompt" in told:
        changes |= {"slug": OWN, "title": "", "prompt": told["prompt"]}
    return replace(scene, **changes)


def _prompt(scene: Scene, told: Mapping[str, Any], ground: Ground) -> tuple[str, bool]:
    """Return the finished prompt, and whether the trigger words are in it."""
    triggered = bool(ground.trigger_words) and bool(told.get("with_trigger", True))
    if scene.slug == OWN and TRIGGER not in scene.prompt:
        return scene.prompt, False  # people write the words that they want
    return write_prompt(scene.prompt, ground.trigger_words if triggered else ()), triggered


def _replaced(prompt: str, words: str, plan: Plan) -> str:
    """Return the prompt with the first value of the axis replaced by this one."""
    line = next(line for line in plan.lines if line.axis == "prompt")
    sought = line.values[0]
    if sought not in prompt:
        told = f"“{sought}”, the first of the words, is what the others replace, and it is not in"
        raise PlanRefused(f"The axis prompt: {told} “{prompt[:120]}”.", axis="prompt")
    return prompt.replace(sought, words)


def _told(line: Line) -> dict[str, Any]:
    return {"axis": line.axis, "values": [_plain(line.axis, value) for value in line.values]}


def _plain(axis: str, value: Any) -> Any:
    if axis == "size":
        return list(value)
    return dict(value) if axis == "parts" else value
