"""
Pages are sent compressed to whoever takes them so: a sixth of their bytes.

Nothing else is. Files are packed already and have digests to be held against, streams are to arrive
as they come, and what a program is answered has a tag that it may send back.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

KIND = "text/html"


class Pages(GZipMiddleware):
    """
    As Django's, for pages alone.

    How long a compressed page is may tell what is on it to somebody who can have words of their own
    put beside it and listens on the line. So a length by chance is added (Django does), tokens
    against forgery are masked anew each time, and what answers to a form, as secrets do that are
    shown once, is sent as it is.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_page = response.headers.get("Content-Type", "").startswith(KIND)
        if not is_page or response.streaming or request.method not in {"GET", "HEAD"}:
            return response
        return super().process_response(request, response)
