"""Many hashes at once, two versions beside each other, and counts."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from hub.api.shapes.adapters import ShortVersion
from registry.queries.words import FileRole, State


class Hashes(serializers.Serializer[Any]):
    hashes = serializers.ListField(
        child=serializers.CharField(max_length=80), help_text="Of any kind, 10,000 at most."
    )


class FoundFile(serializers.Serializer[Any]):
    """The newest file in sight that has a hash."""

    hash = serializers.CharField(help_text="As you wrote it.")
    team = serializers.CharField()
    name = serializers.CharField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(State.choices)
    file = serializers.CharField()
    role = serializers.ChoiceField(FileRole.choices)
    sha256 = serializers.CharField()
    size = serializers.IntegerField()
    url = serializers.URLField()


class FoundFiles(serializers.Serializer[Any]):
    items = FoundFile(many=True)
    unknown = serializers.ListField(child=serializers.CharField())


class Side(ShortVersion):
    """One of two versions that are compared."""

    team = serializers.CharField(source="adapter.team.slug")
    name = serializers.CharField(source="adapter.slug")


class WordsApart(serializers.Serializer[Any]):
    both = serializers.ListField(child=serializers.CharField())
    only_a = serializers.ListField(child=serializers.CharField())
    only_b = serializers.ListField(child=serializers.CharField())


class Difference(serializers.Serializer[Any]):
    fact = serializers.CharField()
    a = serializers.JSONField(allow_null=True)
    b = serializers.JSONField(allow_null=True)


class PartNorms(serializers.Serializer[Any]):
    """How large the change of one part is: in all, and layer by layer, the largest first."""

    part = serializers.CharField()
    norm_a = serializers.FloatField(allow_null=True)
    norm_b = serializers.FloatField(allow_null=True)
    layer_norms_a = serializers.ListField(child=serializers.FloatField())
    layer_norms_b = serializers.ListField(child=serializers.FloatField())


class Likeness(serializers.Serializer[Any]):
    """How near the weights are; null where workers have not measured both."""

    same_bytes = serializers.BooleanField(allow_null=True)
    same_tensors = serializers.BooleanField(allow_null=True, help_text="Under other headers.")
    same_change = serializers.BooleanField(
        allow_null=True, help_text="In another number type or naming, perhaps."
    )
    parts = PartNorms(many=True)


class Comparison(serializers.Serializer[Any]):
    a = Side()
    b = Side()
    trigger_words = WordsApart()
    tags = WordsApart()
    file = Difference(many=True, help_text="Facts of the weights files that differ.")
    training = Difference(many=True, help_text="Training facts that differ.")
    likeness = Likeness()


class Count(serializers.Serializer[Any]):
    name = serializers.CharField()
    adapters = serializers.IntegerField()
    downloads = serializers.IntegerField()


class Statistics(serializers.Serializer[Any]):
    """Of what is published. Downloads count withdrawn versions, too."""

    adapters = serializers.IntegerField()
    versions = serializers.IntegerField()
    downloads = serializers.IntegerField()
    by_family = Count(many=True)
    by_base = Count(many=True)
    by_kind = Count(many=True)
    by_team = Count(many=True)


class VersionDownloads(serializers.Serializer[Any]):
    version = serializers.IntegerField(source="number")
    state = serializers.ChoiceField(State.choices)
    downloads = serializers.IntegerField()
    published_at = serializers.DateTimeField(allow_null=True)


class ClientDownloads(serializers.Serializer[Any]):
    """Downloads by what kind of program fetched, as it calls itself."""

    hub = serializers.IntegerField(help_text="huggingface_hub, and what stands on it.")
    loradex = serializers.IntegerField(help_text="Loradex's own client and plugin.")
    civitai = serializers.IntegerField(help_text="Tools that speak Civitai.")
    browser = serializers.IntegerField()
    other = serializers.IntegerField(help_text="curl, and all others.")


class DayDownloads(serializers.Serializer[Any]):
    day = serializers.DateField(help_text="Of UTC.")
    downloads = serializers.IntegerField()
    clients = ClientDownloads()


class AdapterStatistics(serializers.Serializer[Any]):
    """Of public versions. Totals may go back further than the days that are counted."""

    downloads = serializers.IntegerField()
    versions = VersionDownloads(many=True)
    first = serializers.DateField(help_text="The first day of the series.")
    last = serializers.DateField()
    clients = ClientDownloads(help_text="Of the days of the series together.")
    daily = DayDownloads(many=True, help_text="A row for each day, the oldest first.")
