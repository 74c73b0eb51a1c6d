"""Pieces of an adapter's page that are answered by themselves: an act, and the piece anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse

from hub.pages import addresses
from registry.errors import Invalid, NotFound, QuotaReached, WrongState
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


def listed(
    request: HttpRequest,
    version: AdapterVersion,
    further: str,
    whole: str,
    of_version: Callable[..., dict[str, Any]],
) -> HttpResponse:
    """Answer with the next of what is listed, of the template `further`; or with a page of it."""
    by = people.person(request.user)
    shown = of_version(version, by, cursor=request.GET.get("cursor", "")) | about(version, by)
    template = f"parts/community/_{further}.html"
    if not request.headers.get("HX-Request"):
        template = f"pages/adapter/{whole}.html"
    return render(request, template, shown)


def acted(
    request: HttpRequest,
    version: AdapterVersion,
    piece: str,
    act: Callable[[], object],
    *,
    shown: Callable[[str], dict[str, Any]],
    told: str,
) -> HttpResponse:
    """
    Act, and answer with what was told, or why it was refused.

    `shown` says what the piece is shown with afterwards, of the refusal ("" where there is none).
    """
    refusal = ""
    try:
        act()
    except (Invalid, NotFound, QuotaReached, WrongState) as error:
        refusal = str(error)
    if refusal:
        return answer(request, version, piece, shown(refusal), refusals=[refusal])
    return answer(request, version, piece, shown(""), told=told)


def answer(
    request: HttpRequest,
    version: AdapterVersion,
    piece: str,
    shown: dict[str, Any],
    *,
    told: str = "",
    refusals: Sequence[str] = (),
) -> HttpResponse:
    """
    Answer an act: with the piece anew for htmx, else with the way back to where one was.

    Either says what was `told` and what was refused: js/community.js says it aloud, too.
    """
    if request.headers.get("HX-Request"):
        by = people.person(request.user)
        said = {"told": told, "refusals": refusals}
        return render(request, f"parts/community/_{piece}.html", about(version, by) | shown | said)
    for refusal in refusals:
        messages.error(request, refusal)
    if told:
        messages.success(request, told)
    adapter = version.adapter
    at = reverse("community", args=[adapter.team.slug, adapter.slug, version.number])
    return redirect(f"{at}#{piece}")
