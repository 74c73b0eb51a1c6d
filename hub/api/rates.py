"""
How often one may ask. Counted in each web process, in a window that starts with the first request.

The answer says how much is left in the IETF's RateLimit fields, so that a program can slow down
before it is told to.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView


class Rate(SimpleRateThrottle):
    """One limit. `scope` names its rate in the settings."""

    num_requests: int | None
    duration: int | None

    def get_rate(self) -> str | None:
        rate = api_settings.DEFAULT_THROTTLE_RATES.get(self.scope or "")
        return None if rate is None else str(rate)

    def allow_request(self, request: Request, view: APIView) -> bool:
        allowed = super().allow_request(request, view)
        if getattr(self, "key", None) and self.rate:
            request.rate = self  # type: ignore[attr-defined]  # for the answer's headers
        return allowed

    def fields(self) -> dict[str, str]:
        """Return the RateLimit fields of an answer."""
        count, seconds = self.num_requests or 0, self.duration or 0
        history: list[float] = self.history
        left = max(count - len(history), 0)
        reset = int(seconds - (time.time() - history[-1])) + 1 if history else seconds
        return {
            "RateLimit-Policy": f'"{self.scope}";q={count};w={seconds}',
            "RateLimit": f'"{self.scope}";r={left};t={max(reset, 0)}',
        }


class PerPerson(Rate):
    """For whoever is signed in, by token or session."""

    scope = "tokens"

    def get_cache_key(self, request: Any, view: APIView) -> str | None:  # noqa: ARG002
        return f"rate:person:{request.user.pk}" if request.user.is_authenticated else None


class Files(Rate):
    """For files of repositories, whoever asks: one adapter takes a dozen requests."""

    scope = "files"

    def get_cache_key(self, request: Any, view: APIView) -> str | None:  # noqa: ARG002
        person = request.user.pk if request.user.is_authenticated else self.get_ident(request)
        return f"rate:files:{person}"


class PerAddress(Rate):
    """For strangers, by network address."""

    scope = "anonymous"

    def get_cache_key(self, request: Any, view: APIView) -> str | None:  # noqa: ARG002
        if request.user.is_authenticated:
            return None
        return f"rate:address:{self.get_ident(request)}"
