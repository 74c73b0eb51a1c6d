"""The front page: what is published, narrowed by what stands in the address."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.pages import cards
from registry.errors import Invalid
from registry.queries import adapters, bases, people
from registry.queries.words import Kind

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django_htmx.middleware import HtmxDetails

    from registry.models import User

    class Asked(HttpRequest):
        htmx: HtmxDetails


FIELDS = ("text", "base", "kind", "tag", "team")
TAGS = 12


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, and the address without it; or a tag, and the address with it."""

    label: str
    address: str


@require_safe
def show(request: Asked) -> HttpResponse:
    filters = adapters.Filters(**{name: request.GET.get(name, "").strip()[:200] for name in FIELDS})
    try:
        page = adapters.published(filters, cursor=request.GET.get("cursor", ""))
    except Invalid:  # a cursor of another day
        return redirect(_address(filters))
    partial = bool(request.htmx) and not request.htmx.history_restore_request
    shown: dict[str, object] = {
        "cards": [cards.of_version(version) for version in page.versions],
        "more": _address(filters, cursor=page.next) if page.next else "",
    }
    if partial and "cursor" in request.GET:
        response = render(request, "parts/_cards.html", shown)
    else:
        shown |= _around(filters, by=people.person(request.user))
        name = "parts/_results.html" if partial else "pages/browse/browse.html"
        response = render(request, name, shown)
        if partial:
            response["HX-Push-Url"] = _address(filters)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _around(filters: adapters.Filters, *, by: User | None) -> dict[str, object]:
    known = list(bases.listed(by=by))
    titles = {base.slug: base.title for base in known}
    names = {
        "text": f"“{filters.text}”",
        "base": titles.get(filters.base, filters.base),
        "kind": dict(Kind.choices).get(filters.kind, filters.kind),
        "tag": f"#{filters.tag}",
        "team": _("team {name}").format(name=filters.team),
    }
    on = [name for name in FIELDS if getattr(filters, name)]
    return {
        "filters": filters,
        "on": [Chip(str(names[name]), _address(replace(filters, **{name: ""}))) for name in on],
        "clear": reverse("browse"),
        "bases": [base for base in known if _counted(base) or base.slug == filters.base],
        "kinds": Kind.choices,
        "tags": []
        if filters.tag
        else [Chip(tag, _address(replace(filters, tag=tag))) for tag in adapters.tags(TAGS)],
    }


def _counted(base: Any) -> int:
    """Return how many adapters are published for a base, as the query counted them."""
    return int(base.published)


def _address(filters: adapters.Filters, **more: str) -> str:
    asked = {name: value for name, value in (asdict(filters) | more).items() if value}
    return reverse("browse") + (f"?{urlencode(asked)}" if asked else "")
