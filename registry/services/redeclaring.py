"""
A version made of bytes that the hub has: a checkpoint that is promoted, or the same file declared
for another base. Nothing is sent again; it is numbered, described and validated like any upload.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from registry import blobs
from registry.bases.identify import identify
from registry.errors import WrongState
from registry.formats.adapter import read_adapter
from registry.formats.files import read_header
from registry.models import AdapterVersion, BaseModel, Upload, User, VersionFile
from registry.queries import bases, files
from registry.services import declaring, events, stored, uploads, versions
from registry.services.unpacking import Incoming

FileRole = VersionFile.Role


def declaration_of(version: AdapterVersion) -> versions.Declaration:
    """Return what was said of a version, to be said of another one that comes from it."""
    adapter = version.adapter
    return versions.Declaration(
        adapter=adapter.slug,
        base=version.base.slug,
        title=adapter.title,
        kind=adapter.kind,
        trigger_words=version.trigger_words,
        optional_words=version.optional_words,
        negative_words=version.negative_words,
        sample_prompts=version.sample_prompts,
        weight_low=version.weight_low,
        weight_high=version.weight_high,
        weight_default=version.weight_default,
        parent=version,
    )


def for_base(version: AdapterVersion, base: str, *, by: User, now: datetime) -> AdapterVersion:
    """
    Declare the files of a rejected version for another base: a new version, of the same bytes.

    :raises NotAllowed: if `by` may not upload for the team, or for the base
    :raises NotFound: if no base goes by that name
    :raises WrongState: if the version was not rejected, or its bytes are no longer kept
    """
    if version.state != AdapterVersion.State.REJECTED:
        raise WrongState(
            f"Version {version.number} is {version.state}: only what was rejected is declared for "
            "another base. Upload the file again to have it on a second one."
        )
    declaration = replace(declaration_of(version), base=base, label=version.label)
    weights = files.weights_of(version)
    rest = [file for file in version.files.all() if file.role == FileRole.CHECKPOINT]
    made = of_files(version, weights, declaration, rest, by=by, now=now)
    events.record("version.redeclared", by=by, on=made, now=now, base=made.base.slug)
    return made


def candidates(version: AdapterVersion, *, by: User) -> list[BaseModel]:
    """
    Return the bases that have all layers of a version's weights, as far as `by` may upload for
    them; none where its bytes are not kept.
    """
    weights = files.weights_of(version)
    if weights.blob_id is None:
        return []
    with stored.errors(), blobs.default().open(weights.sha256) as file:
        header = read_header(file, file_size=weights.size)
    found = identify(read_adapter(header, config=declaring.config_of(version)))
    usable = {base.slug: base for base in bases.usable(by)}
    whole = [one.base for one in found.candidates if one.whole]
    return [usable[slug] for slug in whole if slug in usable and slug != version.base.slug]


def of_files(
    version: AdapterVersion,
    weights: VersionFile,
    declaration: versions.Declaration,
    checkpoints: Sequence[VersionFile] = (),
    *,
    by: User,
    now: datetime,
) -> AdapterVersion:
    """
    Make the next version of the adapter of files that another version has.

    :raises WrongState: if their bytes are not kept
    """
    team = version.adapter.team
    incoming = [Incoming(_again(weights, version, by=by, now=now))]
    config = files.config_of(version)
    for file in [*([config] if config else []), *checkpoints]:
        upload = _again(file, version, by=by, now=now)
        incoming.append(Incoming(upload, file.role, file.training_step))
    return versions.receive(declaration, incoming, team=team, by=by, now=now)


def _again(file: VersionFile, version: AdapterVersion, *, by: User, now: datetime) -> Upload:
    upload = uploads.open_upload(
        team=version.adapter.team,
        name=file.name,
        size=file.size,
        sha256=file.sha256,
        by=by,
        now=now,
    )
    if not upload.known:
        uploads.drop(upload)
        raise WrongState(f"The bytes of {file.name} are not kept here (any more): upload it again.")
    return uploads.seal(upload, now=now)
