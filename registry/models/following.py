"""What people keep for themselves: favourites, what they follow and what they hear."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.adapters import Adapter
from registry.models.people import Team, User
from registry.models.validation import Event


class Favourite(models.Model):
    """An adapter that a person wants at hand. Only they see it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="favourites")
    adapter = models.ForeignKey(Adapter, models.CASCADE, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "adapter"], name="favourite_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.adapter_id}"


class Follow(models.Model):
    """A person wants to hear of what happens to an adapter, or to all of a team's."""

    user = models.ForeignKey(User, models.CASCADE, related_name="follows")
    adapter = models.ForeignKey(
        Adapter, models.CASCADE, null=True, blank=True, related_name="followed"
    )
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="followed")
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "adapter"], name="follow_adapter_once"),
            models.UniqueConstraint(fields=["user", "team"], name="follow_team_once"),
            models.CheckConstraint(
                condition=Q(adapter__isnull=False, team__isnull=True)
                | Q(adapter__isnull=True, team__isnull=False),
                name="follow_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.adapter_id or self.team_id}"


class Mailing(models.Model):
    """How a person hears of things by mail; without a row, not at all."""

    class Pace(models.TextChoices):
        NEVER = "never", _("Never")
        DAILY = "daily", _("Once a day, all together")
        SOON = "soon", _("Within minutes")

    user = models.OneToOneField(User, models.CASCADE, related_name="mailing")
    pace = models.CharField(max_length=8, choices=Pace.choices, default=Pace.NEVER)
    language = models.CharField(max_length=10, default="en")
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(pace__in=["never", "daily", "soon"]), name="mailing_pace_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.pace}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unseen(self) -> Self:
        return self.filter(seen_at__isnull=True)


class Notification(models.Model):
    """Something that one person is to hear of: an event, once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    event = models.ForeignKey(Event, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)
    mailed = models.BooleanField(default=False)  # or not to be mailed

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "event"], name="notification_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["user"], condition=Q(seen_at__isnull=True), name="notification_unseen"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.event_id}"


class FeedMark(models.Model):
    """How far a reader of the log of events has come: the place of the last one it took."""

    reader = models.CharField(max_length=40, primary_key=True)
    transaction = models.BigIntegerField(default=0)
    event = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.reader}: {self.transaction}/{self.event}"
