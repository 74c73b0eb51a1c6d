"""
Refusals as Civitai's clients read them: `{"error": a sentence}`, and for a parameter that is wrong
what their parsers dig for, the values that there are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response

from hub.api import errors


class WrongParameter(exceptions.APIException):
    """A parameter that cannot be read. `values` are those there are, where it is one of a few."""

    status_code = 400
    default_code = "invalid"

    def __init__(self, name: str, sentence: str, values: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.name = name
        self.values = tuple(values)


class PageTooFar(exceptions.APIException):
    status_code = 429
    default_code = "page-too-far"
    default_detail = (
        "Pages reach the first 1000 rows: go on by cursor, with metadata.nextCursor of a page."
    )


class Gone(exceptions.APIException):
    status_code = 410
    default_code = "gone"


def to_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to an error in Civitai's form, or None for a bug."""
    answer = errors.to_response(error, context)
    if answer is None:
        return None
    if isinstance(error, WrongParameter):
        answer.data = {"error": _issues(error)}
    elif answer.status_code == 401:
        answer.data = {"error": "Unauthorized", "message": answer.data["detail"]}
    else:
        answer.data = {"error": answer.data["detail"]}
    answer.content_type = "application/json"
    return answer


def _issues(error: WrongParameter) -> dict[str, Any]:
    """
    Return what a wrong parameter looks like.

    Two generations of clients read the values of an enumeration out of it: from the nested issues,
    and from the JSON in `message`.
    """
    sentence = str(error.detail)
    issue: dict[str, Any] = {
        "code": "invalid_union" if error.values else "custom",
        "path": [error.name],
        "message": sentence,
    }
    newer = dict(issue)
    if error.values:
        one = {"code": "invalid_enum_value", "path": [error.name], "options": list(error.values)}
        issue["unionErrors"] = [{"name": "ZodError", "issues": [one]}]
        newer["errors"] = [[{"code": "invalid_value", "path": [], "values": list(error.values)}]]
    return {
        "name": "ZodError",
        "message": json.dumps([newer], ensure_ascii=False),
        "issues": [issue],
    }
