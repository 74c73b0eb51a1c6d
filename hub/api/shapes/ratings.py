"""Ratings for uses, as they go over the wire."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from registry.queries.words import Use
from registry.services import rating


class OwnRating(serializers.Serializer[Any]):
    """What you said."""

    stars = serializers.IntegerField()
    weight = serializers.FloatField(allow_null=True, help_text="That you used it at.")
    runtime = serializers.CharField(help_text="And where, by its slug.")
    rated_at = serializers.DateTimeField()


class ForUse(serializers.Serializer[Any]):
    """What a version is rated for one use."""

    use = serializers.ChoiceField(Use.choices)
    average = serializers.FloatField(help_text="Stars, 1 to 5.")
    count = serializers.IntegerField()
    own = OwnRating(allow_null=True)


class Ratings(serializers.Serializer[Any]):
    """Of each use that anybody has rated it for; `uses` are all there are for such an adapter."""

    items = ForUse(many=True)
    uses = serializers.ListField(child=serializers.ChoiceField(Use.choices))


class NewRating(serializers.Serializer[Any]):
    """How good it is for this use."""

    stars = serializers.IntegerField(min_value=rating.LEAST, max_value=rating.MOST)
    weight = serializers.FloatField(
        required=False,
        allow_null=True,
        default=None,
        min_value=rating.LOWEST,
        max_value=rating.HIGHEST,
    )
    runtime = serializers.CharField(
        max_length=40, required=False, default="", allow_blank=True, help_text="Its slug."
    )
