"""The gallery: pictures that members made with adapters of the hub."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from registry.content_levels import LEVELS
from registry.models.adapters import AdapterVersion
from registry.models.blobs import Blob
from registry.models.people import User


class GalleryPicture(models.Model):
    """
    A picture that somebody made, and how, as far as its file said.

    What is kept is what the hub wrote anew: `blob` for looking at it, `small` for lists.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(User, models.CASCADE, related_name="gallery_pictures")
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="gallery_pictures")
    small = models.ForeignKey(Blob, models.PROTECT, related_name="small_gallery_pictures")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    original = models.CharField(max_length=64)  # sha256 of the file as it came, which is not kept
    content_level = models.CharField(max_length=10, default="general")
    program = models.CharField(max_length=20, blank=True)  # that made it; "" where nothing is said
    generation = models.JSONField(default=dict, blank=True)  # prompt, seed …, as it was read
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["by", "original"], name="gallery_picture_once"),
            models.CheckConstraint(
                condition=Q(content_level__in=[*LEVELS]),
                name="gallery_picture_content_level_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-added_at", "-id"], name="gallery_picture_newest_first"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PictureUse(models.Model):
    """
    One adapter that a picture was made with: a version of the hub's, or a name that it knows not.

    Each team looks after its own gallery: what its reviewers hide is hidden there, for a reason.
    """

    class Found(models.TextChoices):
        HASH = "hash"  # the picture's file names the hash of the weights
        NAME = "name"  # … or a file name that is this version's
        HAND = "hand"  # a person says so

    picture = models.ForeignKey(GalleryPicture, models.CASCADE, related_name="uses")
    position = models.PositiveSmallIntegerField()
    version = models.ForeignKey(
        AdapterVersion, models.SET_NULL, null=True, blank=True, related_name="picture_uses"
    )
    name = models.CharField(max_length=200, blank=True)  # as its program calls it
    hash = models.CharField(max_length=64, blank=True)
    weight = models.FloatField(null=True, blank=True)
    found_by = models.CharField(max_length=4, choices=Found.choices, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    hidden_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["picture", "position"], name="picture_use_in_order"),
            models.UniqueConstraint(
                fields=["picture", "version"],
                condition=Q(version__isnull=False),
                name="picture_use_once_a_version",
            ),
            models.CheckConstraint(
                condition=Q(hidden_at__isnull=True) | ~Q(hidden_reason=""),
                name="picture_use_hidden_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} in {self.picture_id}"
