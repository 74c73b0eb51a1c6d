"""
Make the manifest of a base that a team gave by its configuration, which is not trusted.

The files were checked before they came (registry/bases/given.py), and are checked again. What no
check of numbers can foresee, a model of a million small parts, is stopped while it is being built:
at so many parameters, or at so much memory. Time is the parent's to bound.
"""

from __future__ import annotations

import json
import resource
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch.nn.modules.module import register_module_parameter_registration_hook

from registry.bases import given
from registry.bases.manifest import Manifest, encode
from registry.errors import UploadRefused
from workers.engine import manifests
from workers.engine.devices import is_out_of_memory

MOST_PARAMETERS = 3 * given.MOST_LAYERS  # most layers have a weight and perhaps a bias
MOST_MEMORY = 4 * 2**30  # bytes more than the process has when it begins


class ConfigRefused(Exception):
    """No model can be built of this configuration; str() says why, for whoever gave it."""


class _TooManyParts(Exception):
    pass


def make(slug: str, configs: Mapping[str, Any]) -> tuple[bytes, dict[str, int]]:
    """
    Return the manifest's bytes, and how many layers each component has.

    :raises ConfigRefused: if they build nothing, or too much
    """
    try:
        files = given.check(configs).files
    except UploadRefused as refusal:
        raise ConfigRefused(str(refusal)) from refusal
    manifest = _build(slug, files)
    counts = {component: len(layers) for component, layers in manifest.components.items()}
    if sum(counts.values()) > given.MOST_LAYERS:
        raise _too_large(f"{sum(counts.values()):,} layers")
    if not sum(counts.values()):
        raise ConfigRefused("The model of this configuration has no layer that adapters change.")
    return encode(manifest), counts


def _build(slug: str, files: Mapping[str, Any]) -> Manifest:
    with tempfile.TemporaryDirectory(prefix="config-") as name:
        folder = Path(name)
        for path, fields in files.items():
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_text(json.dumps(fields), encoding="utf-8")
        try:
            with _bounded_parts(), _bounded_memory():
                return manifests.make(slug, folder)
        except _TooManyParts:
            raise _too_large(f"more than {MOST_PARAMETERS:,} parameters") from None
        except Exception as error:
            if is_out_of_memory(error):
                raise _too_large(f"more than {MOST_MEMORY >> 30} GiB of parts") from None
            raise ConfigRefused(
                f"diffusers and transformers cannot build a model of it: {_first_line(error)}"
            ) from error


@contextmanager
def _bounded_parts() -> Iterator[None]:
    """Stop a model that never ends: every parameter is counted as it is made."""
    count = 0

    def one_more(module: torch.nn.Module, name: str, parameter: object) -> None:  # noqa: ARG001
        nonlocal count
        count += 1
        if count > MOST_PARAMETERS:
            raise _TooManyParts

    hook = register_module_parameter_registration_hook(one_more)
    try:
        yield
    finally:
        hook.remove()


@contextmanager
def _bounded_memory() -> Iterator[None]:
    """Let the process take only so much more than it has, for the time of the block."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = used * resource.getpagesize() + MOST_MEMORY
    if soft != resource.RLIM_INFINITY:
        most = min(most, soft)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _too_large(how: str) -> ConfigRefused:
    return ConfigRefused(
        f"The model of this configuration is too large: it has {how}, and this hub lays out "
        f"{given.MOST_LAYERS:,} layers at most."
    )


def _first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return f"{type(error).__name__}: {lines[0] if lines else 'no more is said'}"[:500]
