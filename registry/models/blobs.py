"""Bytes and how they got here."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Left


class Blob(models.Model):
    """Bytes that the store holds under their sha256, with every hash that tools look them up by."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    size = models.BigIntegerField()
    autov1 = models.CharField(max_length=8, blank=True, db_index=True)
    autov3 = models.CharField(max_length=12, blank=True, db_index=True)
    crc32 = models.CharField(max_length=8, blank=True, db_index=True)
    blake3 = models.CharField(max_length=64, blank=True, db_index=True)
    tensor_digest = models.CharField(max_length=64, blank=True, db_index=True)
    # Of the change that the weights make: the same in each number type and dialect, or nearly.
    change_norm = models.FloatField(null=True, blank=True, db_index=True)
    change_signature = models.JSONField(default=dict, blank=True)
    kept_at = models.DateTimeField()
    wanted_at = models.DateTimeField()  # when something last referred to it; orphans age from here

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(size__gt=0), name="blob_is_not_empty"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="blob_sha256_is_hex"
            ),
        ]
        indexes: ClassVar = [models.Index(Left("sha256", 10), name="blob_by_autov2")]

    def __str__(self) -> str:
        return self.sha256

    @property
    def autov2(self) -> str:
        return self.sha256[:10]


class LayerNorms(models.Model):
    """
    How large the change of each layer is, by part of the base and by the layer's flat name.

    Apart from the blob, since lists read blobs by the hundred and only comparisons need this.
    """

    blob = models.OneToOneField(Blob, models.CASCADE, primary_key=True, related_name="layer_norms")
    parts = models.JSONField(default=dict, blank=True)  # empty: they could not be worked out

    def __str__(self) -> str:
        return f"layers of {self.blob_id}"


class Upload(models.Model):
    """One file on its way in. Its parts lie in the store's staging area, not in the database."""

    class State(models.TextChoices):
        OPEN = "open"
        COMPLETE = "complete"  # all bytes are here and belong to a version
        DROPPED = "dropped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey("registry.User", models.CASCADE, related_name="uploads")
    team = models.ForeignKey("registry.Team", models.CASCADE, related_name="uploads")
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    part_size = models.BigIntegerField()
    multipart_id = models.CharField(max_length=300, blank=True)  # the object store's own
    known = models.BooleanField(default=False)  # the hub had these bytes: nothing is sent
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    archive = models.ForeignKey(  # the ZIP file that it came in
        "self", models.SET_NULL, null=True, blank=True, related_name="unpacked"
    )
    opened_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(size__gt=0), name="upload_is_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"
