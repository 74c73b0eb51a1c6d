"""The playground's form, and the plan that it makes of what was typed. It needs no JavaScript."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.pages.cells import AXES
from hub.wordings.scenes import title_of
from registry.errors import PlanRefused
from registry.sweeps.asking import MOST_VALUES
from registry.sweeps.axes import (
    LEAST_WEIGHT,
    MOST_GUIDANCE,
    MOST_PART,
    MOST_STEPS,
    MOST_WEIGHT,
    Ground,
)
from registry.sweeps.samplers import SAMPLERS

PART = "part:"  # what the names of the fields of blocks begin with
HINTS = {
    "seed": _("With commas: 1, 2, 3."),
    "prompt": _("One in a line: first what stands in the prompt, then what replaces it."),
    "sampler": _("With commas: euler, ddim."),
    "steps": _("With commas: 10, 20, 40."),
    "guidance": _("With commas: 1, 3, 7.5."),
    "scene": _("Their names in addresses, with commas."),
    "size": _("With commas: 64x96, 96x96."),
    "parts": _("One in a line: unet.down 0.5, unet.up 1"),
    "training_step": _("Steps of its checkpoints, with commas; “final” for the end."),
    "version": _("Numbers of versions, with commas."),
}
PARTS = {
    "unet.down": _("Down blocks"),
    "unet.mid": _("Middle block"),
    "unet.up": _("Up blocks"),
    "text_encoder": _("Text encoder"),
    "text_encoder_2": _("Second text encoder"),
    "transformer": _("Transformer"),
}


class PlaygroundForm(forms.Form):
    scene = forms.ChoiceField(label=_("Scene"))
    prompt = forms.CharField(
        label=_("Or a prompt of your own"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    negative = forms.CharField(label=_("Negative prompt"), required=False, max_length=1000)
    with_trigger = forms.BooleanField(
        label=_("with its trigger words"), required=False, initial=True
    )
    weight_from = forms.FloatField(
        label=_("Weights from"), min_value=LEAST_WEIGHT, max_value=MOST_WEIGHT, initial=0
    )
    weight_to = forms.FloatField(
        label=_("to"), min_value=LEAST_WEIGHT, max_value=MOST_WEIGHT, initial=1.2
    )
    weights = forms.IntegerField(
        label=_("How many weights"), min_value=1, max_value=MOST_VALUES, initial=4
    )
    down = forms.ChoiceField(label=_("What rows differ in"), required=False)
    values = forms.CharField(
        label=_("The values of the rows"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seed = forms.IntegerField(label=_("Seed"), required=False, min_value=0)
    steps = forms.IntegerField(label=_("Steps"), required=False, min_value=1, max_value=MOST_STEPS)
    guidance = forms.FloatField(
        label=_("Guidance"), required=False, min_value=0, max_value=MOST_GUIDANCE
    )
    sampler = forms.ChoiceField(label=_("Sampler"), required=False)
    size = forms.CharField(label=_("Size"), required=False, max_length=12)
    in_gallery = forms.BooleanField(label=_("Show the result in the gallery"), required=False)

    def __init__(self, *args: Any, ground: Ground, may_show: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ground = ground
        scenes = [(scene.slug, title_of(scene.title) or scene.slug) for scene in ground.scenes]
        self._choices("scene", scenes)
        self._choices("down", [("", _("Nothing: one row")), *self._axes()])
        self._choices(
            "sampler",
            [("", _("the base's own")), *((name, SAMPLERS[name]) for name in ground.samplers)],
        )
        for part in ground.parts:
            self.fields[f"{PART}{part}"] = forms.FloatField(
                label=PARTS.get(part, part),
                required=False,
                min_value=-MOST_PART,
                max_value=MOST_PART,
                initial=1,
            )
        left_out = {"in_gallery"} if not may_show else set()
        if ground.axes:  # where nothing is denoised
            left_out |= {"steps", "guidance", "sampler", "size", "seed", "negative"}
        for name in left_out:
            del self.fields[name]

    def _axes(self) -> list[tuple[str, Any]]:
        ground = self.ground
        empty = {
            "training_step": not ground.training_steps,
            "version": len(ground.versions or {}) < 2,
            "parts": not ground.parts,
            "sampler": len(ground.samplers) < 2,
            "scene": len(ground.scenes) < 2,
        }
        return [
            (slug, title)
            for slug, title in AXES.items()
            if slug != "weight" and not empty.get(slug) and (not ground.axes or slug in ground.axes)
        ]

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def part_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(PART)]

    @property
    def says_parts(self) -> bool:
        """Whether a block takes another weight than the rest, or is said wrongly."""
        usual = {"1", "1.0", "", "None"}
        return any(one.errors or str(one.value()) not in usual for one in self.part_fields)

    @property
    def hints(self) -> dict[str, str]:
        return {slug: str(hint) for slug, hint in HINTS.items()}

    def plan(self) -> dict[str, Any]:
        """Return the plan of a form that is valid, as the API takes it."""
        said: Mapping[str, Any] = self.cleaned_data
        down = said["down"]
        same = {
            name: said[name]
            for name in ("negative", "with_trigger", "seed", "steps", "guidance", "sampler", "size")
            if said.get(name) not in (None, "") and name != down
        }
        if down != "scene":
            same["scene"] = said["scene"]
        if said["prompt"].strip():
            same["prompt"] = said["prompt"]
        parts = {
            name.removeprefix(PART): value
            for name, value in said.items()
            if name.startswith(PART) and value not in (None, 1.0)
        }
        if parts and down != "parts":
            same["parts"] = parts
        across = {"axis": "weight", "values": self._weights()}
        rows = {"axis": down, "values": values_of(down, said["values"])} if down else None
        return {"across": across, "down": rows, "same": same}

    def _weights(self) -> list[float]:
        low, high = self.cleaned_data["weight_from"], self.cleaned_data["weight_to"]
        count = self.cleaned_data["weights"]
        if count == 1 or low == high:
            return [low]
        step = (high - low) / (count - 1)
        return [round(low + step * place, 3) for place in range(count)]

    def lead_to_error(self) -> None:
        """Let the browser go to the first field that is wrong: it may be far below the fold."""
        for name in self.fields:
            if name in self.errors:
                self.fields[name].widget.attrs["autofocus"] = True
                return

    def refuse(self, refusal: PlanRefused) -> None:
        """Put a refusal beside the field that it is about."""
        axis = refusal.axis
        if axis == self.cleaned_data.get("down"):
            axis = "values"
        axis = {"weight": "weight_from", "across": "weight_from"}.get(axis, axis)
        self.add_error(axis if axis in self.fields else None, refusal.message)


def values_of(axis: str, text: str) -> list[Any]:
    """Return the values that somebody typed for an axis: by lines, or between commas."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if axis == "prompt":
        return list(lines)
    if axis == "parts":
        return [_parts(line) for line in lines]
    return [value.strip() for line in lines for value in re.split(r"[,，;]", line) if value.strip()]


def _parts(line: str) -> dict[str, Any]:
    """Return what `unet.down 0.5, unet.up=1` says; what it does not say is refused by the plan."""
    found = {}
    for told in re.split(r"[,，;]", line):
        name, _sign, number = told.strip().replace("=", " ").replace(":", " ").partition(" ")
        if name:
            found[name] = number.strip()
    return found
