"""What is brought in from elsewhere: an import, what it offers, and whence a version came."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.adapters import AdapterVersion
from registry.models.blobs import Blob
from registry.models.people import Team, User


class ImportQuerySet(models.QuerySet["Import"]):
    def living(self) -> Self:
        return self.filter(state__in=[Import.State.QUEUED, Import.State.RUNNING])

    def lost(self, now: object, sent_before: object) -> Self:
        """Narrow to those that no worker holds and no fresh message tells of."""
        silent = Q(state="running", lease_until__lt=now)
        unsent = Q(state="queued") & (Q(sent_at__isnull=True) | Q(sent_at__lt=sent_before))
        return self.filter(silent | unsent)


class Import(models.Model):
    """
    Adapters to be brought in from one source: planned first, fetched once a person says so.

    A worker holds it as it holds a run: by a lease, and shows the `fence` it was given when it
    writes.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Under way")
        PLANNED = "planned", _("Planned")  # a person is to look at it
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Stage(models.TextChoices):
        PLAN = "plan", _("Looking what there is")
        FETCH = "fetch", _("Fetching")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(User, models.CASCADE, related_name="imports")
    team = models.ForeignKey(Team, models.CASCADE, related_name="imports")
    kind = models.CharField(max_length=12)  # of registry/imports/sources/table.py
    is_guess = models.BooleanField(default=False)  # the kind, which the address does not tell
    source = models.CharField(max_length=1000)  # as it was asked for
    name = models.CharField(max_length=200, blank=True)  # a folder's, or a host's
    base = models.CharField(max_length=200, blank=True)  # of all of them; empty: as is found
    cursor = models.CharField(max_length=400, blank=True)  # how far the source had come then
    since = models.CharField(max_length=400, blank=True)  # only what changed there after this
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    stage = models.CharField(max_length=6, choices=Stage.choices, default=Stage.PLAN)
    attempt = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveBigIntegerField(default=0)
    lease_owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    progress = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)  # why it failed, in one sentence
    opened_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["queued", "running", "planned", "done", "failed", "cancelled"]
                ),
                name="import_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False),
                name="import_running_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "planned"])
                | Q(finished_at__isnull=False),
                name="import_finished_has_a_date",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["queued_at"],
                condition=Q(state__in=["queued", "running"]),
                name="import_living",
            ),
            models.Index(fields=["team", "-opened_at"], name="import_of_a_team"),
        ]

    def __str__(self) -> str:
        return self.source


class ImportItem(models.Model):
    """One version that a source offers, and what becomes of it."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Can be imported")
        DUPLICATE = "duplicate", _("Here already")
        REFUSED = "refused", _("Cannot be imported")
        LEFT = "left", _("Left out")
        WAITING = "waiting", _("Waiting")
        MADE = "made", _("Imported")
        FAILED = "failed", _("Failed")

    of = models.ForeignKey(Import, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=1000)  # what it goes by at its source
    group = models.CharField(max_length=1000)  # those of one group are versions of one adapter
    url = models.CharField(max_length=1000, blank=True)
    files = models.JSONField(default=list)  # each with its name, place, role, size and sha256
    pictures = models.JSONField(default=list, blank=True)
    record = models.JSONField(default=dict, blank=True)  # all that the source says
    fields = models.JSONField(default=dict, blank=True)  # {"title": {"value", "source", "others"}}
    said = models.JSONField(default=dict, blank=True)  # what a person says instead
    notes = models.JSONField(default=list, blank=True)  # a sentence each
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    seen = models.JSONField(default=dict, blank=True)  # what the header tells, and which bases fit
    base = models.CharField(max_length=200, blank=True)  # empty: nothing tells, a person has to
    slug = models.CharField(max_length=80, blank=True)  # of the adapter that it will be part of
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    reason = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    version = models.ForeignKey(
        AdapterVersion, models.SET_NULL, null=True, blank=True, related_name="+"
    )  # that was made of it, or that has its bytes already

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "position"], name="import_item_in_order"),
            models.UniqueConstraint(fields=["of", "key"], name="import_item_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        *("offered", "duplicate", "refused", "left", "waiting", "made", "failed")
                    ]
                ),
                name="import_item_state_known",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Source(models.Model):
    """Whence a version was imported, with all that was said of it there."""

    class Standing(models.TextChoices):
        THERE = "there", _("There unchanged")
        CHANGED = "changed", _("Changed since")
        GONE = "gone", _("Gone")

    version = models.OneToOneField(AdapterVersion, models.CASCADE, related_name="source")
    kind = models.CharField(max_length=12)
    asked = models.CharField(max_length=1000)  # the source of the import
    name = models.CharField(max_length=200)  # a folder's, or a host's
    key = models.CharField(max_length=1000)
    group = models.CharField(max_length=1000)
    url = models.CharField(max_length=1000, blank=True)
    record = models.JSONField(default=dict, blank=True)
    fields = models.JSONField(default=dict, blank=True)
    of = models.ForeignKey(Import, models.SET_NULL, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    standing = models.CharField(max_length=8, choices=Standing.choices, default=Standing.THERE)
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "name", "group"], name="source_by_group")]

    def __str__(self) -> str:
        return f"{self.name}: {self.key}"


class SourcePicture(models.Model):
    """A picture that lay beside a version at its source, re-encoded."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="pictures")
    position = models.PositiveSmallIntegerField()
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    content_level = models.CharField(max_length=10, default="general")
    told = models.JSONField(default=dict, blank=True)  # how it was made, as the source says

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "position"], name="source_picture_in_order"),
        ]

    def __str__(self) -> str:
        return self.blob_id
