"""Which bases a label of Civitai means, and which label a base has."""

from __future__ import annotations

from collections.abc import Iterable

from registry.bases import labels
from registry.models import BaseModel


def label_of(base: BaseModel) -> str:
    """Return the label of a base whose parents are at hand."""
    return labels.label_of(_line(base))


def slugs_labelled(wanted: Iterable[str]) -> list[str]:
    """Return the bases that have one of these labels."""
    usual = {labels.canonical(label) for label in wanted}
    rows = BaseModel.objects.values_list("slug", "parent__slug", "parent__parent__slug")
    return [line[0] for line in rows if labels.label_of(slug for slug in line if slug) in usual]


def _line(base: BaseModel) -> list[str]:
    above = base.parent
    return [base.slug, *(_line(above) if above else ())]
