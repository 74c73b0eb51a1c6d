"""Is this process alive, and can it serve? For supervisors and load balancers."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse


def live(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("live\n", content_type="text/plain")


def ready(_request: HttpRequest) -> HttpResponse:
    """Answer 200 where the database answers; the broker and the workers may be down (I9)."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return HttpResponse(f"the database does not answer: {error}\n", status=503)
    return HttpResponse("ready\n", content_type="text/plain")
