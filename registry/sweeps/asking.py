"""
Reading what somebody asks to see: from JSON to a plan that can be rendered, or a refusal in words.

    plan = asking.read({"across": {"axis": "weight", "values": [0, 0.5, 1]},
                        "down": {"axis": "seed", "values": [1, 2]},
                        "same": {"scene": "circle"}}, ground)
    for batch in asked.batches(asked.cells_of(plan, ground)): …
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.errors import PlanRefused
from registry.sweeps import axes
from registry.sweeps.asked import Line, Plan, cells_of
from registry.sweeps.axes import AXES, Ground

MOST_VALUES = 12  # of one axis
MOST_CELLS = 64  # of a plan, rendered
MOST_PROMPT = 1000  # letters
TEXTS = ("prompt", "negative")  # of what stays the same: free text


def read(given: Any, ground: Ground) -> Plan:
    """
    Return the plan that was given as JSON.

    :raises PlanRefused: if it makes no sense on this ground, with the axis that is at fault
    """
    if not isinstance(given, Mapping):
        raise PlanRefused("A plan is an object with “across”, and perhaps “down” and “same”.")
    unknown = set(given) - {"across", "down", "same", "against"}
    if unknown:
        raise PlanRefused(f"A plan has no field “{min(map(str, unknown))[:60]}”.")
    plan = Plan(
        across=_line(given.get("across"), "across", ground),
        down=_line(given["down"], "down", ground) if given.get("down") else None,
        same=_same(given.get("same") or {}, ground),
        against=_against(given.get("against"), ground),
    )
    _refuse_contradictions(plan)
    cells_of(plan, ground)  # which says where the words to be replaced are not there
    return plan


def _line(given: Any, name: str, ground: Ground) -> Line:
    if not isinstance(given, Mapping) or not isinstance(given.get("values"), list | tuple):
        raise PlanRefused(f"“{name}” is an object with an axis and its values.", axis=name)
    slug = given.get("axis")
    if not isinstance(slug, str) or slug not in AXES or not _means_something(slug, ground):
        there = ", ".join(one for one in AXES if _means_something(one, ground))
        raise PlanRefused(f"“{name}” has no axis that this base has: {there}.", axis=name)
    axis, values = slug, given["values"]
    if not 1 <= len(values) <= MOST_VALUES:
        many = f"The axis {axis} has {len(values)} values; 1 to {MOST_VALUES} are taken."
        raise PlanRefused(many, axis=axis)
    found = tuple(_value(axis, value, ground) for value in values)
    twice = next((value for value in found if found.count(value) > 1), None)
    if twice is not None:
        said = axes.label(axis, twice)
        raise PlanRefused(f"The axis {axis} has {said} twice.", axis=axis)
    return Line(axis, found)


def _means_something(slug: str, ground: Ground) -> bool:
    return not ground.axes or slug in ground.axes


def _value(axis: str, given: Any, ground: Ground) -> Any:
    try:
        return AXES[axis].read(given, ground)
    except ValueError as error:
        raise PlanRefused(f"The axis {axis}: {error}.", axis=axis) from error


def _same(given: Any, ground: Ground) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise PlanRefused("“same” is an object of what all cells have in common.", axis="same")
    same: dict[str, Any] = {}
    for name, value in given.items():
        if value is None or (value == "" and name != "sampler"):
            continue
        same[str(name)] = _said(str(name), value, ground)
    return same


def _said(name: str, value: Any, ground: Ground) -> Any:
    if name in TEXTS:
        if not isinstance(value, str) or len(value) > MOST_PROMPT:
            refusal = f"The {name} is a text of at most {MOST_PROMPT} letters."
            raise PlanRefused(refusal, axis=name)
        return " ".join(value.replace("\0", "").split())
    if name == "with_trigger":
        if not isinstance(value, bool):
            raise PlanRefused("“with_trigger” is true or false.", axis=name)
        return value
    if name not in AXES or name == "version" or not _means_something(name, ground):
        raise PlanRefused(f"“same” has no field “{name[:60]}” on this base.", axis="same")
    return _value(name, value, ground)


def _against(given: Any, ground: Ground) -> int | None:
    if given in (None, ""):
        return None
    number = int(_value("version", given, ground))
    if number == ground.number:
        raise PlanRefused("A version is held against another one, not itself.", axis="version")
    return number


def _refuse_contradictions(plan: Plan) -> None:
    named = [line.axis for line in plan.lines]
    if len(set(named)) < len(named):
        raise PlanRefused(f"Both axes are {named[0]}: choose another one down.", axis=named[0])
    if plan.against and {"version", "training_step"} & {*named, *plan.same}:
        told = "Two versions are held against each other by their weights files alone."
        raise PlanRefused(told, axis="version")
    if "scene" in named and "prompt" in plan.same:
        told = "Give either a prompt of your own or several scenes, which have their own."
        raise PlanRefused(told, axis="scene")
    if plan.cells > MOST_CELLS:
        told = f"The plan has {plan.cells} cells; {MOST_CELLS} are rendered at most."
        raise PlanRefused(told, axis=named[-1])
