"""What is asked of several adapters at once: a form without JavaScript, and the plan it makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hub.wordings.scenes import title_of
from registry.sweeps.asking import MOST_PROMPT, MOST_VALUES
from registry.sweeps.axes import LEAST_WEIGHT, MOST_WEIGHT, Ground


class SeveralForm(forms.Form):
    scene = forms.ChoiceField(label=_("Scene"), required=False)
    prompt = forms.CharField(
        label=_("Or a prompt of your own"),
        required=False,
        max_length=MOST_PROMPT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    with_trigger = forms.BooleanField(
        label=_("each with its own trigger words"), required=False, initial=True
    )
    seed = forms.IntegerField(label=_("Seed"), required=False, min_value=0)
    weight_from = forms.FloatField(
        label=_("Weights from"), min_value=LEAST_WEIGHT, max_value=MOST_WEIGHT, initial=0.6
    )
    weight_to = forms.FloatField(
        label=_("to"), min_value=LEAST_WEIGHT, max_value=MOST_WEIGHT, initial=1.2
    )
    weights = forms.IntegerField(
        label=_("How many weights"), min_value=1, max_value=MOST_VALUES, initial=3
    )

    def __init__(self, *args: Any, grounds: Sequence[Ground], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shared = [
            (scene.slug, title_of(scene.title) or scene.slug)
            for scene in grounds[0].scenes
            if all(scene.slug in {one.slug for one in ground.scenes} for ground in grounds)
        ]
        self.fields["scene"].choices = shared  # type: ignore[attr-defined]
        if not shared:  # adapters for several bases, each with scenes of its own
            del self.fields["scene"]
            self.fields["prompt"].label = _("Prompt")
            self.fields["prompt"].required = True
        if any(ground.axes and "seed" not in ground.axes for ground in grounds):
            del self.fields["seed"]  # where nothing is drawn by chance

    def plan(self) -> dict[str, Any]:
        """Return the plan of a form that is valid, as the API takes it."""
        said = self.cleaned_data
        same = {
            name: said[name]
            for name in ("scene", "with_trigger", "seed")
            if said.get(name) not in (None, "")
        }
        if said["prompt"].strip():
            same["prompt"] = said["prompt"]
        return {"across": {"axis": "weight", "values": self._weights()}, "same": same}

    def _weights(self) -> list[float]:
        low, high = self.cleaned_data["weight_from"], self.cleaned_data["weight_to"]
        count = self.cleaned_data["weights"]
        if count == 1 or low == high:
            return [low]
        step = (high - low) / (count - 1)
        return [round(low + step * place, 3) for place in range(count)]
