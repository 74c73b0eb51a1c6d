"""
How what was sent is read.

JSON as DRF reads it, and a well without ground is no error of ours.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

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
