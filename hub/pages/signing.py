"""Signing in. Whoever guesses is slowed down: kindly, for it is mostly a forgotten password."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


class SignIn(LoginView):
    """GET and POST /sign-in."""

    template_name = "pages/account/sign_in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if too_often(request):
            form = self.get_form()
            form.errors.clear()
            form.add_error(None, _("That was too often: wait a minute, then try once more."))
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        note_failure(self.request)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        person = form.get_user()
        if person.language:
            speak(response, person.language)
        return response


@require_safe
@never_cache
def for_admins(request: HttpRequest) -> HttpResponse:
    """Lead who comes to the administration to the one place where people sign in."""
    at = request.GET.get(REDIRECT_FIELD_NAME, "") or reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(at)
    if not (request.user.is_active and request.user.is_staff):
        raise PermissionDenied  # to sign in once more would lead here again
    return redirect("admin:index")


def speak(response: HttpResponse, language: str) -> None:
    """Let pages be in a language from the next one on; "" for the one that the browser asks for."""
    if not language:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def too_often(request: HttpRequest) -> bool:
    """Say whether passwords were guessed wrong from this address as often as is borne with."""
    return int(cache.get(_key(request), 0)) >= _rate()[0]


def note_failure(request: HttpRequest) -> None:
    key = _key(request)
    if not cache.add(key, 1, timeout=_rate()[1]):
        with suppress(ValueError):  # it has ended in this very moment
            cache.incr(key)


def _key(request: HttpRequest) -> str:
    # As the API tells strangers apart: behind a proxy all would be one, and one could shut all out.
    address = BaseThrottle().get_ident(request)  # type: ignore[arg-type]  # Django's own will do
    return f"sign-in:{address}"


def _rate() -> tuple[int, int]:
    """Return how many failures are borne with in how many seconds: `10/min` is (10, 60)."""
    rates = cast("dict[str, str]", settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])
    count, _slash, period = rates["sign-in"].partition("/")
    return int(count), SECONDS[period[:1]]
