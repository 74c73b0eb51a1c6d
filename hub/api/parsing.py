"""
How what was sent is read.

JSON as DRF reads it, and a well without ground is no error of ours.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from registry.errors import Invalid


class PlainJSON(JSONParser):
    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as error:
            raise ParseError("The JSON is nested too deeply to be read.") from error


def grid_named(text: str) -> UUID | None:
    """
    Return the grid that an address names, None where it names none.

    :raises Invalid: if that is no id
    """
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(f"grid is {text[:40]!r}: write the id of a grid of this version.") from error


def number_in(request: Request, name: str, *, least: int, most: int) -> int | None:
    """
    Return the whole number that an address has under a name, None where it has none.

    :raises Invalid: if it is no number, or beyond what may be asked for
    """
    text = request.query_params.get(name, "")
    if not text:
        return None
    readable = text.isascii() and text.isdecimal() and len(text) <= 12
    if not (readable and least <= int(text) <= most):
        raise Invalid(f"{name} is {text[:20]!r}: write a whole number from {least} to {most}.")
    return int(text)
