"""Files, blobs and uploads: what is there, and who may have it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left

from registry.errors import NotFound, UploadTooLarge
from registry.formats.dialects import Dialect
from registry.models import (
    AdapterVersion,
    Blob,
    GalleryPicture,
    PreparedFile,
    PreviewCell,
    PreviewGrid,
    RepoCommit,
    SourcePicture,
    Team,
    Upload,
    User,
    VersionFile,
)
from registry.queries import people

MOST_HASHES = 10_000
SPELLINGS = ("sha256", "autov1", "autov3", "crc32", "blake3", "tensor_digest")


def may_reuse(sha256: str, *, size: int, by: User) -> bool:
    """
    Say whether the hub has these bytes and the person could download them anyway.

    Knowing a digest must not give a stranger someone else's file.
    """
    readable = Q(version__state=AdapterVersion.State.PUBLISHED) | Q(
        version__adapter__team__in=people.team_keys_of(by)
    )
    return VersionFile.objects.filter(readable, blob_id=sha256, size=size).exists()


def reusable(sha256: str, *, by: User) -> int | None:
    """Return the size of these bytes if the hub has them and `may_reuse` says yes, else None."""
    blob = Blob.objects.filter(pk=sha256).first()
    return blob.size if blob and may_reuse(sha256, size=blob.size, by=by) else None


def sent_before(sha256: str, *, size: int, team: Team, by: User) -> Upload | None:
    """Return the newest upload of these bytes that the person opened for the team, if any lives."""
    return (
        Upload.objects.filter(sha256=sha256, size=size, team=team, by=by)
        .exclude(state=Upload.State.DROPPED)
        .filter(~Exists(VersionFile.objects.filter(upload=OuterRef("pk"))))
        .order_by("-opened_at")
        .first()
    )


def held_by_a_version(upload: Upload) -> bool:
    """Say whether a version is made of an upload, or of what was in it."""
    return VersionFile.objects.filter(Q(upload=upload) | Q(upload__archive=upload)).exists()


def stale_uploads(*, opened_before: datetime) -> list[Upload]:
    """Return uploads older than that which no version holds."""
    held = VersionFile.objects.filter(upload=OuterRef("pk"))
    return list(
        Upload.objects.filter(~Exists(held), opened_at__lt=opened_before).exclude(
            state=Upload.State.DROPPED
        )
    )


def is_awaited(upload: str) -> bool:
    """Say whether what lies in staging under this name is still to become a file of a version."""
    try:
        pk = UUID(upload)
    except ValueError:
        return False
    return VersionFile.objects.filter(
        upload=pk, blob=None, version__state=AdapterVersion.State.WAITING
    ).exists()


def orphan_blobs(*, wanted_before: datetime) -> QuerySet[Blob]:
    """Return blobs that nothing refers to and nobody has wanted since."""
    return Blob.objects.filter(
        ~Exists(VersionFile.objects.filter(blob=OuterRef("pk"))),
        ~Exists(PreviewCell.objects.filter(blob=OuterRef("pk"))),
        ~Exists(PreviewCell.objects.filter(sound=OuterRef("pk"))),
        ~Exists(PreviewGrid.objects.filter(sheet=OuterRef("pk"))),
        ~Exists(RepoCommit.blobs.through.objects.filter(blob=OuterRef("pk"))),
        ~Exists(PreviewGrid.objects.filter(cover=OuterRef("pk"))),
        ~Exists(PreparedFile.objects.filter(blob=OuterRef("pk"))),
        ~Exists(GalleryPicture.objects.filter(blob=OuterRef("pk"))),
        ~Exists(GalleryPicture.objects.filter(small=OuterRef("pk"))),
        ~Exists(SourcePicture.objects.filter(blob=OuterRef("pk"))),
        wanted_at__lt=wanted_before,
    )


def weights_of(version: AdapterVersion) -> VersionFile:
    """:raises NotFound: if the version has no weights file"""
    for file in version.files.all():
        if file.role == VersionFile.Role.WEIGHTS:
            return file
    raise NotFound("This version has no weights file.")


def config_of(version: AdapterVersion) -> VersionFile | None:
    return next((f for f in version.files.all() if f.role == VersionFile.Role.CONFIG), None)


def by_hash(value: str) -> QuerySet[Blob]:
    """Return the blobs that go by this hash, in any of the six spellings tools use."""
    word = value.strip().lower().removeprefix("0x")
    return Blob.objects.filter(
        Q(sha256=word)
        | (Q(sha256__startswith=word) if len(word) == 10 else Q(pk__in=[]))
        | Q(autov1=word)  # all are kept in small letters, so that their indexes serve
        | Q(autov3=word)
        | Q(crc32=word)
        | Q(blake3=word)
        | Q(tensor_digest=word)
    )


def by_hashes(values: Sequence[str], *, by: User | None) -> dict[str, dict[str, Any]]:
    """
    Return by each hash, as it was given, the newest file in sight that has it: one query for all.

    :raises UploadTooLarge: if there are more than `MOST_HASHES`
    """
    if len(values) > MOST_HASHES:
        raise UploadTooLarge(
            f"At most {MOST_HASHES:,} hashes are looked up at once, and these are "
            f"{len(values):,}: ask in several requests.",
            code="too-many-hashes",
        )
    words = {value: value.strip().lower().removeprefix("0x") for value in values}
    found: dict[str, dict[str, Any]] = {}
    for row in _with_hashes(set(words.values()), by=by):
        spellings = (row["sha256"][:10], *(row[f"blob__{name}"] for name in SPELLINGS))
        for spelling in filter(None, map(str.lower, spellings)):
            found.setdefault(spelling, row)
    return {value: found[word] for value, word in words.items() if word in found}


def _with_hashes(words: set[str], *, by: User | None) -> Iterable[dict[str, Any]]:
    of_length: dict[int, list[str]] = {}
    for word in words:
        of_length.setdefault(len(word), []).append(word)
    long, short = of_length.get(64, []), of_length.get(8, [])
    blobs = Blob.objects.annotate(beginning=Left("sha256", 10)).filter(
        Q(sha256__in=long)
        | Q(blake3__in=long)
        | Q(tensor_digest__in=long)
        | Q(autov3__in=of_length.get(12, []))
        | Q(beginning__in=of_length.get(10, []))
        | Q(autov1__in=short)
        | Q(crc32__in=short)
    )
    seen = Q(version__state__in=AdapterVersion.PUBLIC)
    if by is not None:
        seen |= Q(version__adapter__team__memberships__user=by)
    found: QuerySet[VersionFile, dict[str, Any]] = (
        VersionFile.objects.filter(seen if not (by and by.is_superuser) else Q(), blob__in=blobs)
        .order_by("-version__uploaded_at", "pk")
        .values(
            "version__adapter__team__slug",
            "version__adapter__slug",
            "version__number",
            "version__state",
            "name",
            "role",
            "sha256",
            "size",
            *(f"blob__{name}" for name in SPELLINGS),
        )
        .distinct()
    )
    return found


def named(version: AdapterVersion, name: str) -> VersionFile:
    """
    Return the file that is called `name`, by its uploader or in downloads; "" means the weights.

    :raises NotFound: if the version has none
    """
    if not name:
        return weights_of(version)
    for file in version.files.all():
        if name in {file.name, public_name(version, file)}:
            return file
    there = ", ".join(file.name for file in version.files.all())
    raise NotFound(f"This version has no file called {name!r}; it has {there}.")


def public_name(version: AdapterVersion, file: VersionFile) -> str:
    """
    Return the file's name in downloads: plain ASCII, and no other file's.

    Runtimes find adapters by file name alone, so two versions in one folder must not share it.
    """
    stem = stem_of(version)
    if file.role == VersionFile.Role.CONFIG:
        return f"{stem}-adapter_config.json"
    if file.role == VersionFile.Role.CHECKPOINT and file.training_step is not None:
        stem = f"{stem}-step{file.training_step}"
    return unique_name(stem, sha256=file.sha256, dialect=file.dialect)


def stem_of(version: AdapterVersion, layout: str = "") -> str:
    """Return how names of a version's files begin."""
    stem = f"{version.adapter.slug}-v{version.number}"
    return f"{stem}-{layout}" if layout else stem


def unique_name(stem: str, *, sha256: str, dialect: str) -> str:
    ending = "gguf" if dialect == Dialect.GGUF else "safetensors"
    return f"{stem}-{sha256[:8]}.{ending}"
