"""What a version does at every weight, in figures: the curve, its reasons, and the claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api.shapes.fields import Range, weight_of
from registry.sweeps import reasons
from registry.sweeps.claims import Verdict, hold


class CurvePoint(serializers.Serializer[Any]):
    """One weight: the mean over the rows, and their spread."""

    weight = serializers.FloatField()
    from_zero = serializers.FloatField(help_text="distance to weight 0")
    from_previous = serializers.FloatField(help_text="distance to the weight before")
    spread = serializers.FloatField(
        required=False, help_text="standard deviation of from_zero over the rows"
    )
    facts = serializers.DictField(
        child=serializers.FloatField(),
        required=False,
        help_text="what was measured of the cells themselves, by name",
    )


class CurveReason(serializers.Serializer[Any]):
    """Why one thing is said of the curve, or (about certainty) why it may be wrong."""

    about = serializers.CharField(
        help_text="onset, best, first_bad, jumps, certainty; *_below of a slider"
    )
    code = serializers.CharField(help_text="stable, for programs")
    sentence = serializers.SerializerMethodField()
    numbers = serializers.SerializerMethodField()

    def get_sentence(self, stored: Mapping[str, Any]) -> str:
        return reasons.sentence(stored["code"], _numbers(stored))

    @extend_schema_field(serializers.DictField(child=serializers.FloatField()))
    def get_numbers(self, stored: Mapping[str, Any]) -> dict[str, Any]:
        return _numbers(stored)


def _numbers(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stored.items() if name not in {"about", "code"}}


class CurveSign(serializers.Serializer[Any]):
    """A sign of being driven too far: a fact that has come too far from weight 0."""

    weight = serializers.FloatField()
    code = serializers.CharField(help_text="stable, for programs")
    sentence = serializers.SerializerMethodField()
    value = serializers.FloatField()
    at_zero = serializers.FloatField()
    share = serializers.FloatField(help_text="of the rows, those that show it")
    breaks = serializers.BooleanField(help_text="whether it makes the weight bad by itself")

    def get_sentence(self, stored: Mapping[str, Any]) -> str:
        return reasons.sentence(stored["code"], stored)


class WeightOverSeeds(serializers.Serializer[Any]):
    """One weight, drawn by further seeds too."""

    weight = serializers.FloatField()
    scenes = serializers.IntegerField(help_text="that were drawn by further seeds")
    seeds = serializers.IntegerField(help_text="that each was drawn by, at least; its own is one")
    spread = serializers.FloatField(
        help_text="standard deviation of from_zero over the seeds of a scene"
    )
    variety = serializers.FloatField(
        allow_null=True,
        help_text="how far seeds are apart, against weight 0: 1 as far, 0 all the same picture; "
        "null where they draw the same at weight 0 already",
    )


class ResponseCurve(serializers.Serializer[Any]):
    """How much the picture changes, weight by weight, and what follows from it."""

    measure = serializers.CharField(help_text="what its distances are of: ssim, kl, words …")
    points = CurvePoint(many=True)
    onset = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    best = serializers.FloatField(allow_null=True)
    first_bad = serializers.FloatField(allow_null=True)
    first_bad_in_part = serializers.FloatField(
        allow_null=True, help_text="where some scenes are bad and the others hold"
    )
    onset_below = serializers.FloatField(allow_null=True, help_text="of a slider, below 0")
    first_bad_below = serializers.FloatField(allow_null=True, help_text="of a slider, below 0")
    first_bad_in_part_below = serializers.FloatField(
        allow_null=True, help_text="of a slider, below 0"
    )
    jumps = serializers.ListField(
        child=serializers.FloatField(), help_text="weights that a sudden change arrives at"
    )
    certainty = serializers.ChoiceField(["sure", "unsure"])
    reasons = CurveReason(many=True)
    signs = CurveSign(many=True)
    over_seeds = WeightOverSeeds(
        many=True, help_text="the weights that were drawn by further seeds; empty where none were"
    )


class Claim(serializers.Serializer[Any]):
    """What its uploader says, beside what was measured; the one never changes the other."""

    claimed = Range()
    verdict = serializers.ChoiceField(
        [str(verdict) for verdict in Verdict],
        help_text="what was measured says of the claimed best weight, or else of its highest",
    )


class VersionCurve(serializers.Serializer[Any]):
    team = serializers.CharField(source="version.adapter.team.slug")
    name = serializers.CharField(source="version.adapter.slug")
    version = serializers.IntegerField(source="version.number")
    rendered_at = serializers.DateTimeField(
        source="curve.grid.rendered_at", default=None, allow_null=True
    )
    claim = serializers.SerializerMethodField()
    curve = ResponseCurve(allow_null=True, help_text="null while there is none")

    @extend_schema_field(Claim)
    def get_claim(self, told: Mapping[str, Any]) -> dict[str, Any]:
        claimed = weight_of(told["version"])["claimed"]
        verdict = hold(claimed["best"], claimed["high"], told["curve"])
        return {"claimed": claimed, "verdict": str(verdict)}
