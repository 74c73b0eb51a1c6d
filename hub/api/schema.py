"""How the API describes itself: what all of its doors have in common, for drf-spectacular."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from drf_spectacular.views import SpectacularAPIView

from hub.api import errors
from hub.api.shapes.fields import Problem

PROBLEM = OpenApiResponse(Problem, description="What was refused, and why.")


NOT_REPEATABLE = ("make_token", "make_team_token", "invite", "find_by_hashes")
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Any text of your own, a UUID say: sent again within a day, the request is "
    "answered as before and not done again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"},
    "example": "5f1c8d2e-7d0a-4c65-9c36-2f9a2a7a52c1",
}


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "hub.api.people.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "http", "scheme": "bearer", "bearerFormat": "ldx_…"}


class TokenInAddressScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "hub.api.people.TokenInAddress"
    name = "token in the address"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:  # noqa: ARG002
        return {"type": "apiKey", "in": "query", "name": "token"}


class Description(SpectacularAPIView):
    """This description."""

    throttle_classes = ()


def answers(*problems: int, **good: Any) -> dict[Any, Any]:
    """Return what a view may answer: `answers(404, ok=Shape)`."""
    codes = {"ok": 200, "created": 201, "accepted": 202, "nothing": 204}
    return {codes[word]: shape for word, shape in good.items()} | refusals(*problems)


def refusals(*problems: int) -> dict[tuple[int, str], OpenApiResponse]:
    """Return what a view may refuse with: `problems`, and what any view may."""
    any_view = (400, 401, 403, 406, 429, 503)
    return {(status, errors.PROBLEM): PROBLEM for status in sorted({*any_view, *problems})}


def with_bodies(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """
    Say of each operation that reads a body that it may be too large, or of another kind; and of
    each that makes something that it takes a key.
    """
    for methods in result["paths"].values():
        for method, operation in methods.items():
            refused = operation["responses"]["400"]
            if "requestBody" in operation:
                operation["responses"] |= {"413": refused, "415": refused}
            if method == "post" and operation["operationId"] not in NOT_REPEATABLE:
                operation["responses"] |= {"409": refused, "422": refused}
                operation["parameters"] = [*operation.get("parameters", ()), KEY]
    return result


def in_address(name: str, description: str, kind: type = str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=description)
