"""
From a refusal to an answer: the only place that knows which status code a refusal has.

Every error of the API is `application/problem+json` (RFC 9457): `code` is stable and for programs,
`detail` is a sentence for people, in the language that they ask for (`Accept-Language`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from hub.wordings import in_words
from registry import errors

PROBLEM = "application/problem+json"

STATUS_OF: dict[type[errors.RegistryError], int] = {
    errors.DuplicateUpload: 409,
    errors.UploadIncomplete: 409,
    errors.UploadTooLarge: 413,
    errors.UploadRefused: 422,
    errors.NameTaken: 409,
    errors.PlanRefused: 422,
    errors.NotConvertible: 422,
    errors.SourceRefused: 422,
    errors.Invalid: 400,
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.QuotaReached: 429,
    errors.ParentMoved: 412,
    errors.WrongState: 409,
    errors.Unavailable: 503,
    errors.RegistryError: 400,
}

TITLE_OF = {
    400: "The request does not make sense",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Not done here",
    406: "Not to be had in that form",
    409: "Not now",
    411: "Length required",
    412: "It has changed meanwhile",
    413: "Too large",
    415: "Not read in that form",
    416: "No such range",
    422: "What was sent is refused",
    429: "Too many requests",
    503: "Not available now",
}

CODE_OF: dict[type[exceptions.APIException], str] = {
    exceptions.ValidationError: "invalid",
    exceptions.ParseError: "malformed",
    exceptions.AuthenticationFailed: "not-signed-in",
    exceptions.NotAuthenticated: "not-signed-in",
    exceptions.PermissionDenied: "not-allowed",
    exceptions.NotFound: "not-found",
    exceptions.MethodNotAllowed: "method-not-allowed",
    exceptions.NotAcceptable: "not-acceptable",
    exceptions.UnsupportedMediaType: "unsupported-media-type",
    exceptions.Throttled: "too-many-requests",
}


class LengthRequired(exceptions.APIException):
    status_code = 411
    default_detail = "Say how many bytes you send, in Content-Length."
    default_code = "length-required"


def problem(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """Return the body of an error."""
    return {
        "type": f"urn:loradex:problem:{code}",
        "title": TITLE_OF.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
    } | more


def status_of(error: errors.RegistryError) -> int:
    return next(STATUS_OF[kind] for kind in type(error).mro() if kind in STATUS_OF)


def to_response(error: Exception, context: dict[str, Any]) -> Response | None:  # noqa: ARG001
    """Return the answer to an error, or None for a bug: it crashes, is logged and gets fixed."""
    if isinstance(error, errors.RegistryError):
        return _refusal(error)
    error = _from_django(error)
    if isinstance(error, exceptions.APIException):
        return _of_the_framework(error)
    return None


def _refusal(error: errors.RegistryError) -> Response:
    set_rollback()
    status = status_of(error)
    headers = {"Retry-After": "30"} if status == 503 else {}
    if isinstance(error, errors.QuotaReached):
        headers["Retry-After"] = str(error.retry_after)
    more: dict[str, Any] = {}
    if isinstance(error, errors.PlanRefused) and error.axis:
        more["axis"] = error.axis
    if isinstance(error, errors.PolicyUnmet):
        more["missing"] = [
            {"code": code, "sentence": in_words(said)} for code, said in error.missing
        ]
    return _answer(problem(status, error.code, in_words(error.message), **more), headers)


def _from_django(error: Exception) -> Exception:
    if isinstance(error, Http404):
        return exceptions.NotFound("There is nothing at this address.")
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, SuspiciousOperation):
        return exceptions.ParseError(str(error))
    return error


def _of_the_framework(error: exceptions.APIException) -> Response:
    set_rollback()
    code = next(
        (CODE_OF[kind] for kind in type(error).mro() if kind in CODE_OF), error.default_code
    )
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(error.wait))  # type: ignore[attr-defined]
    more: dict[str, Any] = {}
    if isinstance(error, exceptions.ValidationError):
        more["errors"] = error.detail
        detail = "; ".join(_sentences(error.detail))
    else:
        detail = str(error.detail)
    return _answer(problem(error.status_code, code, detail, **more), headers)


def _sentences(detail: Any, at: str = "") -> Iterator[str]:
    """Yield what is wrong with each field, flat: `version.base: This field is required.`"""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            yield from _sentences(inner, f"{at}.{own}".strip("."))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _sentences(inner, at)
    else:
        yield f"{at}: {detail}" if at else str(detail)


def _answer(body: dict[str, Any], headers: dict[str, str]) -> Response:
    return Response(body, status=body["status"], headers=headers, content_type=PROBLEM)
