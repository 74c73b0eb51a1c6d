"""Pieces of an adapter's page that are answered by themselves: what all of them are shown with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.urls import reverse

from hub.pages import addresses
from registry.queries import people

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from registry.models import AdapterVersion, User


def about(version: AdapterVersion, by: User | None) -> dict[str, Any]:
    """Return what every piece of it needs."""
    return {
        "version": version,
        "adapter": version.adapter,
        "person": by,
        "page_address": addresses.page(version),
    }


def answer(
    request: HttpRequest, version: AdapterVersion, piece: str, shown: dict[str, Any]
) -> HttpResponse:
    """Answer an act: with the piece anew for htmx, else with the way back to where one was."""
    if request.headers.get("HX-Request"):
        by = people.person(request.user)
        return render(request, f"parts/community/_{piece}.html", about(version, by) | shown)
    adapter = version.adapter
    at = reverse("community", args=[adapter.team.slug, adapter.slug, version.number])
    return redirect(f"{at}#{piece}")
