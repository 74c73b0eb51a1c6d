"""Workers, and what waits for them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class BaseAside(serializers.Serializer[Any]):
    """A base that did not load on a device."""

    base = serializers.CharField(source="base.slug")
    until = serializers.DateTimeField()
    reason = serializers.CharField()


class Worker(serializers.Serializer[Any]):
    """One device of one worker."""

    name = serializers.CharField(source="worker.name", help_text="Its machine and process.")
    device = serializers.CharField(source="worker.device")
    device_name = serializers.CharField(source="worker.device_name")
    silent = serializers.BooleanField(
        help_text="Whether it was not seen for so long that it is gone."
    )
    holds = serializers.CharField(
        source="holds.slug",
        default=None,
        allow_null=True,
        help_text="The base in its memory; null too for one that you may not see.",
    )
    doing = serializers.CharField(source="worker.doing", help_text="Empty: it waits.")
    seconds_a_cell = serializers.FloatField(source="worker.seconds_a_cell", allow_null=True)
    started_at = serializers.DateTimeField(source="worker.started_at")
    seen_at = serializers.DateTimeField(source="worker.seen_at")
    set_aside = BaseAside(many=True, source="aside")


class Line(serializers.Serializer[Any]):
    """What waits for one base."""

    base = serializers.CharField(
        source="base.slug",
        default=None,
        allow_null=True,
        help_text="Null: all bases together that you may not see.",
    )
    runs = serializers.IntegerField(help_text="Validations.")
    requests = serializers.IntegerField(help_text="Cells asked for in the playground.")
    since = serializers.DateTimeField(help_text="When the oldest began to wait.")
    seconds = serializers.FloatField(
        allow_null=True, help_text="That its validations take one worker, roughly; null: not known."
    )


class Workers(serializers.Serializer[Any]):
    workers = Worker(many=True)
    waiting = Line(many=True)
