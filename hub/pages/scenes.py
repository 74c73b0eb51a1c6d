"""A team's own scenes of a base: the form to add or change one, and the switch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from registry.errors import Invalid, NotFound, WrongState
from registry.queries import bases, people
from registry.queries.words import Kind, Role
from registry.services import scenes
from registry.sweeps.samplers import SAMPLERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import BaseModel, Scene, Team


class Seeds(forms.CharField):
    """Seeds, written with commas between them."""

    default_error_messages = {  # noqa: RUF012  as Django's own fields have it
        "invalid": gettext_lazy("Write whole numbers with commas between them: 1, 2, 3.")
    }

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[int]:
        written = [one.strip() for one in super().clean(value).split(",")]
        try:
            return [int(one) for one in written if one]
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class SceneForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=scenes.MOST_TITLE)
    prompt = forms.CharField(
        label=gettext_lazy("Prompt"),
        max_length=scenes.MOST_PROMPT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("{trigger} is where the trigger words go, else before it."),
    )
    sample = forms.ChoiceField()
    passage = forms.CharField(
        label=gettext_lazy("Passage"),
        max_length=scenes.MOST_PASSAGE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("A fixed text that its answers are held against."),
    )
    most_tokens = forms.IntegerField(
        label=gettext_lazy("Longest answer, in tokens"),
        min_value=0,
        max_value=scenes.MOST_TOKENS,
        help_text=gettext_lazy("0: as long as is usual for the base."),
    )
    negative = forms.CharField(
        label=gettext_lazy("Negative prompt"), max_length=scenes.MOST_PROMPT, required=False
    )
    seed = forms.IntegerField(label=gettext_lazy("Seed"), min_value=0)
    further_seeds = Seeds(
        label=gettext_lazy("Further seeds"),
        max_length=80,
        required=False,
        help_text=gettext_lazy(
            "It is drawn by these too, at the few weights that the curve says something of."
        ),
    )
    steps = forms.IntegerField(
        label=gettext_lazy("Steps"), min_value=1, max_value=scenes.MOST_STEPS
    )
    guidance = forms.FloatField(label=gettext_lazy("Guidance"), min_value=0)
    width = forms.IntegerField(
        label=gettext_lazy("Width"), min_value=scenes.LEAST_SIDE, max_value=scenes.MOST_SIDE
    )
    height = forms.IntegerField(
        label=gettext_lazy("Height"), min_value=scenes.LEAST_SIDE, max_value=scenes.MOST_SIDE
    )
    sampler = forms.ChoiceField(
        label=gettext_lazy("Sampler"),
        required=False,
        choices=[("", gettext_lazy("The base's own")), *SAMPLERS.items()],
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("For adapters of these kinds alone"),
        required=False,
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    counts = forms.BooleanField(
        label=gettext_lazy("Draw the curve from it"),
        required=False,
        help_text=gettext_lazy("Leave it off for an unusual prompt: then it is only shown."),
    )

    def __init__(self, base: BaseModel, *args: Any, **kwargs: Any) -> None:
        """Keep the fields that the base is asked by."""
        super().__init__(*args, **kwargs)
        for name in self.base_fields.keys() - {*scenes.ALWAYS, *scenes.asked_by(base)}:
            del self.fields[name]
        if "sample" in self.fields:
            known = [(one, one) for one in scenes.sample_names(base)]
            self.fields["sample"] = forms.ChoiceField(label=_("What it is given"), choices=known)
            if "prompt" in self.fields:
                self.fields["prompt"].required = False

    def written(self) -> list[forms.BoundField]:
        """Return the fields that take a line or more, in order."""
        wide = ("sample", "prompt", "negative", "passage")
        return [self[name] for name in wide if name in self.fields]

    def numbers(self) -> list[forms.BoundField]:
        """Return the fields that two of go beside each other."""
        short = (
            "seed",
            "further_seeds",
            "steps",
            "width",
            "height",
            "guidance",
            "sampler",
            "most_tokens",
        )
        return [self[name] for name in short if name in self.fields]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: MemberRequest, slug: str) -> HttpResponse:
    base = bases.named(slug, by=request.user)
    teams = people.teams_of(request.user, at_least=Role.REVIEWER)
    wanted = request.GET.get("team", "")
    team = next((one for one in teams if one.slug == wanted), teams[0] if teams else None)
    if team is None:
        raise NotFound(_("You are in no team that you may add scenes for."))
    form = SceneForm(base, request.POST or None, initial=scenes.usual(base))
    if request.method == "POST" and form.is_valid():
        try:
            scenes.add(base, team=team, by=request.user, now=timezone.now(), **form.cleaned_data)
        except (Invalid, WrongState) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The scene is added: versions to come are shown on it."))
            return redirect("base", base.slug)
    return _page(request, form, base, team)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: MemberRequest, slug: str, team: str, scene_id: int) -> HttpResponse:
    scene = _scene(request, slug, team, scene_id)
    said = {name: getattr(scene, name) for name in SceneForm.base_fields}
    form = SceneForm(scene.base, request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            scenes.change(scene, by=request.user, now=timezone.now(), **form.cleaned_data)
        except (Invalid, WrongState) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The scene is changed; what is rendered already stays."))
            return redirect("base", scene.base.slug)
    return _page(request, form, scene.base, people.team(team), scene=scene)


@require_POST
@login_required
def switch(request: MemberRequest, slug: str, team: str, scene_id: int) -> HttpResponse:
    """Switch a scene off, or on again."""
    scene = _scene(request, slug, team, scene_id)
    wanted = request.POST.get("active") == "1"
    try:
        scenes.change(scene, by=request.user, now=timezone.now(), active=wanted)
    except WrongState as refusal:
        messages.error(request, str(refusal))
    return redirect("base", scene.base.slug)


def beside(base: BaseModel, teams: Sequence[Team]) -> list[tuple[Team, list[Scene]]]:
    """Return the scenes that each of a person's teams has added to a base."""
    return [(team, scenes.of_team(team, base)) for team in teams]


def _scene(request: MemberRequest, slug: str, team: str, scene_id: int) -> Scene:
    scene = scenes.of_team_by_id(people.team(team), scene_id, by=request.user)
    if scene.base.slug != slug:
        raise NotFound(_("There is no such scene."))
    return scene


def _page(
    request: MemberRequest, form: SceneForm, base: BaseModel, team: Team, scene: Any = None
) -> HttpResponse:
    shown = {"form": form, "base": base, "team": team, "scene": scene}
    status = 422 if form.is_bound else 200
    return render(request, "pages/bases/scene.html", shown, status=status)
