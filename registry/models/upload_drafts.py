"""Adapters that somebody is about to upload: what is said of them so far."""

from __future__ import annotations

import uuid

from django.db import models

from registry.models.adapters import AdapterVersion
from registry.models.people import User


class UploadDraft(models.Model):
    """
    One adapter on its way in, of one person, kept while the form is filled in and files are sent.

    `about` is what is said of the version so far, `files` the names, sizes and times of change by
    which its files are known again when they are chosen a second time, and the upload of each.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(User, models.CASCADE, related_name="upload_drafts")
    about = models.JSONField(default=dict, blank=True)
    files = models.JSONField(default=list, blank=True)
    version = models.ForeignKey(  # what became of it
        AdapterVersion, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.about.get('title', '')} ({self.id})"
