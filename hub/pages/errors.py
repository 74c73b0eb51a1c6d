"""
Refusals as pages: what went wrong in one sentence, and where to go from there.

The registry refuses with its own errors; `Refusals` is the one place that makes pages of them, as
hub/api/errors.py makes JSON. An answer that htmx asked for is the sentence alone: js/asking.js says
it beside what was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token
from rest_framework.views import APIView

from hub import wordings
from hub.pages import kept
from registry import errors

if TYPE_CHECKING:
    from django.http import HttpRequest

STATUS_OF: dict[type[errors.RegistryError], int] = {
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.WrongState: 409,
    errors.QuotaReached: 429,
    errors.UploadRefused: 422,
    errors.PlanRefused: 422,
    errors.NotConvertible: 422,
    errors.Unavailable: 503,
    errors.RegistryError: 400,
}
OPEN_DOORS = (
    *("/sign-in", "/static/", "/health/", "/language/", "/api/", "/admin/", "/client/"),
    "/invitations/",  # who follows one may have no account yet
)


class Refusals:
    """Middleware: whoever must sign in first does, and what the registry refuses is a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        closed = settings.READ_NEEDS_SIGN_IN and not request.path.startswith(OPEN_DOORS)
        out = closed and not request.user.is_authenticated and not _is_of_programs(request)
        response = redirect_to_login(request.get_full_path()) if out else self.get_response(request)
        if not _leads_to_sign_in(response):
            return response
        if of_htmx(request):
            return page(request, 401, _("You are signed out. Sign in, then try again here."))
        return kept.page(request) if kept.is_form_of_ours(request) else response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if request.path.startswith("/api/"):
            return None  # hub/api/errors.py
        if isinstance(error, errors.RegistryError):
            status = next(STATUS_OF[kind] for kind in type(error).mro() if kind in STATUS_OF)
            return page(request, status, str(error))
        if isinstance(error, DatabaseError):
            return page(request, 503, "")
        return None


def _is_of_programs(request: HttpRequest) -> bool:
    """Say whether a program's door is asked: it knows tokens, and refuses strangers by itself."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return issubclass(getattr(view, "cls", object), APIView)


def page(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """Return the page of a refusal, with the registry's own sentence where there is one."""
    if of_htmx(request):
        text = wordings.in_words(sentence) if sentence else ""
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    template = "pages/errors/refusal.html"
    if status in {500, 503}:
        template = "pages/errors/broken.html"  # asks nothing of the database
    return render(request, template, {"status": status, "sentence": sentence}, status=status)


def of_htmx(request: HttpRequest) -> bool:
    """Say whether a piece of a page was asked for, and no page."""
    return bool(request.headers.get("HX-Request"))


def _leads_to_sign_in(response: HttpResponse) -> bool:
    location = response.headers.get("Location", "")
    return urlsplit(location).path == resolve_url(settings.LOGIN_URL)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return page(request, 400, _("The hub could not make sense of that request."))


@requires_csrf_token
def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return page(request, 403, _("You may not do that here."))


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return page(request, 404, _("There is nothing at this address."))


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponse:
    return page(request, 500, "")


@requires_csrf_token
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    sentence = _("This form was open for too long, or cookies are off: go back and send it again.")
    return page(request, 403, sentence)
