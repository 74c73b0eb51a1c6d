"""Adapters, their versions and files."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Collate
from django.utils.translation import gettext_lazy as _

from registry.content_levels import LEVELS
from registry.models.bases import BaseModel, Proof
from registry.models.blobs import Blob, Upload
from registry.models.people import Team, User
from registry.models.sorting import BY_CODE_POINT, behind_if, folded


def _next_serial(sequence: str) -> models.Func:
    return models.Func(models.Value(sequence), function="nextval")


class Kind(models.TextChoices):
    CHARACTER = "character", _("Character")
    STYLE = "style", _("Style")
    CONCEPT = "concept", _("Concept")
    CLOTHING = "clothing", _("Clothing")
    OBJECT = "object", _("Object")
    EFFECT = "effect", _("Effect")
    SLIDER = "slider", _("Slider")
    DOMAIN = "domain", _("Domain")
    TASK = "task", _("Task")
    VOICE = "voice", _("Voice")
    OTHER = "other", _("Other")


class Adapter(models.Model):
    """A named line of work: one character, style or concept. `team/slug` is its name everywhere."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    serial = models.PositiveIntegerField(  # for programs that know things by integers alone
        unique=True, editable=False, db_default=_next_serial("registry_adapter_serial")
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="adapters")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=120)
    title_key = models.GeneratedField(  # what titles are ordered by
        expression=folded("title"),
        output_field=models.TextField(db_collation=BY_CODE_POINT),
        db_persist=True,
    )
    description = models.TextField(blank=True)  # Markdown
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.OTHER)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    licence = models.CharField(max_length=120, blank=True)
    content_level = models.CharField(max_length=10, default="general")
    modality = models.CharField(max_length=12, default="image")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "slug"], name="adapter_name_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="adapter_kind_known"),
            models.CheckConstraint(
                condition=Q(content_level__in=[*LEVELS]),
                name="adapter_content_level_known",
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["tags"], name="adapter_by_tag"),
            models.Index(fields=["title_key"], name="adapter_by_title"),
            models.Index(Collate("slug", BY_CODE_POINT), name="adapter_by_name"),
            models.Index(fields=["licence"], name="adapter_by_licence"),
            models.Index(fields=["-created_at"], name="adapter_newest_first"),
        ]

    def __str__(self) -> str:
        return f"{self.team_id}/{self.slug}"


class AdapterVersionQuerySet(models.QuerySet["AdapterVersion"]):
    def published(self) -> Self:
        return self.filter(state=AdapterVersion.State.PUBLISHED)

    def for_base(self, name: str) -> Self:
        """Narrow to what a base, family, alias or repo id means, children included."""
        return self.filter(base__in=BaseModel.objects.called(name))


