"""Pieces that several shapes share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.errors import NotFound
from registry.queries import cards, files, previews

if TYPE_CHECKING:
    from registry.models import AdapterVersion, PreviewCell, VersionFile


class Range(serializers.Serializer[Any]):
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    best = serializers.FloatField(allow_null=True)


class CommunityRange(serializers.Serializer[Any]):
    """Where it works for members: half of them are inside, and `best` is in the middle."""

    low = serializers.FloatField()
    high = serializers.FloatField()
    best = serializers.FloatField()
    votes = serializers.IntegerField(help_text="Three at least.")


class WeightFields(serializers.Serializer[Any]):
    """
    How strongly to apply an adapter.

    What was measured in the sweep goes before what its uploader claimed, but for `default`.
    """

    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    default = serializers.FloatField()
    best = serializers.FloatField(allow_null=True)
    claimed = Range()
    measured = Range()
    community = CommunityRange(
        allow_null=True, help_text="What members say works for them, once three have."
    )


@extend_schema_field(WeightFields)
class Weight(serializers.Field[Any, Any, Any, Any]):
    """The weights of a version, claimed and measured."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, version: AdapterVersion) -> dict[str, Any]:
        return weight_of(version)


def weight_of(version: AdapterVersion) -> dict[str, Any]:
    return {
        "low": _first(version.measured_low, version.weight_low),
        "high": _first(version.measured_high, version.weight_high),
        "default": cards.weight(version),
        "best": version.measured_best,
        "claimed": {
            "low": version.weight_low,
            "high": version.weight_high,
            "best": version.weight_default,
        },
        "measured": {
            "low": version.measured_low,
            "high": version.measured_high,
            "best": version.measured_best,
        },
        "community": community_of(version),
    }


def community_of(version: AdapterVersion) -> dict[str, float | None] | None:
    if version.voted_best is None:
        return None
    return {
        "low": version.voted_low,
        "high": version.voted_high,
        "best": version.voted_best,
        "votes": version.votes,
    }


def _first(*numbers: float | None) -> float | None:
    """Return the first that is a number: 0 is one."""
    return next((number for number in numbers if number is not None), None)


def weights_file(version: AdapterVersion) -> VersionFile | None:
    try:
        return files.weights_of(version)
    except NotFound:
        return None


def preview_of(version: AdapterVersion) -> PreviewCell | None:
    """Return the picture that shows a version best: its first scene, near its best weight."""
    grid = next((grid for grid in version.grids.all() if grid.rendered_at), None)
    if grid is None:
        return None
    return previews.best_cell(grid, weight=cards.weight(version))


class Problem(serializers.Serializer[Any]):
    """What every error answers (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable; for programs.")
    detail = serializers.CharField(help_text="One sentence, for people.")
    errors = serializers.JSONField(  # type: ignore[assignment]  # shadows the form's own
        required=False, help_text="By field, where fields were wrong."
    )
    missing = serializers.JSONField(
        required=False, help_text="A `code` and a `sentence` each, where a team's policy is unmet."
    )
