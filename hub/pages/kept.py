"""What was sent after the session had ended: kept on the page that asks to sign in again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from django.http import HttpRequest

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field


def page(request: HttpRequest) -> HttpResponse:
    """
    Return a page that holds what a form sent, to be sent again by whoever has signed in elsewhere.

    Only of a form of ours, or another site could have its own sent. Passwords are never written
    into a page, and files cannot be.
    """
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != TOKEN and "password" not in name
    ]
    shown = {
        "fields": fields,
        "typed": [value for _, value in fields if value.strip()],
        "has_files": bool(request.FILES),
        "came_from": _came_from(request),
    }
    return render(request, "pages/account/kept.html", shown, status=401)


def is_form_of_ours(request: HttpRequest) -> bool:
    """Say whether a form with our token sent this: on a closed hub nobody has asked so far."""
    guard = CsrfViewMiddleware(_view)
    return request.method == "POST" and guard.process_view(request, _view, (), {}) is None


def _view(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()  # the guard wants one, of which it asks whether it is exempt


def _came_from(request: HttpRequest) -> str:
    address = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return "/"
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
