"""Ratings on the page of an adapter: use by use, and the form that rates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from hub.pages import pieces
from registry.errors import Invalid
from registry.exports.table import RUNTIMES
from registry.queries import ratings, versions
from registry.services import rating

if TYPE_CHECKING:
    from django.http import HttpResponse

    from hub.pages.requests import MemberRequest
    from registry.models import AdapterVersion, User

STARS = (1, 2, 3, 4, 5)


class RatingForm(forms.Form):
    use = forms.CharField(max_length=10)
    stars = forms.IntegerField(
        min_value=rating.LEAST,
        max_value=rating.MOST,
        error_messages={"required": _("Choose one to five stars.")},
    )
    weight = forms.FloatField(required=False, min_value=rating.LOWEST, max_value=rating.HIGHEST)
    runtime = forms.CharField(required=False, max_length=40)


def of_version(version: AdapterVersion, by: User | None) -> dict[str, Any]:
    """Return what the page shows of a version's ratings."""
    return {
        "ratings": ratings.of_version(version, by=by),
        "uses": ratings.uses_of(version),
        "stars": STARS,
        "runtimes": [(runtime.slug, runtime.title) for runtime in RUNTIMES],
    }


@require_POST
@login_required
def rate(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    version = versions.in_sight(team, name, number, by=request.user)

    def act() -> None:
        form = RatingForm(request.POST)
        if not form.is_valid():
            raise Invalid(" ".join(str(error[0]) for error in form.errors.values()))
        told = dict(form.cleaned_data)
        use = told.pop("use")
        rating.rate(version, use, rating.Told(**told), by=request.user, now=timezone.now())

    return _done(request, version, act, told=gettext("Your rating is kept."))


@require_POST
@login_required
def take_back(request: MemberRequest, team: str, name: str, number: int) -> HttpResponse:
    version = versions.in_sight(team, name, number, by=request.user)
    use = request.POST.get("use", "")[:10]
    who: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    told = gettext("Your rating is taken back.")
    return _done(request, version, lambda: rating.take_back(version, use, **who), told=told)


def _done(
    request: MemberRequest, version: AdapterVersion, act: Callable[[], None], *, told: str
) -> HttpResponse:
    def shown(_refusal: str) -> dict[str, Any]:
        return of_version(version, request.user)

    return pieces.acted(request, version, "ratings", act, shown=shown, told=told)
