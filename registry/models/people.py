"""Who works with the library: people, their teams, and the tokens their programs carry."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.content_levels import LEVELS


class User(AbstractUser):
    """
    A person who signs in. Ours from the first migration on, so that it can grow.

    A robot is one too: whom a team's own token acts as, and who never signs in.
    """

    display_name = models.CharField(_("name that others see"), max_length=80, blank=True)
    fits = ArrayField(  # names of the bases that they use
        models.CharField(max_length=200), default=list, blank=True
    )
    language = models.CharField(max_length=12, blank=True)  # of pages and mail; "": the browser's
    levels = models.CharField(max_length=3, blank=True)  # how content shows: queries/levels.py
    robot_of = models.ForeignKey(
        "Team", models.CASCADE, null=True, blank=True, related_name="robots"
    )

    def get_full_name(self) -> str:
        return self.display_name or super().get_full_name()


class Team(models.Model):
    """
    The owner of adapters, and the first half of their name: `team/name`.

    What it says of a licence, a content level and a base is what its upload form begins with.
    """

    slug = models.SlugField(_("name in addresses"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    description = models.TextField(blank=True)  # Markdown
    licence = models.CharField(max_length=120, blank=True)
    content_level = models.CharField(max_length=10, default="general")
    base = models.ForeignKey(
        "registry.BaseModel", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(content_level__in=[*LEVELS]),
                name="team_content_level_known",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class Role(models.TextChoices):
    """What a member may do; each role may do all that those before it may."""

    VIEWER = "viewer", _("Viewer")
    CONTRIBUTOR = "contributor", _("Contributor")
    REVIEWER = "reviewer", _("Reviewer")
    ADMIN = "admin", _("Admin")

    def includes(self, other: Role) -> bool:
        order = list(Role)
        return order.index(self) >= order.index(other)


class Membership(models.Model):
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices, default=Role.VIEWER)
    joined_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "user"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}: {self.role}"


class Scope(models.TextChoices):
    """What a token may do at most; the person's own rights bound it too."""

    READ = "read", _("Read")
    UPLOAD = "upload", _("Upload")
    PUBLISH = "publish", _("Publish")
    ADMIN = "admin", _("Administer")


class TokenQuerySet(models.QuerySet["Token"]):
    def living(self, now: object) -> Self:
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True
        )


class Token(models.Model):
    """What a program shows instead of a password. Only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    title = models.CharField(max_length=80)
    start = models.CharField(max_length=12)  # the first letters, so that people tell them apart
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope.choices))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    shown_to = models.ForeignKey(  # of a team's own: who made it or renewed it, and saw its secret
        User, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(scopes=[]), name="token_may_do_something"),
        ]

    def __str__(self) -> str:
        return f"{self.start}… ({self.title})"
