"""The front page: what is published, narrowed, ordered and shown as its address says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hub.pages import cards, facets, question, searches
from hub.pages.question import Question
from registry.errors import Invalid
from registry.queries import gallery, people
from registry.queries import searches as found
from registry.queries.facets import counting

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django_htmx.middleware import HtmxDetails

    from registry.models import User
    from registry.queries.facets.counting import Counted

    class Request(HttpRequest):
        htmx: HtmxDetails


MOST_LOOSENED = 5  # ways out of an empty list
ORDERS = {  # as people say it
    "updated": gettext_lazy("Last published"),
    "created": gettext_lazy("Newest adapters"),
    "downloads": gettext_lazy("Most downloaded"),
    "title": gettext_lazy("Title"),
    "name": gettext_lazy("Name"),
    "relevance": gettext_lazy("Best match"),
}
CALLED = {  # filters whose values do not say what they are of
    "q": "“{value}”",
    "tag": "#{value}",
    "tags": "#{value}",
    "tags_any": "#{value}",
    "tags_not": gettext_lazy("not #{value}"),
    "team": gettext_lazy("team {value}"),
    "creator": gettext_lazy("by {value}"),
    "content_max": gettext_lazy("at most {value}"),
    "rank_max": gettext_lazy("rank at most {value}"),
    "rank_min": gettext_lazy("rank at least {value}"),
    "weight": gettext_lazy("good at weight {value}"),
    "trigger_word": gettext_lazy("trigger word {value}"),
    "channel": gettext_lazy("channel {value}"),
    "hash": gettext_lazy("hash {value}"),
}
PLAIN = ("base", "family", "kind", "content", "permits", "algorithm", "proof", "modality", "state")


@dataclass(frozen=True, slots=True)
class Chip:
    """A choice that was made, and the address without it."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class WayOut:
    """A filter to give up where nothing was found, and how many adapters that would leave."""

    label: str
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class Fits:
    """The bases that somebody uses: whether those are chosen, else what could be remembered."""

    chosen: bool
    offered: Sequence[str]
    names: str
    address: str


@require_safe
def show(request: Request) -> HttpResponse:
    if "text" in request.GET:  # as it was called once
        return redirect(_renamed(request.GET))
    used = searches.used_bases(request)
    partial = bool(request.htmx) and not request.htmx.history_restore_request
    if used and not request.META.get("QUERY_STRING") and not partial:
        return redirect(f"{reverse('browse')}?{urlencode({'base': ','.join(used)}, safe=',')}")
    asked = question.read(request.GET, usual=bool(used))
    by = people.person(request.user)
    try:
        page = gallery.page(asked.asked, asked.window, by=by)
    except Invalid as refusal:
        if asked.cursor and refusal.code in {"unknown-cursor", "cursor-of-another-query"}:
            return redirect(asked.address)  # a cursor of another day
        raise
    shown = _list(asked, page)
    if partial and asked.cursor:
        # A piece goes on in one direction: the list that it is put into has the other end.
        shown["more" if page.upwards else "before"] = ""
        response = render(request, _piece(asked), shown)
    else:
        shown |= _around(asked, by=by) | _own(asked, used, by=by)
        name = "parts/_results.html" if partial else "pages/browse/browse.html"
        response = render(request, name, shown)
        if partial:
            response[_history(request, asked)] = asked.address
    patch_vary_headers(response, ["HX-Request"])
    return response


def _list(asked: Question, page: gallery.Page) -> dict[str, Any]:
    return {
        "question": asked,
        "cards": cards.of_page(page, exact=bool({"base", "channel"} & {*asked.said})),
        "here_from": asked.at(cursor=asked.cursor),
        "more": asked.at(cursor=page.next) if page.next else "",
        "before": asked.at(cursor=page.previous) if page.previous else "",
        "as_table": asked.view == question.TABLE,
    }


def _around(asked: Question, *, by: User | None) -> dict[str, Any]:
    counted = counting.count(asked.asked, by=by)
    chips = _chips(asked, counted)
    return {
        "counted": counted,
        "groups": facets.groups(asked, counted),
        "chips": chips,
        "hidden": _hidden(asked),
        "orders": _orders(asked),
        "views": [(view, asked.shown_as(view)) for view in question.VIEWS],
        "ways_out": [] if counted.total else _ways_out(asked, counted, by=by),
    }


def _own(asked: Question, used: Sequence[str], *, by: User | None) -> dict[str, Any]:
    """Return what whoever asks has kept: searches, and the bases that they use."""
    bases = asked.said.get("base", ())
    saved = [
        (one, searches.address_of(one), one.query == asked.words)
        for one in (found.of(by) if by else ())
    ]
    return {
        "saved": saved,
        "savable": by is not None
        and bool(asked.said)
        and not any(is_here for _, _, is_here in saved),
        "fits": Fits(
            chosen=bool(used) and set(used) == set(bases),
            offered=bases,
            names=", ".join(used),
            address=asked.saying("base", used) if used else "",
        ),
    }


def _chips(asked: Question, counted: Counted) -> list[Chip]:
    return [
        Chip(_called(name, value, counted), asked.without(name, value))
        for name, values in asked.said.items()
        for value in values
    ]


def _called(name: str, value: str, counted: Counted) -> str:
    label = facets.label_of(name, value, counted)
    if name in PLAIN:
        return label
    return str(CALLED.get(name, f"{name}: {{value}}")).format(value=label)


def _hidden(asked: Question) -> list[tuple[str, str]]:
    """Return what the form has no fields for, and has to keep."""
    fields = {"q", "tags_any", *(look.name for look in facets.LOOKS)}
    return [
        (name, value)
        for name, values in asked.said.items()
        if name not in fields
        for value in values
    ]


def _orders(asked: Question) -> list[tuple[str, str, bool]]:
    """Return the orders with their labels, and which is chosen; the usual one needs no word."""
    usual = "relevance" if asked.asked.text else "updated"
    chosen = asked.sort or usual
    offered = (name for name in ORDERS if name != "relevance" or asked.asked.text)
    return [("" if name == usual else name, str(ORDERS[name]), name == chosen) for name in offered]


def _ways_out(asked: Question, counted: Counted, *, by: User | None) -> list[WayOut]:
    """Return the filters without which something would be found, the narrowest change first."""
    ways = []
    for name, values in asked.said.items():
        count = counting.total(asked.loosened(name), by=by)
        label = ", ".join(_called(name, value, counted) for value in values)
        if count:
            ways.append(WayOut(label, asked.without(name), count))
    return sorted(ways, key=lambda way: way.count)[:MOST_LOOSENED]


def _piece(asked: Question) -> str:
    return "parts/_rows.html" if asked.view == question.TABLE else "parts/_cards.html"


def _history(request: Request, asked: Question) -> str:
    """Return the header that puts the address into the history: typing on makes no new entry."""
    query = QueryDict(urlsplit(request.htmx.current_url or "").query)
    try:
        before = question.read(query)
    except Invalid:
        return "HX-Push-Url"
    is_typing_on = before.asked.text and before.asked.text != asked.asked.text
    same = before.loosened("q") == asked.loosened("q") and before.view == asked.view
    return "HX-Replace-Url" if is_typing_on and same else "HX-Push-Url"


def _renamed(query: QueryDict) -> str:
    """Return the address of one in which `q` was called `text`, as it was once."""
    words = query.copy()
    text = str(words.pop("text")[-1]).strip()
    if text:
        words["q"] = text
    kept = {name: value for name, value in words.items() if value}
    return reverse("browse") + (f"?{urlencode(kept)}" if kept else "")
