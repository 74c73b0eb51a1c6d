"""What an adapter does at every weight: grids, cells and the curve."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from registry.models.adapters import AdapterVersion
from registry.models.bases import Scene
from registry.models.blobs import Blob


class PreviewGrid(models.Model):
    """Scenes down, weights across, for one version."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="grids")
    weights = models.JSONField()  # in order
    engine = models.CharField(max_length=80)  # its version, part of every content key
    device = models.CharField(max_length=80, blank=True)
    method = models.CharField(max_length=10, blank=True)  # batch or loop
    seconds = models.FloatField(default=0)
    opened_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True, blank=True)  # empty: still being filled
    sheet = models.ForeignKey(  # all cells on one captioned picture; empty: not drawn yet
        Blob, models.PROTECT, null=True, blank=True, related_name="sheets"
    )

    def __str__(self) -> str:
        return f"grid of {self.version_id}"


class PreviewCell(models.Model):
    """One picture, with everything needed to render it again."""

    grid = models.ForeignKey(PreviewGrid, models.CASCADE, related_name="cells")
    scene = models.ForeignKey(Scene, models.PROTECT, related_name="+")
    row = models.PositiveSmallIntegerField()
    column = models.PositiveSmallIntegerField()
    weight = models.FloatField()
    with_trigger = models.BooleanField(default=True)
    blob = models.ForeignKey(Blob, models.PROTECT, related_name="cells")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    content_key = models.CharField(max_length=64, db_index=True)
    parameters = models.JSONField()  # prompt, negative, seed, steps, guidance, scheduler, versions
    from_zero = models.FloatField(null=True)  # distance to the cell at weight 0, 0 … 1
    from_previous = models.FloatField(null=True)  # distance to the cell on its left

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["grid", "row", "column"], name="cell_once"),
        ]

    def __str__(self) -> str:
        return f"{self.grid_id} {self.row}:{self.column}"


class Curve(models.Model):
    """How much a version changes the picture, weight by weight, and what follows from it."""

    grid = models.OneToOneField(PreviewGrid, models.CASCADE, related_name="curve")
    points = models.JSONField()  # [{"weight", "from_zero", "from_previous"}, …]
    onset = models.FloatField(null=True)
    best = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    first_bad = models.FloatField(null=True)
    jumps = models.JSONField(default=list)  # weights at which the picture changes suddenly

    def __str__(self) -> str:
        return f"curve of {self.grid_id}"
