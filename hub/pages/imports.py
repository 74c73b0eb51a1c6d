"""Import: what may be imported from, what was, and the beginning of another one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.pages.import_headlines import headline
from hub.pages.modalities import in_groups
from registry.errors import RegistryError
from registry.queries import bases, imports, people
from registry.queries.words import Role
from registry.services.imports import asking

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest

A_PAGE = 20
KINDS = (
    ("", _("As the address tells")),
    ("folder", _("A folder of this server")),
    ("loradex", _("Another Loradex")),
    ("hub", _("A model hub")),
    ("civitai", _("Civitai")),
)


class ImportForm(forms.Form):
    """What is to be imported."""

    source = forms.CharField(label=_("From where?"), max_length=asking.LONGEST)
    kind = forms.ChoiceField(label=_("What is it?"), choices=KINDS, required=False)
    team = forms.ChoiceField(label=_("Team"))
    base = forms.ChoiceField(label=_("Base model"), required=False)
    only_new = forms.BooleanField(
        label=_("Only what is new since the last import from there"), required=False
    )

    def __init__(self, *args: Any, teams: Any, bases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [  # type: ignore[attr-defined]
            (team.slug, team.title) for team in teams
        ]
        self.fields["base"].choices = [  # type: ignore[attr-defined]
            ("", _("As is found of each")),
            *bases,
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def show(request: MemberRequest) -> HttpResponse:
    teams = people.teams_of(request.user, at_least=Role.CONTRIBUTOR)
    if not teams:
        return render(request, "pages/upload/no_team.html")
    given = [request.POST] if request.method == "POST" else []
    usable = in_groups(bases.usable(request.user))
    form = ImportForm(*given, teams=teams, bases=usable, initial=request.GET.dict())
    if given and form.is_valid():
        begun = _begin(form, request)
        if begun is not None:
            return redirect("one-import", begun)
    return _page(request, form, status=422 if given else 200)


def _begin(form: ImportForm, request: MemberRequest) -> Any:
    """Return the key of the import that is begun; None, with the form saying why, if it is not."""
    said = form.cleaned_data
    wanted = asking.Wanted(said["source"], said["kind"], said["base"], said["only_new"])
    try:
        team = people.team(said["team"])
        return asking.begin(wanted, team=team, by=request.user, now=timezone.now()).pk
    except RegistryError as refusal:
        form.add_error("source", str(refusal))
        return None


def _page(request: MemberRequest, form: ImportForm, *, status: int) -> HttpResponse:
    page = Paginator(imports.listed(by=request.user), A_PAGE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    tallies = imports.tallies(found)
    shown = {
        "form": form,
        "page": page,
        "rows": [(row, headline(row, tallies[row.pk])) for row in found],
        "folders": settings.IMPORT_FOLDERS,
        "hosts": [*settings.IMPORT_HOSTS, *settings.IMPORT_PRIVATE_HOSTS],
    }
    return render(request, "pages/imports/imports.html", shown, status=status)
