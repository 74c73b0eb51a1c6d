"""
Several files at once, by a program that thinks of an adapter as a folder with a history.

What is committed lies in a draft until it makes a version: weights, and for PEFT the configuration
that they cannot be read without. A README.md tells what its uploader would be asked on the upload
page, and describes the adapter. What was committed before and is not replaced goes on to hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from registry.errors import Invalid, UploadRefused, WrongState
from registry.formats.errors import FormatError
from registry.models import Adapter, DraftFile, Kind, Role, Upload, User
from registry.queries import drafts, people
from registry.services import adapters, maturing, uploads
from registry.services.adapters import About
from registry.services.maturing import README, Act, Outcome, forget, readme_of


@dataclass(frozen=True, slots=True)
class Change:
    """A file that was added or replaced: its bytes are a sealed upload, or it is a text."""

    path: str
    upload: Upload | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Commit:
    """What is to be changed. A folder is deleted with all that is under it."""

    added: Sequence[Change] = ()
    deleted: Sequence[str] = ()  # paths; those of folders end in a slash
    message: str = ""


def apply(commit: Commit, *, to: Adapter, by: User, now: datetime) -> Outcome:
    """
    Take a commit in, whole or not at all.

    :raises NotAllowed: if `by` may not upload for the team
    :raises UploadRefused: if a file is no good, or nobody can tell which base it is for
    :raises WrongState: if it would take something away from a version
    """
    people.require(by, Role.CONTRIBUTOR, to.team, to="upload")
    with transaction.atomic(), _refusals():
        adapter = _locked(to)
        _delete(commit, adapter, by=by)
        for change in commit.added:
            _keep(change, adapter, by=by, now=now)
        if any(change.path == README for change in commit.added):
            _describe(adapter, by=by, now=now)
        act = Act(adapter, by, now, message=commit.message, deleted=tuple(commit.deleted))
        outcome = maturing.make_version(act)
        if outcome.version is None:
            outcome = replace(outcome, version=drafts.head(adapter, by=by))
    return outcome


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except FormatError as error:
        raise UploadRefused(str(error), code=error.code) from error


def _locked(adapter: Adapter) -> Adapter:
    return Adapter.objects.select_for_update(of=("self",)).select_related("team").get(pk=adapter.pk)


# --- the draft -------------------------------------------------------------------------------


def _keep(change: Change, adapter: Adapter, *, by: User, now: datetime) -> None:
    old = drafts.of(adapter, by=by).filter(path=change.path).select_related("upload").first()
    DraftFile.objects.update_or_create(
        adapter=adapter,
        by=by,
        path=change.path,
        defaults={"upload": change.upload, "text": change.text, "kept_at": now},
    )
    if old and old.upload and old.upload != change.upload:
        forget(old.upload)


def _delete(commit: Commit, adapter: Adapter, *, by: User) -> None:
    """Take files out of the draft. What a version holds stays: only new weights make another."""
    rows = list(drafts.of(adapter, by=by).select_related("upload"))
    gone = [row for row in rows if any(_is_at(row.path, path) for path in commit.deleted)]
    for row in gone:
        row.delete()
        if row.upload:
            forget(row.upload)
    head = drafts.head(adapter, by=by)
    if commit.deleted and not gone and not commit.added and head:
        raise WrongState(
            f"Version {head.number} stays as it is, since anyone may have pinned it: withdraw it "
            "on its page, or commit other weights as the next version."
        )


def _is_at(path: str, deleted: str) -> bool:
    return path.startswith(deleted) if deleted.endswith("/") else path == deleted


def _describe(adapter: Adapter, *, by: User, now: datetime) -> None:
    readme = readme_of(drafts.files_of(adapter, by=by))
    kinds = [tag for tag in readme.tags if tag in Kind.values]
    about = About(
        title=readme.title or None,
        description=readme.body[:20_000] or None,
        kind=kinds[0] if len(kinds) == 1 else None,
        tags=readme.tags,
        licence=readme.licence,
    )
    adapters.describe(adapter, about, by=by, now=now)


def refuse_path(path: str) -> None:
    """
    :raises Invalid: if that cannot be the path of a file in an adapter's folder
    """
    parts = path.split("/")
    if not path or len(path) > 400 or "\\" in path or {"", ".", ".."} & set(parts):
        raise Invalid(
            f"{path[:80]!r} is no path of a file in an adapter's folder: give one such as "
            "adapter_model.safetensors, without .. and without a slash at its start."
        )
    for part in parts:
        uploads.clean(part)
