"""What an adapter does at every weight: grids, cells, the curve, and grids asked for."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.adapters import AdapterVersion
from registry.models.bases import Scene
from registry.models.blobs import Blob
from registry.models.people import User


class PreviewGridQuerySet(models.QuerySet["PreviewGrid"]):
    def finished(self) -> Self:
        """Narrow to those that are all there, the newest first."""
        return self.filter(rendered_at__isnull=False).order_by("-rendered_at")

    def sweeps(self) -> Self:
        """Narrow to the finished grids of validations, the newest first."""
        return self.finished().filter(kind=PreviewGrid.Kind.SWEEP)


class PreviewGrid(models.Model):
    """Cells of one version, or of several side by side, along two axes."""

    class Kind(models.TextChoices):
        SWEEP = "sweep", _("Weights")  # of its validation: scenes down, weights across
        STEPS = "steps", _("Training steps")  # training steps down, weights across
        VERSIONS = "versions", _("Versions")  # two versions aligned, weights across
        ASKED = "asked", _("Asked for")  # whatever somebody in the playground wanted to see
        SEEDS = "seeds", _("Seeds")  # of a sweep: scenes by further seeds down, telling weights

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="grids")
    other = models.ForeignKey(  # what it is held against, in a grid of versions
        AdapterVersion, models.CASCADE, null=True, blank=True, related_name="grids_beside"
    )
    of = models.OneToOneField(  # the sweep that a grid of seeds adds to
        "self", models.CASCADE, null=True, blank=True, related_name="over_seeds"
    )
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.SWEEP)
    weights = models.JSONField()  # in order; of a sweep, all that any row has
    axes = models.JSONField(default=dict, blank=True)  # {"across": {"axis", "values"}, "down": …}
    engine = models.CharField(max_length=80)  # its version, part of every content key
    device = models.CharField(max_length=80, blank=True)
    method = models.CharField(max_length=10, blank=True)  # batch or loop
    seconds = models.FloatField(default=0)
    opened_at = models.DateTimeField()
    rendered_at = models.DateTimeField(null=True, blank=True)  # empty: still being filled
    sheet = models.ForeignKey(  # all cells on one captioned picture; empty: not drawn yet
        Blob, models.PROTECT, null=True, blank=True, related_name="sheets"
    )
    cover = models.ForeignKey(  # its best picture as PNG, for tools that read no other
        Blob, models.PROTECT, null=True, blank=True, related_name="covers"
    )

    objects = PreviewGridQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["sweep", "steps", "versions", "asked", "seeds"]),
                name="grid_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind="versions") | Q(other__isnull=True), name="grid_beside_another"
            ),
            models.CheckConstraint(
                condition=Q(kind="seeds", of__isnull=False)
                | (~Q(kind="seeds") & Q(of__isnull=True)),
                name="grid_of_seeds_adds_to_a_sweep",
            ),
        ]

    def __str__(self) -> str:
        return f"grid of {self.version_id}"


class PreviewCell(models.Model):
    """One picture, text or sound, with everything needed to render it again."""

    class Medium(models.TextChoices):
        PICTURE = "picture", _("Picture")  # `blob` is WebP
        TEXT = "text", _("Text")  # `text`, and nothing else
        SOUND = "sound", _("Sound")  # `sound` is WAV, `blob` its spectrogram as WebP

    grid = models.ForeignKey(PreviewGrid, models.CASCADE, related_name="cells")
    scene = models.ForeignKey(  # empty: of a prompt that somebody wrote in the playground
        Scene, models.PROTECT, null=True, blank=True, related_name="+"
    )
    row = models.PositiveSmallIntegerField()
    column = models.PositiveSmallIntegerField()
    weight = models.FloatField()
    with_trigger = models.BooleanField(default=True)
    medium = models.CharField(max_length=8, choices=Medium.choices, default=Medium.PICTURE)
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="cells")
    sound = models.ForeignKey(Blob, models.PROTECT, null=True, blank=True, related_name="sounds")
    text = models.TextField(blank=True)
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    content_key = models.CharField(max_length=64, db_index=True)
    parameters = models.JSONField()  # prompt, negative, seed, steps, guidance, scheduler, versions
    measures = models.JSONField(default=dict, blank=True)  # what the engine measured, by name
    from_zero = models.FloatField(null=True)  # distance to the cell at weight 0, 0 … 1
    from_previous = models.FloatField(null=True)  # distance to the cell on its left

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["grid", "row", "column"], name="cell_once"),
            models.CheckConstraint(
                condition=Q(medium="picture", blob__isnull=False, sound__isnull=True)
                | Q(medium="text", blob__isnull=True, sound__isnull=True)
                | Q(medium="sound", sound__isnull=False),
                name="cell_holds_what_it_shows",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grid_id} {self.row}:{self.column}"

    @property
    def scene_slug(self) -> str:
        return self.scene.slug if self.scene else str(self.parameters.get("scene", ""))

    @property
    def scene_title(self) -> str:
        return self.scene.title if self.scene else str(self.parameters.get("scene_title", ""))

    @property
    def role(self) -> str:
        """What its row is there to show: registry/sweeps/rows.py."""
        return str(self.parameters.get("role", "scene"))

    @property
    def prompt(self) -> str:
        """The finished prompt that it was rendered from."""
        return str(self.parameters.get("prompt", self.scene.prompt if self.scene else ""))


class Curve(models.Model):
    """How much a version changes the picture, weight by weight, and what follows from it."""

    class Certainty(models.TextChoices):
        SURE = "sure", _("Sure")
        UNSURE = "unsure", _("Not sure")

    grid = models.OneToOneField(PreviewGrid, models.CASCADE, related_name="curve")
    measure = models.CharField(max_length=20, default="ssim")  # what its distances are
    points = models.JSONField()  # [{"weight", "from_zero", "from_previous", "spread", "facts"}, …]
    onset = models.FloatField(null=True)
    onset_below = models.FloatField(null=True)  # of a slider, on the other side of 0
    best = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    first_bad = models.FloatField(null=True)
    first_bad_below = models.FloatField(null=True)
    # Where some scenes are bad and the others hold; then nothing is said to be bad as a whole.
    first_bad_in_part = models.FloatField(null=True)
    first_bad_in_part_below = models.FloatField(null=True)
    jumps = models.JSONField(default=list)  # weights at which the picture changes suddenly
    certainty = models.CharField(max_length=6, choices=Certainty.choices, default=Certainty.SURE)
    reasons = models.JSONField(default=list, blank=True)  # [{"about", "code", numbers}, …]
    signs = models.JSONField(default=list, blank=True)  # of over-drive: [{"weight", "code", …}]
    over_seeds = models.JSONField(  # [{"weight", "scenes", "seeds", "spread", "variety"}, …]
        default=list, blank=True
    )

    def __str__(self) -> str:
        return f"curve of {self.grid_id}"


class PreviewRequestQuerySet(models.QuerySet["PreviewRequest"]):
    def living(self) -> Self:
        return self.filter(state__in=[PreviewRequest.State.QUEUED, PreviewRequest.State.RUNNING])

    def waiting(self) -> Self:
        """Narrow to those that nobody works on yet, in their order: people's before the hub's."""
        queued = self.filter(state=PreviewRequest.State.QUEUED)
        return queued.annotate(is_hubs=Q(by__isnull=True)).order_by("is_hubs", "queued_at")

    def lost(self, now: object, sent_before: object) -> Self:
        """Narrow to requests that no worker holds and no fresh message tells of."""
        silent = Q(state="running", lease_until__lt=now)
        unsent = Q(state="queued") & (Q(sent_at__isnull=True) | Q(sent_at__lt=sent_before))
        return self.filter(silent | unsent)


class PreviewRequest(models.Model):
    """
    A grid that somebody asked for, apart from validation. It waits behind every validation.

    A worker holds it as it holds a run: by a lease, and shows the `fence` it was given when it
    writes.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Queued")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(AdapterVersion, models.CASCADE, related_name="requests")
    other = models.ForeignKey(
        AdapterVersion, models.CASCADE, null=True, blank=True, related_name="requests_beside"
    )
    kind = models.CharField(max_length=8, choices=PreviewGrid.Kind.choices)
    plan = models.JSONField()  # the axes and what stays the same: registry/sweeps/asking.py
    cells = models.PositiveIntegerField()  # how many it asks for, which is what a quota counts
    grid = models.OneToOneField(
        PreviewGrid, models.SET_NULL, null=True, blank=True, related_name="request"
    )
    in_gallery = models.BooleanField(default=False)  # shown to whoever sees the version
    by = models.ForeignKey(  # empty: the hub itself, which waits for everybody
        User, models.CASCADE, null=True, blank=True, related_name="requests"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    attempt = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveBigIntegerField(default=0)
    lease_owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    progress = models.JSONField(default=dict, blank=True)  # {"done": 3, "of": 14, "saying": …}
    reason = models.TextField(blank=True)  # why it failed, in one sentence
    queued_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = PreviewRequestQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "failed", "cancelled"]),
                name="request_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_until__isnull=False),
                name="request_running_has_a_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"]) | Q(finished_at__isnull=False),
                name="request_finished_has_a_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(grid__isnull=False), name="request_done_has_a_grid"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["queued_at"],
                condition=Q(state__in=["queued", "running"]),
                name="request_living",
            ),
            models.Index(fields=["by", "-queued_at"], name="request_of_a_person"),
        ]

    def __str__(self) -> str:
        return str(self.id)
