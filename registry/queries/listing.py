"""
The list that runtimes ask for, in two queries: rows of plain values, and no objects made of them.

It lists what `adapters.matching` finds. Making objects of a page, with its files and every cell of
its grids, took ten times what the database took to find it.
"""

from __future__ import annotations

from dataclasses import replace

from django.db.models import CharField, F, FloatField, OuterRef, Subquery, Value
from django.db.models.functions import Abs, Coalesce

from registry.models import AdapterVersion, PreviewCell, PreviewGrid, User, VersionFile
from registry.queries import adapters, cards, orders
from registry.queries.filters.table import Asked

FIELDS = (
    "adapter__team__slug",
    "adapter__slug",
    "adapter__title",
    "adapter__kind",
    "adapter__tags",
    "base__slug",
    "base__family",
    "number",
    "trigger_words",
    "weight_low",
    "weight_high",
    "weight_default",
    "measured_low",
    "measured_high",
    "measured_best",
    "voted_low",
    "voted_high",
    "voted_best",
    "votes",
    "sha256",
    "proof",
    "published_at",
    "deprecated_at",
    "deprecation",
)
NO_PICTURE = Value(None, output_field=CharField())


def page(
    asked: Asked, window: orders.Window, *, by: User | None, pictured: bool = True
) -> orders.Turned:
    """
    Return a row for each adapter that matches: `FIELDS`, the weight to use (`usual`), the `size`
    and `dialect` of the weights file, and the sha256 of a `picture` (None unless `pictured`).

    :raises Invalid: if the window makes no sense: see `orders.page`
    :raises NotAllowed: if a state is asked for that only teams see, by a stranger
    """
    weights = VersionFile.objects.filter(version=OuterRef("pk"), role=VersionFile.Role.WEIGHTS)
    usual = Coalesce(
        "weight_default",
        "measured_best",
        Value(cards.DEFAULT_WEIGHT),
        output_field=FloatField(),
    )
    # The first scene of the newest grid, with its trigger words, near the weight to use.
    pictures = (
        PreviewCell.objects.filter(
            grid__version=OuterRef("pk"),
            grid__kind=PreviewGrid.Kind.SWEEP,
            grid__rendered_at__isnull=False,
            blob__isnull=False,
        )
        .annotate(away=Abs(F("weight") - OuterRef("usual")))
        .order_by("-grid__rendered_at", "-with_trigger", "row", "away")
    )
    turned = orders.page(adapters.matching(asked, by=by), asked, window)
    keys = [row["pk"] for row in turned.rows]
    found = (
        AdapterVersion.objects.filter(pk__in=keys)
        .annotate(usual=usual)
        .annotate(
            size=Subquery(weights.values("size")[:1]),
            dialect=Subquery(weights.values("dialect")[:1]),
            picture=Subquery(pictures.values("blob_id")[:1]) if pictured else NO_PICTURE,
        )
        .values("pk", "usual", "size", "dialect", "picture", *FIELDS)
    )
    return replace(turned, rows=orders.in_order(found, keys))
