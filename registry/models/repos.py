"""Adapters as programs see them that think in repositories: states of a folder, each with an id."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from registry.models.adapters import Adapter, AdapterVersion
from registry.models.blobs import Blob


class RepoCommit(models.Model):
    """
    One state of an adapter's repository: what files there were, byte for byte. Only ever added to.

    Its id is the SHA1 of its manifest, so whoever pinned it gets the same bytes for ever, whatever
    the adapter is called by now. Files that the hub writes itself are kept here, as they were.
    """

    adapter = models.ForeignKey(Adapter, models.CASCADE, related_name="commits")
    version = models.ForeignKey(  # empty: of an adapter that has none yet
        AdapterVersion, models.CASCADE, null=True, blank=True, related_name="commits"
    )
    sha = models.CharField(max_length=40)
    manifest = models.JSONField()  # [{"path", "size", "oid", "sha256"}, …] by path
    texts = models.JSONField(default=dict)  # path → what it says, of files without a sha256
    blobs = models.ManyToManyField(Blob, related_name="commits")  # so that none is dropped
    made_of = models.CharField(max_length=64, db_index=True)  # digest of all it was made of
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["adapter", "sha"], name="commit_once"),
            models.CheckConstraint(
                condition=Q(sha__regex=r"^[0-9a-f]{40}$"), name="commit_is_sha1"
            ),
        ]

    def __str__(self) -> str:
        return self.sha
