"""
Signatures of changes, looked at in the database at a few places before any is read as a whole.

One has the norm of each of hundreds of layers. Two of the same weights, or of which one was cut out
of the other, agree at each place; nearly all others differ at the first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.db.models import BooleanField, Field, Func, QuerySet, Value

from registry.formats.likeness import CLOSE, CLOSE_IN_ALL, CLOSE_JOINED, Part, Signature
from registry.models import VersionFile

PLACES = 16  # of the largest part
APART = CLOSE + CLOSE_IN_ALL  # of a layer at most, where two are of the same weights
ROUNDED = 1e-9  # numbers are looked at a little more widely than they are compared afterwards


def larger(keys: Sequence[Any], of: Signature, low: float, high: float) -> QuerySet[VersionFile]:
    """Return those of these files whose layers are `low` to `high` times as large, at places."""
    name, part = _largest(of)
    return _holding(keys, " && ".join(_at_places(name, part, low, high)))


def alike(keys: Sequence[Any], of: Signature) -> QuerySet[VersionFile]:
    """Return those of these files that may hold the same weights, with layers joined or not."""
    name, part = _largest(of)
    layers = " && ".join(_at_places(name, part, 1 - APART, 1 / (1 - APART)))
    shrunk = 1 - CLOSE_JOINED
    joined = _between(f"$.{json.dumps(name)}.norm", part["norm"], shrunk, 1 / shrunk)
    return _holding(keys, f"({joined}) || ({layers})")


class _Holds(Func):
    """
    That a path into JSON is a true predicate.

    The database unpacks a signature anew for each expression that reads it, so all places are asked
    for in one.
    """

    template = "jsonb_path_match(%(expressions)s::jsonpath, '{}', true)"
    output_field: ClassVar[Field[Any, Any]] = BooleanField()


def _holding(keys: Sequence[Any], path: str) -> QuerySet[VersionFile]:
    return VersionFile.objects.filter(_Holds("blob__change_signature", Value(path)), pk__in=keys)


def _largest(of: Signature) -> tuple[str, Part]:
    return max(of.items(), key=lambda pair: len(pair[1]["layers"]))


def _at_places(name: str, part: Part, low: float, high: float) -> Iterator[str]:
    many = len(part["layers"])
    for place in sorted({many * n // PLACES for n in range(PLACES)}):
        at = f"$.{json.dumps(name)}.layers[{place}]"
        yield _between(at, part["layers"][place], low, high)


def _between(at: str, norm: float, low: float, high: float) -> str:
    least, most = low * norm * (1 - ROUNDED), high * norm * (1 + ROUNDED)
    return f"{at} >= {least!r} && {at} <= {most!r}"
