"""What was committed of an adapter: the draft of a person, and the version that came last."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from registry.models import Adapter, AdapterVersion, DraftFile, Upload, User
from registry.queries import versions

State = AdapterVersion.State


def of(adapter: Adapter, *, by: User) -> QuerySet[DraftFile]:
    return DraftFile.objects.filter(adapter=adapter, by=by)


def files_of(adapter: Adapter, *, by: User) -> list[DraftFile]:
    """Return what the person has committed and is no version yet, and is still here."""
    here = Q(upload__isnull=True) | Q(upload__state=Upload.State.COMPLETE)
    return list(of(adapter, by=by).filter(here).select_related("upload").order_by("path"))


def holds(upload: Upload) -> bool:
    return DraftFile.objects.filter(upload=upload).exists()


def head(adapter: Adapter, *, by: User | None) -> AdapterVersion | None:
    """Return the newest version that the person may see and that was not refused, if any."""
    line = versions.of_adapter(adapter, by=by)
    return next((version for version in line if version.state != State.REJECTED), None)


def version_of_bytes(adapter: Adapter, sha256: str) -> AdapterVersion | None:
    """Return the adapter's version with just these weights, but for refused ones."""
    found = adapter.versions.filter(sha256=sha256).exclude(state=State.REJECTED)
    return found.select_related("adapter__team").order_by("-number").first()
