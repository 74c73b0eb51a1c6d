"""Ratings of versions: what they come to for each use."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Avg, Count

from registry.models import AdapterVersion, Rating, Use, User

PICTURES = (Use.STYLE, Use.CHARACTER, Use.THING, Use.CONCEPT, Use.EFFECT, Use.MIX, Use.TRAINING)
OTHERS = (Use.TASK, Use.STYLE, Use.CHARACTER, Use.SERVING, Use.MIX, Use.TRAINING)


@dataclass(frozen=True, slots=True)
class ForUse:
    """What a version is rated for one use; `own` is the rating of whoever asks."""

    use: Use
    average: float
    count: int
    own: Rating | None


def uses_of(version: AdapterVersion) -> tuple[Use, ...]:
    """Return what such an adapter is used for: no serving of pictures, no poses of texts."""
    return PICTURES if version.adapter.modality in {"image", "video"} else OTHERS


def of_version(version: AdapterVersion, *, by: User | None) -> list[ForUse]:
    """Return what a version is rated, use by use, that which most have rated first."""
    own = {one.use: one for one in version.ratings.filter(by=by)} if by else {}
    rows = version.ratings.values_list("use").annotate(Avg("stars"), Count("pk")).order_by()
    found = [ForUse(Use(use), round(mean, 2), count, own.get(use)) for use, mean, count in rows]
    order = list(Use)
    return sorted(found, key=lambda one: (-one.count, order.index(one.use)))
