"""Teams, and what they ask of a version before it is published."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from registry.content_levels import LEVELS
from registry.queries.words import Proof, Role


class NewTeam(serializers.Serializer[Any]):
    slug = serializers.CharField(max_length=60, help_text="Its name in addresses, for good.")
    title = serializers.CharField(max_length=120)


class TeamChange(serializers.Serializer[Any]):
    """What is to be said of a team from now on; what is left out stays."""

    title = serializers.CharField(max_length=120)
    description = serializers.CharField(allow_blank=True, max_length=20_000)
    licence = serializers.CharField(
        allow_blank=True, max_length=120, help_text="That uploads begin with."
    )
    content_level = serializers.ChoiceField(LEVELS, help_text="That uploads begin with.")
    base = serializers.CharField(
        allow_null=True, max_length=120, help_text="That uploads begin with; null for none."
    )


class Team(serializers.Serializer[Any]):
    """A team, as far as whoever asks may know it."""

    team = serializers.CharField(source="slug")
    title = serializers.CharField()
    description = serializers.CharField(help_text="Markdown, as it was written.")
    role = serializers.ChoiceField(Role.choices, allow_null=True, help_text="Yours in it.")
    members = serializers.IntegerField()
    adapters = serializers.IntegerField(help_text="That are published.")
    licence = serializers.CharField()
    content_level = serializers.ChoiceField(LEVELS)
    base = serializers.CharField(source="base.slug", default=None, allow_null=True)
    versions = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="How many there are in each state; empty for those who are not in the team.",
    )


class TeamList(serializers.Serializer[Any]):
    items = Team(many=True)


class Policy(serializers.Serializer[Any]):
    """What a team asks of a version before it is published."""

    proof = serializers.ChoiceField(
        Proof.choices, allow_blank=True, default="", help_text="At least; empty: as its base asks."
    )
    description = serializers.BooleanField(default=False)
    trigger_words = serializers.BooleanField(
        default=False, help_text="Or somebody's word that it needs none."
    )
    licence = serializers.BooleanField(default=False)
    no_warnings = serializers.ListField(
        child=serializers.CharField(max_length=20),
        default=list,
        max_length=30,
        help_text="Kinds of checks that may not even warn: `metadata` is of `metadata.private`.",
    )
    approvals = serializers.IntegerField(
        min_value=0, max_value=3, default=0, help_text="By others than its uploader."
    )
    approvers = serializers.ChoiceField(
        [Role.REVIEWER.value, Role.ADMIN.value], default=Role.REVIEWER.value
    )
    publishes_itself = serializers.BooleanField(
        default=False, help_text="As soon as nothing is missing."
    )