class AdapterVersion(models.Model):
    """One immutable upload of an adapter. What people download."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for validation")
        REJECTED = "rejected", _("Rejected")
        READY = "ready", _("Ready to publish")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    PUBLIC: ClassVar = (  # anyone may have it who knows its name; the rest is the team's own
        State.PUBLISHED,
        State.WITHDRAWN,
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    serial = models.PositiveIntegerField(  # for programs that know things by integers alone
        unique=True, editable=False, db_default=_next_serial("registry_version_serial")
    )
    adapter = models.ForeignKey(Adapter, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=60, blank=True)
    base = models.ForeignKey(BaseModel, models.PROTECT, related_name="versions")  # as declared
    sha256 = models.CharField(max_length=64, db_index=True)  # of its weights file, as declared
    family_detected = models.CharField(max_length=30, blank=True)
    detection = models.JSONField(default=dict, blank=True)  # what decided, and every candidate
    fit = models.JSONField(default=dict, blank=True)  # counts per component
    proof = models.CharField(max_length=8, blank=True)  # the level reached; "" for none
    trigger_words = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    optional_words = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    negative_words = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    sample_prompts = ArrayField(  # of its uploader's own, each a row of its sweep
        models.CharField(max_length=1000), default=list, blank=True
    )
    weight_low = models.FloatField(null=True, blank=True)  # as claimed
    weight_high = models.FloatField(null=True, blank=True)
    weight_default = models.FloatField(null=True, blank=True)
    measured_low = models.FloatField(null=True, blank=True)
    measured_high = models.FloatField(null=True, blank=True)
    measured_best = models.FloatField(null=True, blank=True)
    voted_low = models.FloatField(null=True, blank=True)  # where it works for members, if enough
    voted_high = models.FloatField(null=True, blank=True)  # of them said so: services/voting.py
    voted_best = models.FloatField(null=True, blank=True)
    votes = models.PositiveIntegerField(default=0)
    effect = models.JSONField(default=dict, blank=True)  # by component and by trigger word
    training = models.JSONField(default=dict, blank=True)  # facts read from the header
    changes = models.TextField(blank=True)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="descendants"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reason = models.TextField(blank=True)  # of a rejection or withdrawal, in one sentence
    needs_no_words = models.BooleanField(default=False)  # as its team says: it works without
    sent_back_at = models.DateTimeField(null=True, blank=True)  # by a reviewer, and not asked since
    deprecated_at = models.DateTimeField(null=True, blank=True)
    deprecation = models.TextField(blank=True)  # why, in one sentence
    successor = models.ForeignKey(  # what to use instead of a deprecated one
        "self", models.SET_NULL, null=True, blank=True, related_name="superseded"
    )
    successor_adapter = models.ForeignKey(  # … or whichever version of this is the newest
        Adapter, models.SET_NULL, null=True, blank=True, related_name="superseded"
    )
    downloads = models.PositiveBigIntegerField(default=0)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    ranked_at = models.GeneratedField(  # the usual order: deprecated ones come after all others
        expression=behind_if("deprecated_at", shifted="published_at"),
        output_field=models.DateTimeField(null=True),
        db_persist=True,
    )

    objects = AdapterVersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["adapter", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["adapter", "sha256"],
                condition=~Q(state="rejected"),
                name="version_bytes_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "rejected", "ready", "published", "withdrawn"]),
                name="version_state_known",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_number_from_one"),
            models.CheckConstraint(
                condition=Q(weight_low__isnull=True)
                | Q(weight_high__isnull=True)
                | Q(weight_low__lte=F("weight_high")),
                name="version_weights_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="version_published_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "published"]) | Q(proof__in=Proof.values),
                name="version_is_proved_before_it_is_ready",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(successor_adapter__isnull=True),
                name="version_has_one_successor",
            ),
            models.CheckConstraint(
                condition=Q(deprecated_at__isnull=False)
                | Q(successor__isnull=True, successor_adapter__isnull=True),
                name="version_with_a_successor_is_deprecated",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-ranked_at", "-id"],
                condition=Q(state="published"),
                name="version_newest_first",
            ),
            models.Index(
                fields=["base", "-ranked_at", "-id"],
                condition=Q(state="published"),
                name="version_newest_of_base",
            ),
            models.Index(
                fields=["uploaded_at", "serial"],
                condition=Q(state="ready", sent_back_at__isnull=True),
                name="version_to_be_reviewed",
            ),
            models.Index(
                fields=["-downloads", "-id"],
                condition=Q(state="published"),
                name="version_by_downloads",
            ),
            # Rows are wide: what lists ask of many of them stands in two indexes that are not.
            models.Index(
                fields=["id"],
                include=["serial", "adapter", "number", "base", "ranked_at"],
                condition=Q(state="published"),
                name="version_listed",
            ),
            models.Index(
                fields=["adapter", "number"],
                include=["base"],
                condition=Q(state="published"),
                name="version_line",
            ),
            models.Index(
                fields=["adapter", "state"],
                condition=~Q(state="published"),
                name="version_not_published",
            ),
            GinIndex(fields=["trigger_words"], name="version_by_trigger_word"),
        ]

    def __str__(self) -> str:
        return f"{self.adapter_id}/v{self.number}"


class VersionFile(models.Model):
    """One file of a version. `blob` is empty until a worker has seen that the bytes are right."""

    class Role(models.TextChoices):
        WEIGHTS = "weights", _("Weights")
        CONFIG = "config", _("Configuration")
        CHECKPOINT = "checkpoint", _("Training checkpoint")

    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="files")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.WEIGHTS)
    name = models.CharField(max_length=200)  # as its uploader called it
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    training_step = models.PositiveIntegerField(null=True, blank=True)
    dialect = models.CharField(max_length=30, blank=True)
    algorithm = models.CharField(max_length=60, blank=True)
    dtype = models.CharField(max_length=30, blank=True)
    rank_low = models.PositiveIntegerField(null=True, blank=True)
    rank_high = models.PositiveIntegerField(null=True, blank=True)
    layers = models.PositiveIntegerField(null=True, blank=True)
    metadata = models.JSONField(
        default=dict, blank=True
    )  # the header's, as it stands; or all of a configuration
    upload = models.ForeignKey(Upload, models.SET_NULL, null=True, related_name="+")
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="files")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "name"], name="file_name_once"),
            models.UniqueConstraint(
                fields=["version", "training_step"],
                condition=Q(role="checkpoint"),
                name="checkpoint_once_a_step",
            ),
            models.CheckConstraint(
                condition=Q(role__in=["weights", "config", "checkpoint"]), name="file_role_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["name"], name="file_by_name")]

    def __str__(self) -> str:
        return self.name
