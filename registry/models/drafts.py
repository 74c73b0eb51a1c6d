"""Files of an adapter that were committed and are not a version yet."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from registry.models.adapters import Adapter
from registry.models.blobs import Upload
from registry.models.people import User


class DraftFile(models.Model):
    """
    One file of what a person has committed of an adapter so far, by its path.

    Programs that commit file after file send a configuration first and the weights it is of later.
    Either its bytes are an upload, or it is a text.
    """

    adapter = models.ForeignKey(Adapter, models.CASCADE, related_name="draft")
    by = models.ForeignKey(User, models.CASCADE, related_name="+")
    path = models.CharField(max_length=400)
    upload = models.ForeignKey(Upload, models.CASCADE, null=True, related_name="+")
    text = models.TextField(blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["adapter", "by", "path"], name="draft_file_once"),
            models.CheckConstraint(
                condition=Q(upload__isnull=True) | Q(text=""), name="draft_file_is_bytes_or_text"
            ),
        ]

    def __str__(self) -> str:
        return self.path
