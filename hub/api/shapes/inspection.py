"""What a file's first bytes tell."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rest_framework import serializers

from hub.api.shapes.reports import CheckResult


class Beginning(serializers.Serializer[Any]):
    """The beginning of a file: its header's JSON as it stands, or the first bytes as base64."""

    name = serializers.CharField(max_length=400, trim_whitespace=False)
    size = serializers.IntegerField(min_value=0, help_text="Of the whole file, in bytes.")
    header = serializers.CharField(
        allow_blank=True,
        trim_whitespace=False,
        help_text="The header's JSON text; or base64 of the first bytes, the header included.",
    )
    base = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    config = serializers.DictField(
        child=serializers.JSONField(allow_null=True),
        required=False,
        allow_null=True,
        default=None,
        help_text="adapter_config.json, where there is one.",
    )
    sha256 = serializers.CharField(max_length=64, required=False, default="", allow_blank=True)


class FamilyCandidate(serializers.Serializer[Any]):
    family = serializers.CharField()
    reason = serializers.CharField()
    tensor = serializers.CharField(allow_null=True)


class SeenFamily(serializers.Serializer[Any]):
    family = serializers.CharField()
    variant = serializers.CharField()
    decided_by = serializers.CharField(help_text="The tensor that decided.")
    reason = serializers.CharField()
    candidates = FamilyCandidate(many=True)


class FitOfComponent(serializers.Serializer[Any]):
    component = serializers.CharField()
    applied = serializers.IntegerField()
    in_file = serializers.IntegerField()
    in_base = serializers.IntegerField()
    unknown = serializers.ListField(child=serializers.CharField())
    mismatched = serializers.ListField(child=serializers.CharField())


class FitOnBase(serializers.Serializer[Any]):
    base = serializers.CharField()
    applied = serializers.IntegerField()
    total = serializers.IntegerField()
    components = FitOfComponent(many=True)


class Inspected(serializers.Serializer[Any]):
    """What is seen in the header, and what the checks will say of it on the declared base."""

    name = serializers.CharField()
    dialect = serializers.CharField(source="adapter.dialect.value")
    algorithms = serializers.SerializerMethodField()
    detection = SeenFamily()
    rank_low = serializers.SerializerMethodField()
    rank_high = serializers.SerializerMethodField()
    layers = serializers.SerializerMethodField()
    components = serializers.SerializerMethodField()
    dtypes = serializers.ListField(child=serializers.CharField(), source="adapter.dtypes")
    leftovers = serializers.SerializerMethodField()
    trigger_candidates = serializers.ListField(
        child=serializers.CharField(), source="training.trigger_candidates"
    )
    training = serializers.SerializerMethodField()
    fits = serializers.ListField(
        child=serializers.CharField(), help_text="Bases that all of the file fits."
    )
    suggested_base = serializers.CharField()
    base = serializers.CharField(source="base.slug", default=None, allow_null=True)
    fit = FitOnBase(allow_null=True)
    results = CheckResult(many=True)
    warnings = serializers.SerializerMethodField()
    refusals = serializers.SerializerMethodField()
    known = serializers.BooleanField()

    def get_algorithms(self, seen: Any) -> list[str]:
        return [algorithm.value for algorithm in seen.adapter.algorithms]

    def get_rank_low(self, seen: Any) -> int | None:
        return seen.adapter.ranks[0] if seen.adapter.ranks else None

    def get_rank_high(self, seen: Any) -> int | None:
        return seen.adapter.ranks[1] if seen.adapter.ranks else None

    def get_layers(self, seen: Any) -> int:
        return len(seen.adapter.pairs)

    def get_components(self, seen: Any) -> dict[str, int]:
        return dict(seen.adapter.components)

    def get_leftovers(self, seen: Any) -> list[str]:
        return list(seen.adapter.leftovers[:50])

    def get_training(self, seen: Any) -> dict[str, Any]:
        return asdict(seen.training)

    def get_warnings(self, seen: Any) -> list[str]:
        return [one.problem for one in seen.results if one.outcome == "warned"]

    def get_refusals(self, seen: Any) -> list[str]:
        return [one.problem for one in seen.results if one.outcome == "rejected"]
