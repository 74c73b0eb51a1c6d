"""What versions were made from, as it goes over the wire."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hub.api import addresses
from registry.exports.licences import Breach as BreachKind
from registry.queries.words import AncestorKind
from registry.services import lineage

EVIDENCE = ("mended", "weights", "rank", "training", "metadata")


class Relation(serializers.Serializer[Any]):
    """One step of a line: what was made from what, and how."""

    kind = serializers.ChoiceField(AncestorKind.choices, source="said.kind")
    depth = serializers.IntegerField(help_text="How many steps away it is: 1 for its own.")
    name = serializers.CharField(
        help_text="team/name@number of a version here, also of one that was deleted; else a title."
    )
    url = serializers.SerializerMethodField()
    base = serializers.SerializerMethodField(help_text="Of a version here.")
    licence = serializers.CharField()
    weight = serializers.FloatField(
        source="said.weight", allow_null=True, help_text="At which it was merged."
    )
    evidence = serializers.ChoiceField(
        ["", *EVIDENCE],
        source="said.evidence",
        help_text="How the hub found it, where a person confirmed that.",
    )
    by = serializers.CharField(source="said.by.username")
    said_at = serializers.DateTimeField(source="said.said_at")

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_url(self, relation: Any) -> str | None:
        if relation.version is None:
            return relation.said.url or None
        return addresses.of_version(self.context["request"], relation.version)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_base(self, relation: Any) -> str | None:
        return relation.version.base.slug if relation.version else None


class Found(serializers.Serializer[Any]):
    """Something that it may have been made from, as the hub thinks."""

    kind = serializers.ChoiceField(AncestorKind.choices)
    name = serializers.CharField(help_text="team/name@number, or what its metadata call it.")
    is_here = serializers.SerializerMethodField(help_text="Whether this hub has it.")
    weight = serializers.FloatField(allow_null=True)
    evidence = serializers.ChoiceField(
        EVIDENCE,
        help_text="A mended copy, the same weights, the same layers at a higher rank, also of the "
        "same training, or what its metadata say.",
    )
    place = serializers.CharField(help_text="Where in the metadata.")

    def get_is_here(self, found: Any) -> bool:
        return found.version is not None


class Breach(serializers.Serializer[Any]):
    """Its licence permits something that the licence of an ancestor does not."""

    of = serializers.CharField(source="of.name")
    licence = serializers.CharField(source="of.licence")
    permits = serializers.ChoiceField([each.value for each in BreachKind])


class Lineage(serializers.Serializer[Any]):
    ancestors = Relation(many=True, help_text="Each behind what was made from it.")
    descendants = Relation(many=True, help_text="Each behind what it was made from.")
    is_cut = serializers.BooleanField(help_text="There is more than is told here.")
    breaches = Breach(many=True)
    found = Found(many=True, help_text="For its team: what nobody has confirmed yet.")


class SaidAncestor(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(AncestorKind.choices)
    of = serializers.CharField(
        max_length=1000,
        help_text="A version: team/name@3, or 3 of the same adapter; or an address elsewhere.",
    )
    title = serializers.CharField(
        max_length=200,
        required=False,
        default="",
        allow_blank=True,
        help_text="Of what lies elsewhere.",
    )
    licence = serializers.CharField(
        max_length=120,
        required=False,
        default="",
        allow_blank=True,
        help_text="Of what lies elsewhere.",
    )
    weight = serializers.FloatField(
        required=False,
        default=None,
        allow_null=True,
        min_value=-lineage.HEAVIEST,
        max_value=lineage.HEAVIEST,
        help_text="At which it was merged.",
    )
    evidence = serializers.ChoiceField(
        ["", *EVIDENCE],
        required=False,
        default="",
        allow_blank=True,
        help_text="Of what the hub found, if you confirm that.",
    )


class SaidLineage(serializers.Serializer[Any]):
    """All that a version was made from."""

    ancestors = serializers.ListField(child=SaidAncestor(), max_length=lineage.MOST)
