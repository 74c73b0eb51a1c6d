"""A file of a version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rest_framework.request import Request

from hub.api import addresses
from registry.exports import civitai_words as words
from registry.queries import files
from registry.queries.words import FileRole

if TYPE_CHECKING:
    from registry.models import AdapterVersion, Blob, VersionFile

NO_PICKLE = "No pickle: this hub takes none, so no file can run code when it is loaded."
NO_VIRUS_SCAN = "Not looked at by a virus scanner: the file's tables and numbers were read."


def write(
    request: Request, version: AdapterVersion, *, primary_only: bool = False, always: bool = False
) -> list[dict[str, Any]]:
    """
    Return a version's files that are here, the weights first: exactly they are primary.

    :param always: say `primary` of every file, and not of the primary one alone
    """
    here = [file for file in version.files.all() if file.blob_id is not None]
    here.sort(key=lambda file: (file.role != FileRole.WEIGHTS, file.pk))
    rows = [_file(request, version, file) for file in here]
    for row, file in zip(rows, here, strict=True):
        if always or file.role == FileRole.WEIGHTS:
            row["primary"] = file.role == FileRole.WEIGHTS
    return [row for row in rows if row.get("primary")] if primary_only else rows


def address(request: Request, version: AdapterVersion) -> str:
    """Return where a version's weights are."""
    return addresses.at(request, "civitai-download", version.serial)


def metadata_of(file: VersionFile) -> dict[str, Any]:
    if file.role == FileRole.CONFIG:
        return {"format": "Other"}
    precision = words.precision_of(file.dtype)
    said = {"format": words.format_of(file.dialect), "size": "full", "fp": precision}
    return {name: value for name, value in said.items() if value}


def type_of(file: VersionFile) -> str:
    return "Config" if file.role == FileRole.CONFIG else "Model"


def hashes_of(blob: Blob) -> dict[str, str]:
    """Return the hashes in upper case; one that says nothing of the bytes is left out."""
    named = {
        "AutoV1": blob.autov1,
        "AutoV2": blob.autov2,
        "AutoV3": blob.autov3,
        "SHA256": blob.sha256,
        "CRC32": blob.crc32,
        "BLAKE3": blob.blake3,
    }
    return {name: value.upper() for name, value in named.items() if value}


def _file(request: Request, version: AdapterVersion, file: VersionFile) -> dict[str, Any]:
    assert file.blob is not None  # noqa: S101  the caller leaves the others out
    is_weights = file.role == FileRole.WEIGHTS
    query = {} if is_weights else {"type": type_of(file), "fileId": file.pk}
    name = files.public_name(version, file)
    return {
        "id": file.pk,
        "sizeKB": file.size / 1024,
        "name": name,
        "overrideName": None,
        "type": type_of(file),
        "pickleScanResult": "Success",
        "pickleScanMessage": NO_PICKLE,
        "virusScanResult": "Pending",
        "virusScanMessage": NO_VIRUS_SCAN,
        "scannedAt": file.blob.kept_at,
        "metadata": metadata_of(file),
        "hashes": hashes_of(file.blob),
        "downloadUrl": addresses.at(request, "civitai-download", version.serial, **query),
        "originalName": file.name,
        "trainingStep": file.training_step,
    }
