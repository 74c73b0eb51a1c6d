"""
Signatures of changes, looked at in the database at a few places before any is read as a whole.

One has the norm of each of hundreds of layers. Two of the same weights, or of which one was cut out
of the other, agree at each place; nearly all others differ at the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import FloatField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast

from registry.formats.likeness import CLOSE, CLOSE_IN_ALL, CLOSE_JOINED, Part, Signature
from registry.models import VersionFile

PLACES = 4  # of the largest part
APART = CLOSE + CLOSE_IN_ALL  # of a layer at most, where two are of the same weights


def larger(keys: Sequence[Any], of: Signature, low: float, high: float) -> QuerySet[VersionFile]:
    """Return those of these files whose layers are `low` to `high` times as large, at places."""
    name, part = _largest(of)
    return _at_places(keys, name, part).filter(_between(part, low, high))


def alike(keys: Sequence[Any], of: Signature) -> QuerySet[VersionFile]:
    """Return those of these files that may hold the same weights, with layers joined or not."""
    name, part = _largest(of)
    norm = part["norm"]
    joined = Q(part__range=(norm * (1 - CLOSE_JOINED), norm / (1 - CLOSE_JOINED)))
    return _at_places(keys, name, part).filter(_between(part, 1 - APART, 1 / (1 - APART)) | joined)


def _largest(of: Signature) -> tuple[str, Part]:
    return max(of.items(), key=lambda pair: len(pair[1]["layers"]))


def _at_places(keys: Sequence[Any], name: str, part: Part) -> QuerySet[VersionFile]:
    whole = KeyTransform(name, "blob__change_signature")
    layers = KeyTransform("layers", whole)
    return VersionFile.objects.filter(pk__in=keys).alias(
        part=Cast(KeyTextTransform("norm", whole), FloatField()),
        **{
            f"at_{place}": Cast(KeyTextTransform(place, layers), FloatField())
            for place in _places(part)
        },
    )


def _places(part: Part) -> list[int]:
    many = len(part["layers"])
    return sorted({many * n // PLACES for n in range(PLACES)})


def _between(part: Part, low: float, high: float) -> Q:
    norms = {place: part["layers"][place] for place in _places(part)}
    return Q(**{f"at_{n}__range": (low * norm, high * norm) for n, norm in norms.items()})
