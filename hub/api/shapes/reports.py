"""How a version's validation goes, and what it shows at every weight."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from hub.api.shapes.curves import ResponseCurve
from registry.queries import answers
from registry.queries.words import GridKind, Medium, RunState, Stage, State


class RunProgress(serializers.Serializer[Any]):
    done = serializers.IntegerField(required=False)
    of = serializers.IntegerField(required=False)
    saying = serializers.CharField(required=False)
    left = serializers.FloatField(
        required=False, allow_null=True, help_text="Seconds, where that is known."
    )


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


class Place(serializers.Serializer[Any]):
    """Where a run that waits for a gpu worker stands."""

    before = serializers.IntegerField(help_text="Runs that wait longer, or are being done.")
    seconds = serializers.FloatField(
        allow_null=True, help_text="Until it is done, roughly; null: not known."
    )
    workers = serializers.IntegerField(help_text="How many devices are there.")


class CheckResult(serializers.Serializer[Any]):
    """What one check said."""

    code = serializers.CharField()
    claim = serializers.CharField()
    outcome = serializers.ChoiceField(["passed", "warned", "rejected"])
    problem = serializers.CharField(allow_blank=True)
    evidence = serializers.DictField(child=serializers.JSONField())


class PartEffect(serializers.Serializer[Any]):
    component = serializers.CharField()
    effect = serializers.FloatField()


class WordEffect(serializers.Serializer[Any]):
    word = serializers.CharField()
    effect = serializers.FloatField()
    declared = serializers.BooleanField(help_text="false: it was only read in the file")


class Effect(serializers.Serializer[Any]):
    """What does its work: how far a cell is from the one without the adapter, all at one weight."""

    weight = serializers.FloatField()
    whole = serializers.FloatField()
    without_words = serializers.FloatField(
        allow_null=True, help_text="with no trigger word in the prompt; null: it has none"
    )
    most = serializers.FloatField(help_text="at any weight, on the average of the scenes")
    highest = serializers.FloatField(help_text="the highest weight that was rendered")
    visible = serializers.FloatField(help_text="from here on a person sees it")
    parts = PartEffect(many=True, help_text="each component alone")
    words = WordEffect(many=True, help_text="each word alone, the strongest first")

    def to_representation(self, instance: Any) -> Any:
        return super().to_representation(instance) if instance else None


class Report(serializers.Serializer[Any]):
    """A version's newest validation run: how far it is, and every check so far."""

    team = serializers.CharField(source="version.adapter.team.slug")
    name = serializers.CharField(source="version.adapter.slug")
    version = serializers.IntegerField(source="version.number")
    state = serializers.ChoiceField(State.choices, source="version.state")
    reason = serializers.CharField(source="version.reason")
    proof = serializers.CharField(source="version.proof")
    effect = Effect(source="version.effect", allow_null=True)
    run = Run(allow_null=True)
    place = Place(allow_null=True, help_text="In line for a gpu worker; null: it does not wait.")
    results = CheckResult(many=True)


class Cell(serializers.Serializer[Any]):
    """One picture, text or sound, with everything needed to render it again."""

    row = serializers.IntegerField()
    column = serializers.IntegerField()
    scene = serializers.CharField(source="scene_slug")
    title = serializers.CharField(source="scene_title")
    role = serializers.CharField(
        help_text="what its row shows: scene, unusual, wide or sample; the curve is drawn from "
        "scenes with the trigger words"
    )
    weight = serializers.FloatField()
    with_trigger = serializers.BooleanField()
    medium = serializers.ChoiceField(Medium.choices, help_text="what the cell is")
    picture_url = serializers.SerializerMethodField(
        help_text="WebP; of a sound its spectrogram, of a text null"
    )
    sha256 = serializers.CharField(source="blob_id", allow_null=True, help_text="of the picture")
    sound_url = serializers.SerializerMethodField(help_text="WAV; null but for a sound")
    text = serializers.CharField(allow_blank=True)
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    from_zero = serializers.FloatField(allow_null=True)
    from_previous = serializers.FloatField(allow_null=True)
    measures = serializers.SerializerMethodField(
        help_text="what was measured of it: every distance, and facts of itself, by name"
    )
    parameters = serializers.DictField(child=serializers.JSONField())

    @extend_schema_field(serializers.DictField(child=serializers.JSONField()))
    def get_measures(self, cell: Any) -> dict[str, Any]:
        return {name: value for name, value in cell.measures.items() if name != "edges"}

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_picture_url(self, cell: Any) -> str | None:
        return addresses.picture(self.context["request"], cell) if cell.blob_id else None

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_sound_url(self, cell: Any) -> str | None:
        return addresses.sound(self.context["request"], cell) if cell.sound_id else None


class GridListed(serializers.Serializer[Any]):
    """A grid without its cells. `axes` is empty for a sweep: scenes down, weights across."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(GridKind.choices)
    axes = serializers.DictField(
        child=serializers.JSONField(), help_text="across and down: axis and values; against"
    )
    rendered_at = serializers.DateTimeField(allow_null=True, help_text="null while it is rendered")
    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.URLField())
    def get_url(self, grid: Any) -> str:
        request, told = self.context["request"], {"kind": grid.kind, "grid": grid.pk}
        return addresses.of_version(request, grid.version, "api-previews", **told)


class Grid(GridListed):
    weights = serializers.ListField(child=serializers.FloatField())
    engine = serializers.CharField()
    device = serializers.CharField()
    method = serializers.CharField(help_text="batch (all weights at once) or loop")
    seconds = serializers.FloatField()
    sheet_url = serializers.SerializerMethodField(
        help_text="all cells on one captioned picture, or answers as CSV; null until it is drawn"
    )
    cells = Cell(many=True)
    curve = ResponseCurve(allow_null=True, default=None)

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_sheet_url(self, grid: Any) -> str | None:
        request, told = self.context["request"], {}
        if grid.sheet_id is not None:
            told["sha256"] = grid.sheet_id
        elif not answers.are_of(grid):
            return None
        if grid.kind != GridKind.SWEEP:
            told["grid"] = grid.pk
        return addresses.of_version(request, grid.version, "api-sheet", **told)


class Previews(serializers.Serializer[Any]):
    team = serializers.CharField(source="version.adapter.team.slug")
    name = serializers.CharField(source="version.adapter.slug")
    version = serializers.IntegerField(source="version.number")
    grid = Grid(allow_null=True)
    grids = GridListed(many=True, help_text="All of the kind that you may see, the newest first.")
