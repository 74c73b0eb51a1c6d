"""Drafts of uploads: which a person has."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from registry.errors import NotFound
from registry.models import UploadDraft, User


def of(person: User) -> QuerySet[UploadDraft]:
    """Return what the person has begun and not finished, in the order in which it was begun."""
    return UploadDraft.objects.filter(by=person, version=None).order_by("begun_at", "pk")


def by_id(draft_id: UUID, *, by: User) -> UploadDraft:
    """:raises NotFound: if the person has no such draft (any more)"""
    drafts = UploadDraft.objects.select_related("version__adapter__team")
    found = drafts.filter(pk=draft_id, by=by).first()
    if found is None:
        raise NotFound("You have no such draft: it was deleted, or it has expired.")
    return found


def expires_at(draft: UploadDraft) -> datetime:
    return draft.changed_at + timedelta(days=settings.DRAFT_DAYS)
