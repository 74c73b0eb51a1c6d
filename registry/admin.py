"""
The administration's tables: to look things up, and to make people and teams.

What happens to adapters and versions goes through the services, which write events; so their rows
are shown here and not changed. A table without a class of its own is shown as `OtherRows`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import URLField
from django.http import HttpRequest
from django.utils import timezone

from registry import models
from registry.models import User
from registry.services import closing

if TYPE_CHECKING:  # the types take parameters, the classes do not
    Table = admin.ModelAdmin[Any]
    Inline = admin.TabularInline[Any, Any]
    Accounts = UserAdmin[User]
else:
    Table = admin.ModelAdmin
    Inline = admin.TabularInline
    Accounts = UserAdmin


class ReadOnly(Table):
    """Rows that services write."""

    show_full_result_count = False  # counting a large table takes longer than showing a page of it

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False


class Members(Inline):
    model = models.Membership
    extra = 1
    autocomplete_fields: ClassVar = ["user"]


@admin.register(models.Team)
class Teams(Table):
    list_display = ("slug", "title", "created_at")
    search_fields = ("slug", "title")
    inlines: ClassVar = [Members]


@admin.register(models.BaseModel)
class Bases(Table):
    list_display = ("slug", "title", "family", "team", "state", "proof_needed", "weights_at")
    list_filter = ("state", "modality", "proof_needed", "team", "family")
    list_select_related = ("team",)
    search_fields = ("slug", "title", "aliases")
    formfield_overrides: ClassVar = {URLField: {"assume_scheme": "https"}}
    readonly_fields = (
        *("slug", "family", "modality", "aliases", "parent", "pipeline", "verified"),
        *("team", "state", "reason", "added_by", "added_at"),
    )


@admin.register(models.Scene)
class Scenes(Table):
    list_display = ("slug", "base", "title", "active", "position")
    list_filter = ("active", "base")


@admin.register(models.Adapter)
class Adapters(ReadOnly):
    list_display = ("slug", "team", "title", "kind", "changed_at")
    list_filter = ("kind", "team")
    search_fields = ("slug", "title")


@admin.register(models.AdapterVersion)
class Versions(ReadOnly):
    list_display = ("adapter", "number", "base", "state", "proof", "uploaded_by", "uploaded_at")
    list_filter = ("state", "proof", "base")
    search_fields = ("adapter__slug", "sha256")
    list_select_related = ("adapter", "base", "uploaded_by")


@admin.register(models.ValidationRun)
class Runs(ReadOnly):
    list_display = ("id", "version", "state", "stage", "attempt", "queued_at", "reason")
    list_filter = ("state", "stage")


@admin.register(models.Channel)
class Channels(ReadOnly):
    list_display = ("name", "adapter", "version", "moved_by", "moved_at", "reason")
    list_filter = ("name",)


@admin.register(models.Token)
class Tokens(ReadOnly):
    list_display = ("start", "title", "user", "created_at", "expires_at", "revoked_at")
    exclude = ("digest",)


@admin.register(models.Upload, models.Blob)
class Bytes(ReadOnly):
    pass


@admin.register(models.Event)
class Events(ReadOnly):
    list_display = ("at", "verb", "by", "team", "adapter", "version")
    list_filter = ("verb",)
    date_hierarchy = "at"


@admin.register(models.User)
class People(Accounts):
    """
    Accounts. To close one is an act that the person's teams are told of; who is in a team cannot be
    deleted, since memberships are `OtherRows`.
    """

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data:
            act = closing.reopen if obj.is_active else closing.close
            act(obj, by=cast(User, request.user), now=timezone.now())


class OtherRows(ReadOnly):
    """A table that nobody has said more about: rows by their own names."""

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> list[str]:  # noqa: ARG002
        return [field.name for field in self.opts.fields if field.name in SECRET]


SECRET = {"digest", "answer", "body", "sealed"}  # of tokens, invitations and kept answers
for _model in apps.get_app_config("registry").get_models():
    if not admin.site.is_registered(_model):
        admin.site.register(_model, OtherRows)
