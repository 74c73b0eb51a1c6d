"""The form for a base of a team's own, and what it sends to the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from hub.pages.forms import Words
from registry.bases import given
from registry.bases.classes import PICTURE_PARTS, TEXT_PARTS
from registry.errors import Invalid, NotAllowed, NotFound, RegistryError, WrongState
from registry.queries import bases, people
from registry.queries.words import Role
from registry.services import own_bases
from registry.services.versions import suggest_slug

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpResponse
    from django.utils.functional import Promise

    from hub.pages.requests import MemberRequest
    from registry.models import BaseModel, Team

# What each code of the registry's refusals means; its own sentence names file and field.
MEANS: Mapping[str, str | Promise] = {
    "base.layers": _("Choose a base with the same layers, or give its configuration, not both."),
    "base.name-taken": _("A name belongs to one base alone, here and in other programs."),
    "base.slug": _("The name in addresses is of small Latin letters, digits and hyphens."),
    "base.repo": _("A repository has an owner and a name, with a slash between them."),
    "base.size": _("A configuration is a small text file. Were the weights chosen by mistake?"),
    "base.json": _("One of the files is no plain JSON object."),
    "base.limit": _("A number in it is beyond all that real models have."),
    "base.class": _("Only models of diffusers and transformers can be laid out."),
    "base.code": _("This hub never runs code that comes with a model."),
    "base.missing": _("One of the files is lacking."),
    "base.extra": _("One of the files has no use."),
}


class BaseForm(forms.Form):
    team = forms.ChoiceField(label=_("Team"))
    title = forms.CharField(label=_("Title"), max_length=120)
    slug = forms.CharField(
        label=_("Name in addresses"),
        max_length=60,
        required=False,
        help_text=_(
            "Small Latin letters, digits and hyphens; made from the title where left empty."
        ),
    )
    repo = forms.CharField(
        label=_("Its repository"),
        max_length=200,
        required=False,
        help_text=_("Owner/name, letter by letter as servers call it: vLLM compares it so."),
    )
    aliases = Words(
        label=_("Its other names"),
        required=False,
        max_length=2000,
        help_text=_(
            "Other repo ids, and what trainers write into their files. Separated by commas."
        ),
    )
    licence = forms.CharField(label=_("Licence"), required=False, max_length=120)
    licence_url = forms.URLField(
        label=_("Address of the licence"), required=False, max_length=200, assume_scheme="https"
    )
    parent = forms.ChoiceField(label=_("A base with the same layers"), required=False)
    main = forms.FileField(
        label=_("config.json or model_index.json"), required=False, allow_empty_file=True
    )
    picture = forms.FileField(
        label=_("config.json of its unet, transformer or prior"),
        required=False,
        allow_empty_file=True,
    )
    text_encoder = forms.FileField(
        label=_("config.json of its text_encoder"), required=False, allow_empty_file=True
    )
    text_encoder_2 = forms.FileField(
        label=_("config.json of its text_encoder_2"), required=False, allow_empty_file=True
    )
    text_encoder_3 = forms.FileField(
        label=_("config.json of its text_encoder_3"), required=False, allow_empty_file=True
    )

    def __init__(
        self, *args: Any, teams: list[tuple[str, str]], parents: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = teams  # type: ignore[attr-defined]
        none = ("", _("None: its layers are its own"))
        self.fields["parent"].choices = [none, *parents]  # type: ignore[attr-defined]
        for name in ("main", "picture", *TEXT_PARTS):
            self.fields[name].widget.attrs["accept"] = ".json,application/json"


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show(request: MemberRequest) -> HttpResponse:
    teams = people.teams_of(request.user, at_least=Role.CONTRIBUTOR)
    if not teams:
        return render(request, "pages/bases/no_base_team.html", status=403)
    form = BaseForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        initial={"parent": request.GET.get("parent", "")},
        teams=[(team.slug, team.title) for team in teams],
        parents=[(base.slug, base.title) for base in bases.usable(request.user)],
    )
    if request.method != "POST":
        return _page(request, form)
    if form.is_valid():
        team = next(one for one in teams if one.slug == form.cleaned_data["team"])
        try:
            base = _add(form.cleaned_data, team=team, request=request)
        except (Invalid, NotAllowed, NotFound, WrongState) as refusal:
            return _page(request, form, refusal=refusal)
        return redirect("base", base.slug)
    return _page(request, form, status=422)


def _add(said: Mapping[str, Any], *, team: Team, request: MemberRequest) -> BaseModel:
    configs = _configs(said)
    return own_bases.add(
        own_bases.Description(
            title=said["title"],
            slug=said["slug"].strip().lower() or suggest_slug(said["title"])[:60].strip("-"),
            repo=said["repo"],
            aliases=said["aliases"],
            licence=said["licence"],
            licence_url=said["licence_url"],
        ),
        team=team,
        parent=said["parent"],
        configs=configs or None,
        by=request.user,
        now=timezone.now(),
    )


def _configs(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the files under the names that they have in a base's folder."""
    files: dict[str, Any] = {}
    if said["main"]:
        main = _read(said["main"])
        pipeline = str(main.get("_class_name", "")).endswith("Pipeline")
        is_index = pipeline or said["main"].name == given.INDEX
        files[given.INDEX if is_index else given.CONFIG] = main
    index = files.get(given.INDEX, {})
    named = [part for part in PICTURE_PARTS if index.get(part) not in given.NOTHING]
    parts = {"picture": (named or ["unet"])[0]} | {each: each for each in TEXT_PARTS}
    for field, part in parts.items():
        if said[field]:
            files[f"{part}/{given.CONFIG}"] = _read(said[field])
    return files


def _read(file: UploadedFile[bytes]) -> dict[str, Any]:
    return given.parse(str(file.name)[:80], file.read(given.MOST_BYTES + 1))


def _page(
    request: MemberRequest,
    form: BaseForm,
    *,
    refusal: RegistryError | None = None,
    status: int = 200,
) -> HttpResponse:
    shown = {
        "form": form,
        "refusal": str(refusal) if refusal else "",
        "means": MEANS.get(refusal.code, "") if refusal else "",
    }
    return render(request, "pages/bases/new.html", shown, status=422 if refusal else status)
