"""What a version was made from, over adapters: on its page, and the page where that is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.pages import addresses, edit
from registry.errors import Invalid, NotFound, WrongState
from registry.exports.licences import Breach
from registry.queries import lineage, lineage_found, people, versions
from registry.queries.words import AncestorKind, Role, State
from registry.services import lineage as saying

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, User

EMPTY_ROWS = 2
EVIDENCE = {
    "mended": gettext_lazy("mended here from it"),
    "weights": gettext_lazy("the same weights"),
    "rank": gettext_lazy("the same layers at a higher rank, each a little larger"),
    "training": gettext_lazy("the same training, at a higher rank"),
    "metadata": gettext_lazy("its metadata say so"),
}
BREACHES = {
    Breach.DERIVATIVES: gettext_lazy(
        "This was made from {name}, whose licence ({licence}) does not let people share what is "
        "made of it."
    ),
    Breach.COMMERCIAL: gettext_lazy(
        "This was made from {name}, whose licence ({licence}) does not permit all the commercial "
        "use that this one's does."
    ),
    Breach.NO_CREDIT: gettext_lazy(
        "This was made from {name}, whose licence ({licence}) asks for its makers to be named: "
        "this one's does not."
    ),
    Breach.DIFFERENT_LICENCE: gettext_lazy(
        "This was made from {name}, whose licence ({licence}) has to be kept: this one has another."
    ),
}


class AncestorForm(forms.Form):
    """One thing that it was made from; a row without a name is none."""

    of = forms.CharField(max_length=1000, required=False)
    kind = forms.ChoiceField(choices=AncestorKind.choices)
    weight = forms.FloatField(required=False, min_value=-saying.HEAVIEST, max_value=saying.HEAVIEST)
    title = forms.CharField(max_length=200, required=False)
    licence = forms.CharField(max_length=120, required=False)


AncestorForms = forms.formset_factory(
    AncestorForm, extra=EMPTY_ROWS, max_num=saying.MOST, absolute_max=saying.MOST + EMPTY_ROWS
)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the line, as it is shown."""

    kind: str
    depth: int
    title: str
    name: str  # beside the title, "" if that is all there is
    address: str
    is_elsewhere: bool
    weight: float | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Guess:
    """What the hub found, to be confirmed."""

    found: lineage_found.Found
    kind: str
    evidence: str
    address: str


def of_version(version: AdapterVersion, by: User | None) -> dict[str, Any]:
    """Return what the page of a version shows of its lineage over adapters."""
    found = lineage.of_version(version, by=by)
    return {
        "made_from": [_step(one) for one in found.ancestors],
        "made_of_it": [_step(one) for one in found.descendants],
        "lineage_is_cut": found.is_cut,
        "breaches": _said(found.breaches),
        "may_say_lineage": version.state != State.REJECTED
        and people.may(by, Role.CONTRIBUTOR, version.adapter.team),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def show(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Say what a version was made from, or confirm what the hub found."""
    version = versions.in_sight(team, name, number, by=request.user)
    contributor = Role.CONTRIBUTOR
    people.require(request.user, contributor, version.adapter.team, to="say what it was made from")
    if request.method != "POST":
        return _page(request, version, AncestorForms(initial=_initial(version, request.user)))
    if "confirm" in request.POST:
        return _confirm(request, version, request.POST["confirm"])
    rows = AncestorForms(request.POST)
    refusal = _say(version, rows, request) if rows.is_valid() else _("Look at the rows again.")
    if refusal:
        return _page(request, version, rows, refusal)
    messages.success(request, _("It is kept."))
    return redirect(f"{addresses.page(version)}#lineage")


def _say(version: AdapterVersion, rows: Any, request: MemberRequest) -> str:
    """Return why what is said cannot be kept, "" if it is."""
    told = [one for one in rows.cleaned_data if one.get("of", "").strip()]
    try:
        said = [saying.Said(**one) for one in told]
        saying.say(version, said, by=request.user, now=timezone.now())
    except (Invalid, NotFound, WrongState) as refusal:
        return str(refusal)
    return ""


def _confirm(request: MemberRequest, version: AdapterVersion, name: str) -> HttpResponse:
    found = lineage_found.of_version(version, by=request.user)
    meant = next((one for one in found if one.version and one.name == name), None)
    if meant is not None:
        said = saying.Said(meant.kind, meant.name, weight=meant.weight, evidence=meant.evidence)
        try:
            saying.add(version, said, by=request.user, now=timezone.now())
        except (Invalid, NotFound, WrongState) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("It is kept."))
    return redirect(addresses.lineage(version))


def _initial(version: AdapterVersion, by: User) -> list[dict[str, Any]]:
    return [
        {
            "of": one.said.url or one.name,
            "kind": one.said.kind,
            "weight": one.said.weight,
            "title": one.said.name if one.said.url else "",
            "licence": one.said.licence,
        }
        for one in lineage.said_of(version, by=by)
    ]


def _page(
    request: MemberRequest, version: AdapterVersion, rows: Any, refusal: str = ""
) -> HttpResponse:
    by, adapter = request.user, version.adapter
    up = lineage.ancestors(version, by=by)
    shown = {
        "version": version,
        "adapter": adapter,
        "rows": rows,
        "refusal": refusal,
        "guesses": [_guess(one) for one in lineage_found.of_version(version, by=by)],
        "breaches": _said(lineage.breaches(version, up)),
        "back": reverse("adapter", args=[adapter.team.slug, adapter.slug]),
        "history": edit.history_of(adapter),
    }
    return render(request, "pages/edit/lineage.html", shown, status=422 if refusal else 200)


def _step(one: lineage.Relation) -> Step:
    version = one.version
    return Step(
        kind=one.said.get_kind_display(),
        depth=min(one.depth, 9),
        title=version.adapter.title if version else one.name,
        name=one.name if version else "",
        address=addresses.page(version) if version else one.said.url,
        is_elsewhere=bool(one.said.url),
        weight=one.said.weight,
        evidence=str(EVIDENCE.get(one.said.evidence, "")),
    )


def _guess(found: lineage_found.Found) -> Guess:
    return Guess(
        found=found,
        kind=str(found.kind.label),
        evidence=str(EVIDENCE[found.evidence]),
        address=addresses.page(found.version) if found.version else "",
    )


def _said(breaches: tuple[lineage.Breach, ...]) -> list[str]:
    return [
        str(BREACHES[one.permits]).format(
            name=one.of.name, licence=one.of.licence or _("its base's")
        )
        for one in breaches
    ]
