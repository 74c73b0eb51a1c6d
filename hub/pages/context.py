"""What every page shows, whoever asks for it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from hub.pages import levels
from registry.queries import complaints, following, people, reviews, together


def shared(request: HttpRequest) -> dict[str, Any]:
    match = request.resolver_match
    return {
        "site_title": settings.SITE_TITLE,
        "here": match.url_name if match else "",
        "most_compared": together.MOST,
        "level_classes": SimpleLazyObject(lambda: levels.of_request(request).classes),
        "complaints_open": SimpleLazyObject(lambda: _complaints(request)),
        "unseen": SimpleLazyObject(lambda: _unseen(request)),
        "to_decide": SimpleLazyObject(lambda: _to_decide(request)),  # asked only where it is shown
    }


def _to_decide(request: HttpRequest) -> int:
    by = people.person(getattr(request, "user", None))
    return reviews.to_decide(by) if by else 0


def _unseen(request: HttpRequest) -> int:
    by = people.person(getattr(request, "user", None))
    return following.unseen(by) if by else 0


def _complaints(request: HttpRequest) -> int:
    by = people.person(getattr(request, "user", None))
    return complaints.count_for(by) if by else 0
