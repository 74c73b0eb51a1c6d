"""How a version's validation goes, and what it shows at every weight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from registry.queries.words import RunState, Stage, State
from registry.sweeps import reasons


class RunProgress(serializers.Serializer[Any]):
    done = serializers.IntegerField(required=False)
    of = serializers.IntegerField(required=False)
    saying = serializers.CharField(required=False)


class Run(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(RunState.choices)
    stage = serializers.ChoiceField(Stage.choices)
    attempt = serializers.IntegerField()
    progress = RunProgress()
    reason = serializers.CharField()
    queued_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class CheckResult(serializers.Serializer[Any]):
    """What one check said."""

    code = serializers.CharField()
    claim = serializers.CharField()
    outcome = serializers.ChoiceField(["passed", "warned", "rejected"])
    problem = serializers.CharField(allow_blank=True)
    evidence = serializers.DictField(child=serializers.JSONField())


class Report(serializers.Serializer[Any]):
    """A version's newest validation run: how far it is, and every check so far."""

    team = serializers.CharField(source="version.adapter.team.slug")
    name = serializers.CharField(source="version.adapter.slug")
    version = serializers.IntegerField(source="version.number")
    state = serializers.ChoiceField(State.choices, source="version.state")
    reason = serializers.CharField(source="version.reason")
    proof = serializers.CharField(source="version.proof")
    run = Run(allow_null=True)
    results = CheckResult(many=True)


class Cell(serializers.Serializer[Any]):
    """One picture, with everything needed to render it again."""

    row = serializers.IntegerField()
    column = serializers.IntegerField()
    scene = serializers.CharField(source="scene_slug")
    title = serializers.CharField(source="scene_title")
    role = serializers.ChoiceField(
        ["scene", "unusual", "wide", "sample"],
        help_text="what its row shows; the curve is drawn from scenes with the trigger words",
    )
    weight = serializers.FloatField()
    with_trigger = serializers.BooleanField()
    url = serializers.SerializerMethodField()
    sha256 = serializers.CharField(source="blob_id")
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    from_zero = serializers.FloatField(allow_null=True)
    from_previous = serializers.FloatField(allow_null=True)
    parameters = serializers.DictField(child=serializers.JSONField())

    @extend_schema_field(serializers.URLField())
    def get_url(self, cell: Any) -> str:
        return addresses.picture(self.context["request"], cell)


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
    code = serializers.CharField()
    value = serializers.FloatField()
    at_zero = serializers.FloatField()
    share = serializers.FloatField(help_text="of the rows, those that show it")
    breaks = serializers.BooleanField(help_text="whether it makes the weight bad by itself")


class ResponseCurve(serializers.Serializer[Any]):
    """How much the picture changes, weight by weight, and what follows from it."""

    measure = serializers.CharField(help_text="what its distances are of: ssim, kl, words …")
    points = CurvePoint(many=True)
    onset = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    best = serializers.FloatField(allow_null=True)
    first_bad = serializers.FloatField(allow_null=True)
    onset_below = serializers.FloatField(allow_null=True, help_text="of a slider, below 0")
    first_bad_below = serializers.FloatField(allow_null=True, help_text="of a slider, below 0")
    jumps = serializers.ListField(
        child=serializers.FloatField(), help_text="weights that a sudden change arrives at"
    )
    certainty = serializers.ChoiceField(["sure", "unsure"])
    reasons = CurveReason(many=True)
    signs = CurveSign(many=True)


class Grid(serializers.Serializer[Any]):
    weights = serializers.ListField(child=serializers.FloatField())
    engine = serializers.CharField()
    device = serializers.CharField()
    method = serializers.CharField(help_text="batch (all weights at once) or loop")
    seconds = serializers.FloatField()
    rendered_at = serializers.DateTimeField(allow_null=True, help_text="null while it is rendered")
    sheet_url = serializers.SerializerMethodField(
        help_text="all cells on one captioned picture; null until it is drawn"
    )
    cells = Cell(many=True)
    curve = ResponseCurve(allow_null=True, default=None)

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_sheet_url(self, grid: Any) -> str | None:
        if grid.sheet_id is None:
            return None
        request = self.context["request"]
        return addresses.of_version(request, grid.version, "api-sheet", sha256=grid.sheet_id)


class Previews(serializers.Serializer[Any]):
    team = serializers.CharField(source="version.adapter.team.slug")
    name = serializers.CharField(source="version.adapter.slug")
    version = serializers.IntegerField(source="version.number")
    grid = Grid(allow_null=True)
