"""
How content of each level is shown to whoever looks: of members it is remembered, of strangers a
cookie tells. The style sheet does the rest, by classes of the whole page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hub.pages.forms import LEVELS
from registry.queries import levels, people
from registry.services import preferring

if TYPE_CHECKING:
    from registry.queries.levels import Levels

COOKIE = "levels"
A_YEAR = 365 * 86_400  # seconds
WAYS = [
    ("show", gettext_lazy("Show")),
    ("blur", gettext_lazy("Blur")),
    ("hide", gettext_lazy("Leave out")),
]


class LevelsForm(forms.Form):
    """A choice for each level above general."""

    suggestive = forms.ChoiceField(choices=WAYS)
    mature = forms.ChoiceField(choices=WAYS)
    explicit = forms.ChoiceField(choices=WAYS)


def of_request(request: HttpRequest) -> Levels:
    """Return how content is shown to whoever asks."""
    by = people.person(getattr(request, "user", None))
    return levels.read(by.levels if by else request.COOKIES.get(COOKIE, ""))


def rows(chosen: Levels) -> list[dict[str, Any]]:
    """Return what the form shows: each level with its choice."""
    names = dict(LEVELS)
    return [
        {"level": level, "label": names[level], "way": way} for level, way in chosen.ways.items()
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """Show the choice; remember another."""
    if request.method != "POST":
        shown = {"rows": rows(of_request(request)), "ways": WAYS, "next": _next(request, "GET")}
        return render(request, "pages/account/levels.html", shown)
    form = LevelsForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose of each level whether to show, blur or leave it out."))
        return redirect("levels")
    chosen = levels.Levels(**form.cleaned_data)
    answer = redirect(_next(request, "POST") or reverse("levels"))
    by = people.person(request.user)
    if by:
        preferring.set_levels(chosen, by=by, now=timezone.now())
    else:
        answer.set_cookie(
            COOKIE,
            chosen.word,
            max_age=A_YEAR,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    messages.success(request, _("Content is shown as you chose."))
    return answer


def _next(request: HttpRequest, method: str) -> str:
    """Return where to go on, if that is on this hub."""
    wanted = getattr(request, method).get("next", "")
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if allowed else ""
