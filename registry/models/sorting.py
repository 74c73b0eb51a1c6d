"""
What lists are ordered by, where a column as it stands will not do: the database makes it itself.

Expressions that give the same for the same row for ever, whatever the locale of the database is,
so that they can be stored and an index can stand on them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Case, DateTimeField, F, Func, TextField, Value, When

BY_CODE_POINT = "C"  # the one collation that no upgrade of a library changes
FIRST_YEAR = 1900  # nothing was published before it
ACCENTS = r"[\u0300-\u036f]"  # PostgreSQL reads it so


def folded(name: str) -> Func:
    """
    Return a text as people order it: letters without case, accents and width, numbers by their
    value. The letters of other scripts stand as Unicode has them.
    """
    plain = Func(F(name), template="normalize(%(expressions)s, NFKD)", output_field=TextField())
    small = Func(_replaced(plain, ACCENTS, ""), function="lower")
    padded = _replaced(small, "([0-9]+)", r"00000000\1")
    return Func(_replaced(padded, "0*([0-9]{9,})", r"\1"), function="btrim")


def behind_if(name: str, *, shifted: str) -> Case:
    """Return a time; a thousand years earlier where the column `name` has a value."""
    earlier = Func(
        F(shifted),
        # With a zone, the database holds the difference to depend on its settings.
        template="((%(expressions)s AT TIME ZONE 'UTC' - interval '1000 years')"
        " AT TIME ZONE 'UTC')",
        output_field=DateTimeField(),
    )
    return Case(When(**{f"{name}__isnull": True}, then=F(shifted)), default=earlier)


def is_behind(key: Any) -> bool:
    """Say whether a key is one that `behind_if` moved; or a rank, lowered below 0 likewise."""
    return key.year < FIRST_YEAR if isinstance(key, datetime) else isinstance(key, int) and key < 0


def _replaced(text: Any, pattern: str, by: str) -> Func:
    return Func(
        text,
        Value(pattern),
        Value(by),
        Value("g"),
        function="regexp_replace",
        output_field=TextField(),
    )
