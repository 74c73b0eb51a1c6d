"""
Drafts of uploads: kept as they are typed, finished as versions, forgotten after a while.

What stands in a draft is not judged before it is finished: half a form is what a draft is for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from registry.errors import (
    DuplicateUpload,
    Invalid,
    NotFound,
    RegistryError,
    UploadIncomplete,
    WrongState,
)
from registry.models import AdapterVersion, Upload, UploadDraft, User, VersionFile
from registry.queries import people, upload_drafts
from registry.queries import versions as found
from registry.services import uploads, versions
from registry.services.unpacking import Incoming

MOST = 500  # unfinished ones of a person
FileRole = VersionFile.Role


def begin(
    about: Mapping[str, Any], files: Sequence[Mapping[str, Any]], *, by: User, now: datetime
) -> UploadDraft:
    """
    Keep what is said of an adapter that is to be uploaded.

    :raises Invalid: if the person has too many drafts
    """
    if upload_drafts.of(by).count() >= MOST:
        raise Invalid(f"You have {MOST} unfinished uploads: finish or delete some of them first.")
    return UploadDraft.objects.create(
        by=by, about=dict(about), files=list(files), begun_at=now, changed_at=now
    )


@transaction.atomic
def change(
    draft: UploadDraft,
    *,
    about: Mapping[str, Any] | None = None,
    files: Sequence[Mapping[str, Any]] | None = None,
    now: datetime,
) -> UploadDraft:
    """
    Say something else: what `about` names replaces what was said, `files` replaces all of them.

    :raises WrongState: if a version was made of it
    """
    draft = UploadDraft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    _must_be_open(draft)
    draft.about = {**draft.about, **(about or {})}
    if files is not None:
        draft.files = list(files)
    draft.changed_at = now
    draft.save(update_fields=["about", "files", "changed_at"])
    return draft


def drop(draft: UploadDraft) -> None:
    """Forget a draft, and what was sent of its files."""
    for upload in _uploads_of(draft).values():
        _give_up(upload)
    draft.delete()


def finish(
    draft: UploadDraft, declaration: versions.Declaration, *, by: User, now: datetime
) -> AdapterVersion:
    """
    Make a version of a draft whose files are all here. Finishing twice is finishing once.

    :raises UploadIncomplete: if a file is not here yet
    :raises Invalid: if it has no files, or no team
    """
    made = draft.version or _made_of(draft)
    if made is None:
        team = people.team(str(draft.about.get("team", "")))
        incoming = _incoming(draft, now=now)
        try:
            made = versions.receive(declaration, incoming, team=team, by=by, now=now)
        except (DuplicateUpload, NotFound, WrongState):
            made = _made_of(draft)  # this was asked twice at once
            if made is None:
                raise
    UploadDraft.objects.filter(pk=draft.pk).update(version=made, changed_at=now)
    return made


def forget_old(*, now: datetime) -> int:
    """Drop drafts that nobody has touched for long; return how many."""
    before = now - timedelta(days=settings.DRAFT_DAYS)
    old = list(UploadDraft.objects.filter(changed_at__lt=before))
    for draft in old:
        drop(draft)
    return len(old)


def _must_be_open(draft: UploadDraft) -> None:
    if draft.version_id:
        raise WrongState("A version was made of this draft: change what is said of that.")


def _incoming(draft: UploadDraft, *, now: datetime) -> list[Incoming]:
    if not draft.files:
        raise Invalid("This draft has no files: say which uploads are to be the version.")
    uploaded = _uploads_of(draft)
    incoming = []
    for file in draft.files:
        upload = uploaded.get(str(file.get("upload")))
        if upload is None or upload.state == Upload.State.DROPPED:
            raise UploadIncomplete(f"{file['name']} is not here: upload it again.")
        step = file.get("training_step")
        incoming.append(Incoming(uploads.seal(upload, now=now), file["role"], step))
    return incoming


def _made_of(draft: UploadDraft) -> AdapterVersion | None:
    """Return the version that was made of its weights already, if any."""
    uploaded = _uploads_of(draft)
    for file in draft.files:
        upload = uploaded.get(str(file.get("upload")))
        if upload is not None and file["role"] == FileRole.WEIGHTS:
            return found.of_upload(upload)
    return None


def _uploads_of(draft: UploadDraft) -> dict[str, Upload]:
    ids = [UUID(str(file["upload"])) for file in draft.files if file.get("upload")]
    own = Upload.objects.select_related("team").filter(pk__in=ids, by=draft.by_id)
    return {str(upload.pk): upload for upload in own}


def _give_up(upload: Upload) -> None:
    try:
        uploads.give_up(upload)
    except RegistryError:  # A version holds it, or the store is away: then it expires by itself.
        return
