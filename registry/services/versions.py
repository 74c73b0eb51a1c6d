"""A new version of an adapter: files that were uploaded, and what their uploader says of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from registry.bases.identify import identify
from registry.errors import DuplicateUpload, Invalid, UploadRefused
from registry.formats import configs, plain
from registry.formats.adapter import AdapterFile, read_adapter
from registry.formats.errors import FormatError
from registry.formats.families import Detection
from registry.formats.files import read_header
from registry.formats.training import read_training
from registry.models import (
    Adapter,
    AdapterVersion,
    BaseModel,
    Kind,
    Role,
    Team,
    Upload,
    User,
    VersionFile,
)
from registry.queries import bases, people
from registry.services import adapters, events, parts, runs, searching, storable, stored, unpacking
from registry.services.unpacking import Incoming

FileRole = VersionFile.Role


@dataclass(frozen=True, slots=True)
class Declaration:
    """What an uploader says of a version; and of the adapter, where it is the first one."""

    adapter: str  # the slug; made from the title where it is empty
    base: str  # slug, alias or repo id
    title: str = ""
    description: str = ""
    kind: str = Kind.OTHER.value
    tags: Sequence[str] = ()
    licence: str = ""
    content_level: str = ""  # … and the licence: as the team has them, if empty
    label: str = ""
    changes: str = ""
    trigger_words: Sequence[str] = ()
    optional_words: Sequence[str] = ()
    negative_words: Sequence[str] = ()
    sample_prompts: Sequence[str] = ()  # shown as rows of its sweep, the first two of them
    weight_low: float | None = None
    weight_high: float | None = None
    weight_default: float | None = None
    parent: AdapterVersion | None = None  # what it comes from, if not from the one before it


@dataclass(frozen=True, slots=True)
class Reading:
    """What the header of a weights file says."""

    adapter: AdapterFile
    detection: Detection
    training: dict[str, Any] = field(default_factory=dict)


def receive(
    declaration: Declaration, given: Sequence[Incoming], *, team: Team, by: User, now: datetime
) -> AdapterVersion:
    """
    Make the next version of an adapter (and the adapter, if it is new), and have it validated.

    A ZIP file stands for the adapter in it.

    :raises NotAllowed: if `by` may not upload for the team, or for the base
    :raises WrongState: if the base's layers are still being made
    :raises UploadRefused: if a file holds no adapter, or there is no weights file, or two
    :raises DuplicateUpload: if the adapter already has a version with these bytes
    :raises Invalid: if the declaration makes no sense
    """
    people.require(by, Role.CONTRIBUTOR, team, to="upload")
    declaration = _refuse_nonsense(declaration)
    base = bases.for_upload(declaration.base, by=by)
    parts.the_weights(given)
    files = unpacking.unpacked(given, by=by, now=now)
    weights = parts.the_weights(files)
    parts.refuse_doubles(files)
    config = read_config(files)
    readings = {
        one.upload.pk: read(one.upload, config=config)
        for one in files
        if one.role != FileRole.CONFIG
    }
    try:
        with transaction.atomic():
            adapter = _adapter(declaration, team=team, base=base, by=by, now=now)
            version = _number(adapter, declaration, base, weights.upload, by=by, now=now)
            _describe(version, readings[weights.upload.pk])
            for one in files:
                _keep(version, one, readings.get(one.upload.pk), config=config)
            searching.refresh_adapter(adapter)
            events.record("version.received", by=by, on=version, now=now)
            runs.start(version, now=now)
    except IntegrityError as error:
        if "version_bytes_once" in str(error):
            raise _duplicate(declaration, weights.upload) from error
        raise
    unpacking.forget(given)
    return version


def read(upload: Upload, *, config: dict[str, Any] | None = None) -> Reading:
    """
    Read the header of an uploaded weights file.

    :raises UploadRefused: if it is not a sound file with an adapter in it
    """
    try:
        with stored.open_bytes(upload) as file:
            header = read_header(file, file_size=upload.size)
        adapter = read_adapter(header, config=config)
    except FormatError as error:
        raise UploadRefused(f"{upload.name}: {error}", code=error.code) from error
    return Reading(
        adapter=adapter,
        detection=identify(adapter).detection,
        training=storable.as_json(asdict(read_training(header.metadata, config=adapter.config))),
    )


def suggest_slug(title: str) -> str:
    """Return an ASCII name made from a title in any script; "" if nothing of it is left."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80]


