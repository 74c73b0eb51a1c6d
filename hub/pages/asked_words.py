"""What somebody asked the playground for: told in words, and as its form is filled in for more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from hub.pages.cells import AXES
from hub.pages.playground_form import PART, PARTS
from registry.sweeps.samplers import SAMPLERS

SHOWN_ELSEWHERE = {"scene", "prompt", "with_trigger"}  # beside the cells
BY_LINES = {"prompt", "parts"}


def told(plan: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what all cells have in common, beside the scene and the prompt: labels and values."""
    labels = {**AXES, "negative": _("Negative prompt")}
    same: Mapping[str, Any] = plan.get("same") or {}
    return [
        (str(labels[name]), _value(name, value))
        for name, value in same.items()
        if name in labels and name not in SHOWN_ELSEWHERE
    ]


def _value(name: str, value: Any) -> str:
    if name == "parts":
        return ", ".join(f"{PARTS.get(part, part)} × {by:g}" for part, by in value.items())
    if name == "size":
        return "×".join(map(str, value))
    if name == "sampler":
        return SAMPLERS.get(value, value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def typed(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the form is to hold to ask for the same again; {} where it cannot say that."""
    across, down, same = plan["across"], plan.get("down"), dict(plan.get("same") or {})
    if across["axis"] != "weight" or plan.get("against"):
        return {}
    weights = across["values"]
    ends = {"weight_from": f"{weights[0]:g}", "weight_to": f"{weights[-1]:g}"}
    parts = {f"{PART}{part}": by for part, by in same.pop("parts", {}).items()}
    if "size" in same:
        same["size"] = "x".join(map(str, same["size"]))
    rows = {"down": down["axis"], "values": _rows(down)} if down else {}
    return ends | {"weights": len(weights)} | same | parts | rows


def _rows(down: Mapping[str, Any]) -> str:
    between = "\n" if down["axis"] in BY_LINES else ", "
    return between.join(_typed(down["axis"], value) for value in down["values"])


def _typed(axis: str, value: Any) -> str:
    if axis == "parts":
        return ", ".join(f"{part} {by:g}" for part, by in value.items())
    return "x".join(map(str, value)) if axis == "size" else _value("", value)
