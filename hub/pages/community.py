"""
What members say and show of an adapter: votes, comments, pictures. A part of its page.

It comes once it is scrolled to, so that the page is light; without JavaScript it is a page of its
own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from hub.pages import comments, gallery, pieces, ratings, votes
from registry.queries import people, versions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PART = "parts/community/_whole.html"


@require_safe
@never_cache
def show(request: HttpRequest, team: str, name: str, number: int) -> HttpResponse:
    by = people.person(request.user)
    version = versions.in_sight(team, name, number, by=by)
    shown = pieces.about(version, by)
    for piece in (votes, gallery, ratings, comments):
        shown |= piece.of_version(version, by)
    partial = bool(request.headers.get("HX-Request"))
    return render(request, PART if partial else "pages/adapter/community.html", shown)
