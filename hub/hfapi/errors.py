"""
Refusals as huggingface_hub reads them: its exception is chosen by X-Error-Code, its message is
X-Error-Message and what the body says.
"""

from __future__ import annotations

from typing import Any

from rest_framework import exceptions
from rest_framework.response import Response

from hub.api import errors as api_errors
from registry import errors

CODE, MESSAGE, COMMIT = "X-Error-Code", "X-Error-Message", "X-Repo-Commit"
REPO = "RepoNotFound"
MOST_IN_HEADER = 2_000  # letters: clients read lines of 64 KiB, and proxies less

# The first that fits decides.
CODES: tuple[tuple[type[Exception], str], ...] = (
    (errors.NoSuchRevision, "RevisionNotFound"),
    (errors.NoSuchFile, "EntryNotFound"),
    (errors.NotFound, REPO),
    (exceptions.NotFound, REPO),
    (exceptions.NotAuthenticated, REPO),  # to a stranger, a closed hub has nothing
)
# The client takes a 401 for a missing repository, unless it says these very words.
BAD_TOKEN = "Invalid credentials in Authorization header"  # noqa: S105


def to_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to an error, or None for a bug: it crashes, is logged and gets fixed."""
    answer = api_errors.to_response(error, context)
    if answer is None:
        return None
    sentence = str(answer.data["detail"])
    answer.data = {"error": sentence}
    answer.content_type = "application/json"
    is_bad_token = isinstance(error, exceptions.AuthenticationFailed)
    answer[MESSAGE] = BAD_TOKEN if is_bad_token else in_header(sentence)
    code = next((code for kind, code in CODES if isinstance(error, kind)), "")
    if code:
        answer[CODE] = code
    if isinstance(error, errors.NoSuchFile) and error.commit:
        answer[COMMIT] = error.commit  # so that clients remember that it is not there
    return answer


def in_header(sentence: str) -> str:
    """Return a sentence as a header may hold it: one line of printable ASCII, not too long."""
    line = " ".join(sentence[:MOST_IN_HEADER].encode("ascii", "replace").decode().split())
    return "".join(letter if letter.isprintable() else "?" for letter in line)
