"""The base models: the list, the page of one, and what a team does with its own."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.pages import scenes
from hub.pages.modalities import MODALITIES
from registry.bases.family_titles import title_of
from registry.errors import WrongState
from registry.queries import bases, people
from registry.queries.words import BaseState, Proof, Role
from registry.services import own_bases
from registry.services.bases import config_folder, is_swept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from hub.pages.requests import MemberRequest
    from registry.models import BaseModel, User


@dataclass(frozen=True, slots=True)
class Part:
    """One component of a base: how many layers of it adapters are held against."""

    name: str
    layers: int


@dataclass(frozen=True, slots=True)
class Step:
    """One level of proof: whether this hub can reach it for the base, and why or why not."""

    label: str
    done: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Group:
    """The bases that make one kind of thing."""

    slug: str
    title: str
    bases: list[BaseModel]


MOST_SEARCHED = 200  # letters
PIECES = {"own-bases": "parts/_own_bases.html", "catalogue": "parts/_catalogue.html"}  # by id


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    by = people.person(request.user)
    text = request.GET.get("text", "").strip()[:MOST_SEARCHED]
    found = list(bases.listed(by=by))
    own = [base for base in found if base.team_id]
    shown = {
        "own": sorted(own, key=lambda base: base.title.lower()),
        "groups": _by_modality(
            base for base in found if not base.team_id and _is_meant(base, text)
        ),
        "text": text,
        "going_on": any(base.state == BaseState.MAKING for base in own),
        "may_add": by is not None,
    }
    return render(request, PIECES.get(_target(request), "pages/bases/bases.html"), shown)


def _target(request: HttpRequest) -> str:
    """Return the id of the piece that htmx asks for again, "" for the whole page."""
    return request.headers.get("HX-Target", "") if request.headers.get("HX-Request") else ""


def _is_meant(base: BaseModel, text: str) -> bool:
    """Tell whether all words searched for stand in the names that a base goes by."""
    names = " ".join(
        [base.title, base.slug, base.family, title_of(base.family), *base.aliases]
    ).lower()
    return all(word in names for word in text.lower().split())


def _by_modality(found: Iterable[BaseModel]) -> list[Group]:
    """Return the bases by what they make; in each group those that are used stand first."""
    groups: dict[str, list[BaseModel]] = {each: [] for each in MODALITIES}
    for base in found:
        groups.setdefault(base.modality, []).append(base)
    return [
        Group(
            name,
            MODALITIES.get(name, name),
            sorted(some, key=attrgetter("published"), reverse=True),
        )
        for name, some in groups.items()
        if some
    ]


@require_safe
def show(request: HttpRequest, slug: str) -> HttpResponse:
    by = people.person(request.user)
    return render(request, "pages/bases/one_base.html", _about(bases.whole(slug, by=by), by))


@require_safe
@never_cache
def live(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the piece as it stands; once the worker is done, with the whole page again."""
    base = bases.named(slug, by=people.person(request.user))
    if not request.headers.get("HX-Request"):
        return redirect("base", base.slug)
    if base.state != BaseState.MAKING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "parts/_being_made.html", {"base": base})


@require_POST
@login_required
def make_again(request: MemberRequest, slug: str) -> HttpResponse:
    base = bases.named(slug, by=request.user)
    try:
        own_bases.make_again(base, by=request.user, now=timezone.now())
    except WrongState as refusal:
        messages.error(request, str(refusal))
    return redirect("base", base.slug)


@require_POST
@login_required
def remove(request: MemberRequest, slug: str) -> HttpResponse:
    base = bases.named(slug, by=request.user)
    try:
        own_bases.remove(base, by=request.user, now=timezone.now())
    except WrongState as refusal:
        messages.error(request, str(refusal))
        return redirect("base", base.slug)
    messages.success(request, _("{title} is removed.").format(title=base.title))
    return redirect("bases")


def _about(base: BaseModel, by: User | None) -> dict[str, object]:
    manifest = bases.manifest_of(base) if base.state == BaseState.READY else None
    components = manifest.components if manifest else {}
    contributes = base.team is None or people.may(by, Role.CONTRIBUTOR, base.team)
    parts = [Part(name, len(layers)) for name, layers in components.items()]
    return {
        "base": base,
        "parts": parts,
        "layers": sum(part.layers for part in parts),
        "steps": _proofs(base, knows_layers=bool(parts)),
        "may_change": own_bases.may_change(base, by),
        "may_make": base.team is not None and contributes,
        "may_upload": contributes,
        "team_scenes": scenes.beside(base, people.teams_of(by, at_least=Role.REVIEWER))
        if by
        else [],
    }


def _proofs(base: BaseModel, *, knows_layers: bool) -> tuple[Step, ...]:
    """Return how far the load of an adapter can be proved here."""
    renders = bool(base.weights_at) and is_swept(base)
    loads = renders or (config_folder(base) is not None and base.proof_needed != Proof.FITS)
    return (
        Step(
            str(Proof.FITS.label),
            knows_layers,
            _("Every layer of an adapter is looked up here, by name and shape. No weights needed.")
            if knows_layers
            else _("Its layers are not known, so an adapter is taken on its word."),
        ),
        Step(
            str(Proof.LOADS.label),
            loads,
            _("The real loader is tried, without weights where there are none.")
            if loads
            else _("No worker builds a pipeline of this base, so no loader is tried."),
        ),
        Step(
            str(Proof.RENDERS.label),
            renders,
            _("It is shown at every weight, with the base's own weights.")
            if renders
            else _why_not_rendered(base),
        ),
    )


def _why_not_rendered(base: BaseModel) -> str:
    if not is_swept(base):
        return _("Models of this class are not swept, so nothing is rendered.")
    return _("The hub's operator has not given its weights, so nothing is rendered.")
