"""What is said of an adapter and its versions, to be said otherwise; and what was said before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hub.pages import addresses, tellings
from hub.pages.edit_forms import AdapterForm, VersionForm
from hub.pages.modalities import in_groups
from registry.errors import Invalid, NotAllowed, RegistryError, WrongState
from registry.queries import activity, adapters, bases, people, versions
from registry.queries.words import Role, State
from registry.services import describing, redeclaring

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import Adapter

WRITES = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Past:
    """A change: who changed what, and what stood there before."""

    sentence: str
    at: datetime
    before: tuple[tuple[str, str], ...]


@require_http_methods(WRITES)
@login_required
def adapter(request: MemberRequest, team: str, name: str) -> HttpResponse:
    found = adapters.named(team, name, by=request.user)
    people.require(request.user, Role.CONTRIBUTOR, found.team, to="change what is said of it")
    said = {each: getattr(found, each) for each in describing.CHANGEABLE}
    form = AdapterForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            describing.change(found, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Invalid as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is kept."))
            return redirect("adapter", team=team, name=name)
    line = versions.of_adapter(found, by=request.user)
    shown = {"versions": [one for one in line if one.state != State.REJECTED]}
    return _page(request, "adapter", found, form, shown)


@require_http_methods(WRITES)
@login_required
def version(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    found = versions.in_sight(team, name, number, by=request.user)
    people.require(
        request.user, Role.CONTRIBUTOR, found.adapter.team, to="change what is said of it"
    )
    said = {each: getattr(found, each) for each in describing.OF_VERSIONS}
    form = VersionForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            describing.change_version(
                found, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except (Invalid, WrongState) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("It is kept."))
            return redirect(addresses.page(found))
    return _page(request, "version", found.adapter, form, {"version": found})


@require_http_methods(WRITES)
@login_required
def another_base(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Declare the files of a rejected version for the base that they were made for."""
    found = versions.in_sight(team, name, number, by=request.user)
    people.require(request.user, Role.CONTRIBUTOR, found.adapter.team, to="declare another base")
    refusal = ""
    if request.method == "POST":
        base = request.POST.get("likely") or request.POST.get("base", "")
        try:
            made = redeclaring.for_base(found, base, by=request.user, now=timezone.now())
        except NotAllowed:
            raise
        except RegistryError as refused:
            refusal = str(refused)
        else:
            return redirect(addresses.page(made))
    shown = {
        "version": found,
        "adapter": found.adapter,
        "back": addresses.page(found),
        "refusal": refusal,
        "likely": redeclaring.candidates(found, by=request.user),
        "bases": in_groups(bases.usable(request.user)),
    }
    return render(request, "pages/edit/another_base.html", shown, status=422 if refusal else 200)


def _page(
    request: MemberRequest, what: str, found: Adapter, form: forms.Form, more: dict[str, Any]
) -> HttpResponse:
    shown = {
        "adapter": found,
        "form": form,
        "back": reverse("adapter", args=[found.team.slug, found.slug]),
        "history": history_of(found),
    } | more
    return render(request, f"pages/edit/{what}.html", shown, status=422 if form.errors else 200)


def history_of(found: Adapter) -> list[Past]:
    """Return what was said otherwise before, the newest first."""
    return [_past(event) for event in activity.changes_of(found)]


def _past(event: Any) -> Past:
    was = event.detail.get("was") or {}
    return Past(
        sentence=tellings.tell(event),
        at=event.at,
        before=tuple((str(tellings.FIELDS.get(name, name)), _text(was[name])) for name in was),
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    return "–" if value in (None, "") else str(value)
