"""Work items, and what is kept, for those who run the hub."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from registry.queries.operations import NOUNS


class WorkItem(serializers.Serializer[Any]):
    """Something that workers do: a validation run, cells asked for, another layout, an import."""

    noun = serializers.ChoiceField(choices=tuple(NOUNS))
    id = serializers.UUIDField()
    adapter = serializers.SerializerMethodField(help_text="team/name; empty of an import.")
    version = serializers.IntegerField(source="version.number", default=None, allow_null=True)
    base = serializers.CharField(source="version.base.slug", default=None, allow_null=True)
    origin = serializers.CharField(help_text="Of an import: its team, and where from.")
    state = serializers.CharField()
    stage = serializers.CharField(help_text="Of a run: file, trial or grid.")
    attempt = serializers.IntegerField(help_text="Of this stage.")
    worker = serializers.CharField(help_text="That holds it; empty: none.")
    reason = serializers.CharField(help_text="Why it failed, or is tried again.")
    queued_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)

    def get_adapter(self, item: Any) -> str:
        if item.version is None:
            return ""
        adapter = item.version.adapter
        return f"{adapter.team.slug}/{adapter.slug}"


class WorkItems(serializers.Serializer[Any]):
    living = WorkItem(many=True, help_text="What goes on, then what waits, the oldest first.")
    failed = WorkItem(many=True, help_text="What failed for good, the newest first.")


class Attempt(serializers.Serializer[Any]):
    """One time that a worker took it."""

    number = serializers.IntegerField()
    stage = serializers.CharField()
    worker = serializers.CharField()
    began_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    outcome = serializers.CharField(help_text="done, again, failed or lost; empty: it goes on.")
    reason = serializers.CharField()
    log = serializers.CharField(help_text="Where in the code the error arose.")


class WorkItemWithAttempts(WorkItem):
    attempts = Attempt(many=True)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        item, attempts = instance
        return WorkItem(item).data | {"attempts": Attempt(attempts, many=True).data}


class Begun(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="Versions that are validated again.")


class Share(serializers.Serializer[Any]):
    sort = serializers.CharField()
    count = serializers.IntegerField(help_text="Files.")
    size = serializers.IntegerField(help_text="Bytes.")


class TeamShare(serializers.Serializer[Any]):
    team = serializers.CharField()
    count = serializers.IntegerField(help_text="Files.")
    size = serializers.IntegerField(help_text="Bytes; what two teams have counts for both.")


class Storage(serializers.Serializer[Any]):
    whole = Share()
    shares = Share(many=True, help_text="What it is kept for.")
    unused = Share(help_text="Nothing refers to it; it is deleted after a while.")
    staged = Share(help_text="Uploads that are not complete.")
    teams = TeamShare(many=True, help_text="What each team's versions are made of.")
    free = serializers.IntegerField(allow_null=True, help_text="Bytes left, where that is known.")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {
            "whole": Share(instance.whole).data,
            "shares": Share(instance.shares, many=True).data,
            "unused": Share(instance.unused).data,
            "staged": Share(instance.staged).data,
            "teams": [
                {"team": team.slug, "count": share.count, "size": share.size}
                for team, share in instance.teams
            ],
            "free": instance.free,
        }
