"""
Where things lie on this worker's machine: base weights, configurations, and copies of adapters.

Nothing is assumed to be shared with the web process: what is stored elsewhere is fetched first.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from registry import blobs
from registry.models import AdapterVersion, BaseModel, ValidationRun, VersionFile
from registry.queries import files
from registry.services import bases, fetching, stored


def base_fields(base: BaseModel) -> dict[str, Any] | None:
    """
    Return what the engine is told of a base, or None if not even its configuration is here.

    :raises Unavailable: if its weights lie in a bucket, and cannot be had
    """
    folder = _weights_of(base)
    config = bases.config_folder(base)
    if folder is None and config is None:
        return None
    return {
        "slug": base.slug,
        "pipeline": base.pipeline,
        "folder": str(folder) if folder else None,
        "config_folder": str(config or folder),
        "digest": digest_of(folder) if folder else "",
    }


def bases_here() -> frozenset[int]:
    """Return the keys of the bases whose weights lie on this machine, or can be brought here."""
    placed = BaseModel.objects.exclude(weights_at="")
    return frozenset(
        base.pk
        for base in placed
        if fetching.is_fetched(base.weights_at) or bases.weights_folder(base) is not None
    )


def _weights_of(base: BaseModel) -> Path | None:
    if fetching.is_fetched(base.weights_at):
        return fetching.bring(base)
    return bases.weights_folder(base)


def digest_of(folder: Path) -> str:
    """Return one digest of all weights and configurations of a base, so that cells are its own."""
    state = tuple(
        (str(path.relative_to(folder)), path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.suffix in fetching.WANTED and path.is_file()
    )
    return _digest(folder, state)


@lru_cache(maxsize=64)
def _digest(folder: Path, state: tuple[tuple[str, int, int], ...]) -> str:
    # Reading 7 GB takes ten seconds: once, as long as no file has changed.
    whole = hashlib.sha256()
    for name, _, _ in state:
        with (folder / name).open("rb") as file:
            whole.update(f"{name}\0{hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return whole.hexdigest()


@contextmanager
def adapter_fields(run: ValidationRun) -> Iterator[dict[str, Any]]:
    """Bring the version's files here for the time of the block, and tell the engine of them."""
    weights = files.weights_of(run.version)
    with file_fields(run.version, weights, hold=f"{run.pk}-{run.fence}") as told:
        yield told


@contextmanager
def file_fields(
    version: AdapterVersion, file: VersionFile, *, hold: str
) -> Iterator[dict[str, Any]]:
    """Bring one of a version's files of weights here, a checkpoint too; `hold` is whose copy."""
    folder = settings.SCRATCH / hold
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield _fetch(version, file, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fetch(version: AdapterVersion, weights: VersionFile, folder: Path) -> dict[str, Any]:
    store = blobs.default()
    config = files.config_of(version)
    with stored.errors():
        store.fetch(weights.sha256, folder / "adapter_model.safetensors")
        if config:
            store.fetch(config.sha256, folder / "adapter_config.json")
    return {
        "path": str(folder / "adapter_model.safetensors"),
        "config_path": str(folder / "adapter_config.json") if config else None,
        "dialect": weights.dialect,
        "expected": {one["component"]: one["in_file"] for one in version.fit.get("components", [])},
        # Two files that nobody could take apart are not the same, just because neither has one.
        "tensor_digest": (weights.blob and weights.blob.tensor_digest) or weights.sha256,
    }
