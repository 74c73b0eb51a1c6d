"""Which adapters somebody has put aside to compare: in the address, and in a cookie meanwhile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from registry.queries.together import MOST

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from registry.models import AdapterVersion

COOKIE = "compare"
KEPT = 60 * 60 * 24 * 30  # seconds
LONGEST = 2000  # letters that are read: six names have half of it


def in_address(request: HttpRequest) -> list[str]:
    return split(request.GET.get("adapters", ""))


def in_cookie(request: HttpRequest) -> list[str]:
    """Return what the cookie says: names with other signs, since cookies take few."""
    told = request.COOKIES.get(COOKIE, "")
    return split(told.replace("|", ",").replace(":", "/").replace("~", "@"))[:MOST]


def split(text: str) -> list[str]:
    """Return the names in a text, each once."""
    return list(dict.fromkeys(re.findall(r"[-\w.]+/[-\w.]+(?:@\d+)?", text[:LONGEST])))


def name_of(version: AdapterVersion) -> str:
    adapter = version.adapter
    return f"{adapter.team.slug}/{adapter.slug}@{version.number}"


def address(names: Sequence[str], view: str = "compare") -> str:
    """Return the address that shows these; its commas and slashes stay readable."""
    query = urlencode({"adapters": ",".join(names)}, safe="/,@")
    return f"{reverse(view)}?{query}" if names else reverse(view)


def keep(response: HttpResponse, names: Sequence[str]) -> HttpResponse:
    """Keep the names where js/compare/chosen.js finds them too; an empty cookie goes."""
    if names:
        told = "|".join(name.replace("/", ":").replace("@", "~") for name in names)
        response.set_cookie(COOKIE, told, max_age=KEPT, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
