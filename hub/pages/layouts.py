"""The menu of an adapter's page by which a version is downloaded in another layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from hub.pages import addresses
from registry.errors import NotConvertible, QuotaReached
from registry.exports import preparing
from registry.exports.preparing import ORIGINAL
from registry.queries import people, prepared, versions
from registry.queries.words import PreparationState
from registry.services import preparing as services

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, User
    from registry.queries.prepared import Form

LIVING = {PreparationState.QUEUED, PreparationState.RUNNING}
READ_BY: Mapping[str, str | Promise] = {
    "kohya": "Stable Diffusion WebUI, ComfyUI",
    "diffusers": "Diffusers, InvokeAI",
    "peft": "PEFT, vLLM, SGLang, TGI",
    "gguf": "llama.cpp, Ollama",
}
STATES: Mapping[str, str | Promise] = {
    PreparationState.QUEUED: gettext_lazy("Waiting for a worker"),
    PreparationState.RUNNING: gettext_lazy("Being made"),
    PreparationState.FAILED: gettext_lazy("It could not be made"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One layout in the menu."""

    form: Form
    read_by: str | Promise
    state: str | Promise  # "" of what can be downloaded, or asked for
    href: str  # "" of what is not there
    may_ask: bool


def of_version(version: AdapterVersion, by: User | None) -> dict[str, Any]:
    """Return what the menu shows; nothing of a version that is not validated yet."""
    if version.state not in services.SETTLED:
        return {"layouts": []}
    forms = [form for form in prepared.forms(version) if form.layout != ORIGINAL]
    rows = [_row(version, form, by) for form in forms]
    return {
        "layouts": [row for row in rows if row.form.state != PreparationState.REFUSED],
        "layouts_refused": [row for row in rows if row.form.state == PreparationState.REFUSED],
        "layouts_being_made": any(form.state in LIVING for form in forms),
        "bundle": addresses.bundle(version),
    }


def _row(version: AdapterVersion, form: Form, by: User | None) -> Row:
    there = form.state == "ready"
    return Row(
        form=form,
        read_by=READ_BY.get(form.layout, ""),
        state=STATES.get(form.state, ""),
        href=f"{addresses.download(version)}?layout={form.layout}" if there else "",
        may_ask=by is not None and form.state in {"possible", PreparationState.FAILED},
    )


@require_safe
@never_cache
def show(request: HttpRequest, team: str, name: str, number: int) -> HttpResponse:
    """Answer with the menu as it stands now."""
    by = people.person(request.user)
    version = versions.in_sight(team, name, number, by=by)
    if not request.headers.get("HX-Request"):
        return redirect(addresses.page(version))
    shown = {"version": version, "adapter": version.adapter, "layouts_open": True}
    return render(request, "parts/_layouts.html", shown | of_version(version, by))


@require_POST
@login_required
def ask(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    """Have a version written in the layout whose button was pressed."""
    version = versions.in_sight(team, name, number, by=request.user)
    wanted = preparing.read({"layout": request.POST.get("layout", "")})
    try:
        services.ask(version, wanted, by=request.user, now=timezone.now())
    except (NotConvertible, QuotaReached) as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{addresses.page(version)}#layouts")
