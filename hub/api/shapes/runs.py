"""Training runs: their checkpoints, what members think of them, and what became of them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.services import unpacking


class Step(serializers.Serializer[Any]):
    """A checkpoint of a run, by the step that it was saved at."""

    training_step = serializers.IntegerField(
        min_value=0,
        max_value=unpacking.MAX_STEP,
        allow_null=True,
        help_text="null: the end of the run, which is the version's weights.",
    )


class ChosenCheckpoint(Step):
    note = serializers.CharField(
        max_length=300, required=False, default="", allow_blank=True, help_text="Why, if you like."
    )


class PromotedStep(serializers.Serializer[Any]):
    training_step = serializers.IntegerField(min_value=0, max_value=unpacking.MAX_STEP)


class CheckpointVote(serializers.Serializer[Any]):
    by = serializers.CharField(source="by.username")
    note = serializers.CharField()
    at = serializers.DateTimeField()


class DistanceAt(serializers.Serializer[Any]):
    weight = serializers.FloatField()
    from_zero = serializers.FloatField(help_text="How far it moves the output there, 0 to 1.")


class CheckpointOfRun(serializers.Serializer[Any]):
    training_step = serializers.IntegerField(
        source="step", allow_null=True, help_text="null: the end of the run."
    )
    file = serializers.CharField(source="file.name")
    sha256 = serializers.CharField(source="file.sha256")
    size = serializers.IntegerField(source="file.size")
    votes = serializers.SerializerMethodField(help_text="How many members are for it.")
    voters = serializers.SerializerMethodField(help_text="Who they are, for the team alone.")
    curve = serializers.SerializerMethodField(help_text="As far as it was rendered.")
    curve_of = serializers.ChoiceField(
        ["distance", "outlines"],
        source="measure",
        help_text="What the curve tells: how far the output is, or only how far its outlines are.",
    )
    became = serializers.SerializerMethodField(help_text="Numbers of the versions made of it.")

    def get_votes(self, checkpoint: Any) -> int:
        return len(checkpoint.votes)

    @extend_schema_field(CheckpointVote(many=True))
    def get_voters(self, checkpoint: Any) -> Any:
        return CheckpointVote(checkpoint.votes if self.context["in_team"] else (), many=True).data

    @extend_schema_field(DistanceAt(many=True))
    def get_curve(self, checkpoint: Any) -> Any:
        return [{"weight": weight, "from_zero": far} for weight, far in checkpoint.points]

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_became(self, checkpoint: Any) -> Any:
        return [version.number for version in checkpoint.became]


class CheckpointList(serializers.Serializer[Any]):
    items = CheckpointOfRun(many=True)