def _refuse_nonsense(declaration: Declaration) -> Declaration:
    slug = declaration.adapter or suggest_slug(declaration.title)
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,79}", slug):
        raise Invalid(
            f"{slug or declaration.title!r} cannot be an adapter's name in addresses: "
            "use small Latin letters, digits and hyphens."
        )
    low, high = declaration.weight_low, declaration.weight_high
    if low is not None and high is not None and low > high:
        raise Invalid(f"The weight range goes from {low:g} down to {high:g}: swap the two.")
    if declaration.kind not in Kind.values:
        raise Invalid(
            f"{declaration.kind!r} is no kind of adapter: use one of {', '.join(Kind.values)}."
        )
    fields = {name: getattr(declaration, name) for name in Declaration.__dataclass_fields__}
    return Declaration(**fields | {"adapter": slug, "title": plain.line(declaration.title) or slug})


def read_config(files: Sequence[Incoming]) -> dict[str, Any] | None:
    """
    Return what the adapter_config.json among the files says, None if there is none.

    :raises UploadRefused: if it cannot be read
    """
    config = next((one.upload for one in files if one.role == FileRole.CONFIG), None)
    if config is None:
        return None
    try:
        configs.refuse_size(config.size, name=config.name)
        with stored.open_bytes(config) as file:
            return configs.parse(file.read(), name=config.name)
    except FormatError as error:
        raise UploadRefused(str(error), code=error.code) from error


def _adapter(
    declaration: Declaration, *, team: Team, base: BaseModel, by: User, now: datetime
) -> Adapter:
    about = adapters.About(
        title=declaration.title,
        description=declaration.description,
        kind=declaration.kind,
        tags=declaration.tags,
        licence=declaration.licence,
        content_level=declaration.content_level,
    )
    return adapters.for_version(
        about, slug=declaration.adapter, team=team, base=base, by=by, now=now
    )


def _number(
    adapter: Adapter,
    declaration: Declaration,
    base: BaseModel,
    weights: Upload,
    *,
    by: User,
    now: datetime,
) -> AdapterVersion:
    newest = adapter.versions.aggregate(number=Max("number"))["number"] or 0
    return AdapterVersion.objects.create(
        adapter=adapter,
        number=newest + 1,
        base=base,
        sha256=weights.sha256,
        parent=declaration.parent or adapter.versions.filter(number=newest).first(),
        label=plain.line(declaration.label),
        changes=declaration.changes,
        trigger_words=plain.words(declaration.trigger_words),
        optional_words=plain.words(declaration.optional_words),
        negative_words=plain.words(declaration.negative_words),
        sample_prompts=[plain.line(prompt) for prompt in declaration.sample_prompts],
        weight_low=declaration.weight_low,
        weight_high=declaration.weight_high,
        weight_default=declaration.weight_default,
        uploaded_by=by,
        uploaded_at=now,
    )


def _describe(version: AdapterVersion, reading: Reading) -> None:
    version.family_detected = reading.detection.family.value
    version.detection = storable.as_json(asdict(reading.detection))
    version.training = reading.training
    version.save(update_fields=["family_detected", "detection", "training"])


def _keep(
    version: AdapterVersion,
    one: Incoming,
    reading: Reading | None,
    *,
    config: dict[str, Any] | None,
) -> None:
    facts: dict[str, Any] = {}
    if one.role == FileRole.CONFIG and config:
        facts = {"metadata": storable.as_json(config)}
    if reading is not None:
        low, high = reading.adapter.ranks or (None, None)
        facts = {
            "dialect": reading.adapter.dialect.value,
            "algorithm": ", ".join(algorithm.value for algorithm in reading.adapter.algorithms)[
                :60
            ],
            "dtype": ", ".join(reading.adapter.dtypes)[:30],
            "rank_low": low,
            "rank_high": high,
            "layers": len(reading.adapter.pairs),
            "metadata": dict(reading.adapter.metadata),
        }
    VersionFile.objects.create(
        version=version,
        role=one.role,
        name=one.upload.name,
        size=one.upload.size,
        sha256=one.upload.sha256,
        training_step=one.training_step,
        upload=one.upload,
        **facts,
    )


def _duplicate(declaration: Declaration, weights: Upload) -> DuplicateUpload:
    twin = AdapterVersion.objects.filter(
        adapter__slug=declaration.adapter, adapter__team=weights.team, sha256=weights.sha256
    ).exclude(state=AdapterVersion.State.REJECTED)
    number = twin.values_list("number", flat=True).first()
    return DuplicateUpload(
        f"These very bytes are already version {number} of "
        f"{weights.team.slug}/{declaration.adapter}: there is nothing to add."
    )
