"""Base models: the checkpoints that adapters are made for."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.people import Team, User


class Proof(models.TextChoices):
    """How far an adapter's load was proved, or has to be before it may be published."""

    FITS = "fits", _("Fits")
    LOADS = "loads", _("Loads")
    RENDERS = "renders", _("Renders")

    def includes(self, other: Proof) -> bool:
        order = list(Proof)
        return order.index(self) >= order.index(other)


class BaseModelQuerySet(models.QuerySet["BaseModel"]):
    def called(self, name: str) -> Self:
        """Narrow to what a slug, family, alias or repo id means, children included."""
        word = name.strip().lower()
        own = Q(slug=word) | Q(family=word) | Q(aliases__contains=[word])
        parents = Q(parent__slug=word) | Q(parent__aliases__contains=[word])
        return self.filter(own | parents | Q(parent__parent__slug=word))


class BaseModel(models.Model):
    """
    A checkpoint that adapters are made for.

    Most rows come from the catalogue in bases/ (`manage.py load_bases`), and their manifests stay
    files there. A team adds its own too: with a parent, whose layers it has, or with a blueprint,
    of which a worker makes a manifest.
    """

    class State(models.TextChoices):
        READY = "ready", _("Ready")
        MAKING = "making", _("Being made")
        FAILED = "failed", _("Failed")

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    family = models.CharField(max_length=30, db_index=True)
    modality = models.CharField(max_length=12, default="image")
    aliases = ArrayField(models.CharField(max_length=200), default=list, blank=True)  # lower case
    repo = models.CharField(max_length=200, blank=True)  # where programs fetch it, as spelled there
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    licence = models.CharField(max_length=120, blank=True)
    licence_url = models.URLField(blank=True)
    pipeline = models.CharField(max_length=80, blank=True)  # the diffusers or transformers class
    weights_at = models.CharField(max_length=500, blank=True)  # folder, s3:// prefix; "" for none
    proof_needed = models.CharField(max_length=8, choices=Proof.choices, default=Proof.FITS)
    verified = models.BooleanField(default=False)  # its manifest was made from the real config
    defaults = models.JSONField(default=dict, blank=True)  # steps, guidance, width, height
    team = models.ForeignKey(  # empty: of the catalogue
        Team, models.PROTECT, null=True, blank=True, related_name="bases"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    reason = models.TextField(blank=True)  # why it failed, in one sentence
    added_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    added_at = models.DateTimeField(null=True, blank=True)

    objects = BaseModelQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(proof_needed__in=Proof.values), name="base_proof_known"
            ),
            models.CheckConstraint(
                condition=~Q(parent=models.F("id")), name="base_is_not_its_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ready", "making", "failed"]), name="base_state_known"
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=False) | Q(state="ready"),
                name="base_of_the_catalogue_is_ready",
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=True) | Q(added_at__isnull=False),
                name="base_of_a_team_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(reason=""), name="base_failed_for_a_reason"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["aliases"], name="base_by_alias")]

    def __str__(self) -> str:
        return self.slug


class BlueprintQuerySet(models.QuerySet["Blueprint"]):
    def waiting(self) -> Self:
        """Narrow to those that no worker has taken yet, the oldest first."""
        making = self.filter(base__state=BaseModel.State.MAKING, lease_until__isnull=True)
        return making.order_by("queued_at")

    def lost(self, now: object, sent_before: object) -> Self:
        """Narrow to those to be made that no worker holds and no fresh message tells of."""
        silent = Q(lease_until__lt=now)
        unsent = Q(sent_at__isnull=True) | Q(sent_at__lt=sent_before)
        waiting = Q(lease_until__isnull=True) & unsent
        return self.filter(silent | waiting, base__state=BaseModel.State.MAKING)


class Blueprint(models.Model):
    """
    What a team gave of its own base, and the manifest that a worker made of it.

    A worker holds it as it holds a run: by a lease, and shows the `fence` it was given when it
    writes. Apart from its base, so that nobody who lists bases reads these.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    base = models.OneToOneField(BaseModel, models.CASCADE, related_name="blueprint")
    configs = models.JSONField()  # unet/config.json → its fields, as checked
    manifest = models.BinaryField(null=True)  # gzip of JSON: registry/bases/manifest.py
    digest = models.CharField(max_length=64, blank=True)  # the manifest's sha256
    attempt = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveBigIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = BlueprintQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(manifest__isnull=True, digest="")
                | Q(manifest__isnull=False, digest__regex=r"^[0-9a-f]{64}$"),
                name="blueprint_manifest_has_its_digest",
            ),
        ]

    def __str__(self) -> str:
        return f"of {self.base_id}"


class Scene(models.Model):
    """
    All that a cell depends on but the adapter and its weight.

    What reads or speaks is asked by the same row: `sample` is the sound or picture that it is
    given, `passage` the text that it is held against, `most_tokens` how much it may say.
    """

    base = models.ForeignKey(BaseModel, models.CASCADE, related_name="scenes")
    team = models.ForeignKey(  # empty: for every team
        Team, models.CASCADE, null=True, blank=True, related_name="scenes"
    )
    kinds = ArrayField(  # of adapters it is for; empty: for all
        models.CharField(max_length=12), default=list, blank=True
    )
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    prompt = models.CharField(max_length=1000)  # {trigger} is where the trigger words go
    negative = models.CharField(max_length=1000, blank=True)
    seed = models.BigIntegerField(default=0)
    further_seeds = ArrayField(  # that it is drawn by too, at a few weights; empty: as the hub has
        models.BigIntegerField(), default=list, blank=True
    )
    steps = models.PositiveSmallIntegerField(default=20)
    guidance = models.FloatField(default=5.0)
    width = models.PositiveSmallIntegerField(default=512)
    height = models.PositiveSmallIntegerField(default=512)
    sampler = models.CharField(max_length=40, blank=True)  # empty: the base's own
    sample = models.SlugField(max_length=60, blank=True)  # of bases/samples
    passage = models.TextField(blank=True)
    most_tokens = models.PositiveSmallIntegerField(default=0)
    counts = models.BooleanField(default=True)  # the curve is drawn from it, and not only shown
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["base", "team", "slug"], nulls_distinct=False, name="scene_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.base_id}/{self.slug}"
