"""
The upload page.

With JavaScript, the page's own modules read the header in the browser and send the file in parts
through the API (hub/static/js/upload/). Without, this same form arrives here in one piece and goes
through the same services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, cast

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from hub.pages import addresses, asks
from hub.pages.forms import UploadForm
from hub.pages.modalities import in_groups
from hub.pages.sentences import upload_sentences
from registry.errors import Invalid, NotAllowed, NotFound, WrongState
from registry.queries import adapters, bases, people
from registry.queries.words import Role
from registry.services import unpacking, uploads, versions
from registry.sweeps.rows import MOST_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, Team

SAID = (
    *("title", "description", "kind", "tags", "licence", "label", "changes"),
    *("trigger_words", "sample_prompts"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show(request: MemberRequest) -> HttpResponse:
    teams = people.teams_of(request.user, at_least=Role.CONTRIBUTOR)
    if not teams:
        return render(request, "pages/upload/no_team.html")
    if request.method == "POST":
        return _receive(request, teams)
    form = _form(request, teams, initial=_known(request) or _usual(request, teams))
    return _page(request, form, teams)


def _receive(request: MemberRequest, teams: Any) -> HttpResponse:
    form = _form(request, teams, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, teams, status=422)
    team = next(one for one in teams if one.slug == form.cleaned_data["team"])
    try:
        version = _make(form.cleaned_data, team=team, request=request)
    except (Invalid, NotAllowed, NotFound, WrongState) as refusal:
        form.add_error(None, str(refusal))
        return _page(request, form, teams, status=422)
    return redirect(addresses.page(version))


def _make(said: dict[str, Any], *, team: Team, request: MemberRequest) -> AdapterVersion:
    declaration = versions.Declaration(
        adapter=said["adapter"],
        base=said["base"],
        weight_low=said["weight_low"],
        weight_high=said["weight_high"],
        content_level=said["content_level"],
        **{name: said[name] for name in SAID},
    )
    files = [(said["file"], "weights")]
    if said["config"]:
        files.append((said["config"], "config"))
    now = timezone.now()
    incoming = [
        unpacking.Incoming(
            uploads.receive_whole(
                cast(BinaryIO, file), name=file.name or "", team=team, by=request.user, now=now
            ),
            role=role,
        )
        for file, role in files
    ]
    return versions.receive(declaration, incoming, team=team, by=request.user, now=now)


def _form(
    request: MemberRequest, teams: Any, *given: Any, initial: dict[str, Any] | None = None
) -> UploadForm:
    return UploadForm(
        *given,
        initial=initial or {},
        teams=[(team.slug, team.title) for team in teams],
        bases=in_groups(bases.usable(request.user)),
    )


def _known(request: MemberRequest) -> dict[str, Any]:
    """Return what is known of the adapter that `?adapter=team/name` is a next version of."""
    team, _, name = request.GET.get("adapter", "").partition("/")
    if not name:
        return {}
    try:
        adapter = adapters.named(team, name, by=request.user)
    except NotFound:
        return {}
    newest = adapter.versions.order_by("-number").select_related("base").first()
    return {
        "team": team,
        "adapter": name,
        "title": adapter.title,
        "kind": adapter.kind,
        "tags": adapter.tags,
        "licence": adapter.licence,
        "description": adapter.description,
        "content_level": adapter.content_level,
        "base": newest.base.slug if newest else "",
        "trigger_words": newest.trigger_words if newest else [],
        "sample_prompts": newest.sample_prompts[:MOST_SAMPLES] if newest else [],
    }


def _usual(request: MemberRequest, teams: Sequence[Team]) -> dict[str, Any]:
    """Return what uploads of the team begin with: of `?team=`, or of the first."""
    wanted = request.GET.get("team", "")
    team = next((one for one in teams if one.slug == wanted), teams[0])
    return {
        "team": team.slug,
        "licence": team.licence,
        "content_level": team.content_level,
        "base": team.base.slug if team.base else "",
    }


def _page(
    request: MemberRequest, form: UploadForm, teams: Sequence[Team], *, status: int = 200
) -> HttpResponse:
    shown = {"form": form, "sentences": upload_sentences(), "asks": asks.of_teams(teams)}
    return render(request, "pages/upload/upload.html", shown, status=status)
