"""Base models: the checkpoints that adapters are made for."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


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

    Its row comes from the catalogue in bases/ (`manage.py load_bases`); the manifest stays a file
    there, since the web process reads it faster than a row.
    """

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    family = models.CharField(max_length=30, db_index=True)
    modality = models.CharField(max_length=12, default="image")
    aliases = ArrayField(models.CharField(max_length=200), default=list, blank=True)  # lower case
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

    objects = BaseModelQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(proof_needed__in=Proof.values), name="base_proof_known"
            ),
            models.CheckConstraint(
                condition=~Q(parent=models.F("id")), name="base_is_not_its_own_parent"
            ),
        ]
        indexes: ClassVar = [GinIndex(fields=["aliases"], name="base_by_alias")]

    def __str__(self) -> str:
        return self.slug


class Scene(models.Model):
    """All that a picture depends on but the adapter and its weight."""

    base = models.ForeignKey(BaseModel, models.CASCADE, related_name="scenes")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)
    prompt = models.CharField(max_length=1000)  # {trigger} is where the trigger words go
    negative = models.CharField(max_length=1000, blank=True)
    seed = models.BigIntegerField(default=0)
    steps = models.PositiveSmallIntegerField(default=20)
    guidance = models.FloatField(default=5.0)
    width = models.PositiveSmallIntegerField(default=512)
    height = models.PositiveSmallIntegerField(default=512)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["base", "slug"], name="scene_once"),
        ]

    def __str__(self) -> str:
        return f"{self.base_id}/{self.slug}"
