"""
What this hub has not, asked of the hub that its operator names (HUB_UPSTREAM).

Clients have one endpoint for all they load, so the base model is asked of us, too. They are sent
on, and take their token off themselves where the origin changes; but of HEAD they want the answer,
and not a redirect, so that is fetched for them: without their token, and nothing but headers.

Names in teams of ours never go there: a misspelled adapter must not become somebody else's file.
"""

from __future__ import annotations

import logging
from email.message import Message
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from registry.errors import Unavailable

logger = logging.getLogger(__name__)

SECONDS = 8  # the client waits for ten
MOST_HOPS = 3  # of a repository that was renamed
RELAYED = (
    "X-Repo-Commit",
    "ETag",
    "X-Linked-Etag",
    "X-Linked-Size",
    "Accept-Ranges",
    "X-Error-Code",
    "X-Error-Message",
)


class _Stay(HTTPRedirectHandler):
    """Follows no redirect: its answer is what is wanted."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def answer(request: HttpRequest) -> HttpResponse:
    """
    Return where the upstream has what was asked for; of HEAD, what it says.

    :raises Unavailable: if it does not answer
    """
    address = f"{settings.HUB_UPSTREAM}{_asked(request)}"
    if request.method == "HEAD":
        return _relayed(address)
    return _leading_to(address)


def _asked(request: HttpRequest) -> str:
    """Return the path and query as they came, with every %2F of a revision still in it."""
    raw = str(request.META.get("RAW_URI") or request.get_full_path())
    split = urlsplit(raw)
    path = "/" + split.path.lstrip("/")
    return f"{path}?{split.query}" if split.query else path


def _leading_to(address: str, *, status: int = 307) -> HttpResponse:
    return HttpResponse(status=status, headers={"Location": address, "Cache-Control": "no-store"})


def _relayed(address: str) -> HttpResponse:
    for _ in range(MOST_HOPS):
        status, headers = _head(address)
        target = urljoin(address, headers.get("Location", ""))
        if not (300 <= status < 400) or headers.get("X-Repo-Commit") or not _is_its_own(target):
            break
        address = target
    if 300 <= status < 400:
        response = _leading_to(target, status=302)
    else:
        response = HttpResponse(status=status)
        if status == 200 and headers.get("Content-Length", "").isdigit():
            response["Content-Length"] = headers["Content-Length"]
    for name in RELAYED:
        value = headers.get(name, "")
        if value and value.isascii() and value.isprintable():
            response[name] = value
    response["Cache-Control"] = "no-store"
    return response


def _is_its_own(address: str) -> bool:
    return f"{address}/".startswith(f"{settings.HUB_UPSTREAM}/")


def _head(address: str) -> tuple[int, Message]:
    asked = Request(address, method="HEAD", headers={"Accept-Encoding": "identity"})  # noqa: S310
    try:
        with build_opener(_Stay).open(asked, timeout=SECONDS) as found:
            return int(found.status), found.headers
    except HTTPError as error:
        return error.code, error.headers
    except (URLError, OSError, ValueError) as error:
        logger.warning("The upstream does not answer: %s", error)
        raise Unavailable(
            f"{settings.HUB_UPSTREAM} does not answer now, which this hub asks for what it has "
            "not itself: try again in a minute."
        ) from error
