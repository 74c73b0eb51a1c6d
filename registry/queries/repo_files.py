"""
Which files a version's repository has, and what they are called there.

Runtimes find an adapter by its files' names: PEFT by adapter_config.json and adapter_model,
diffusers by the one safetensors file at the top. Training checkpoints lie in folders of their
own, under a name that diffusers passes over when it looks for weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from registry.formats.dialects import Dialect
from registry.models import AdapterVersion, VersionFile
from registry.queries import files

DRAWN = frozenset({"image", "video"})
FOR_DIFFUSERS = "pytorch_lora_weights.safetensors"
FOR_PEFT = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
README = "README.md"
ORIGINAL = "original"
CHECKPOINTS = "checkpoints"
Role = VersionFile.Role


@dataclass(frozen=True, slots=True)
class Place:
    """Bytes that the store has, and where they lie in the repository."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Tree:
    """A repository's files, but for those that the hub writes into it."""

    places: tuple[Place, ...]
    configs: tuple[str, ...]  # folders ("" is the top) in which adapter_config.json belongs


def tree_of(version: AdapterVersion, *, instead: Place | None = None) -> Tree:
    """
    Return where a version's files lie.

    :param instead: what diffusers takes in the place of the weights, where it cannot read those
    """
    weights = files.weights_of(version)
    name = weights_name(version, weights)
    folder = f"{ORIGINAL}/" if instead else ""
    places = [instead] if instead else []
    places.append(Place(f"{folder}{name}", weights.sha256, weights.size))
    has_config = weights.dialect == Dialect.PEFT or files.config_of(version) is not None
    configs = [folder] if has_config else []
    for place in _checkpoints(version, name):
        places.append(place)
        if weights.dialect == Dialect.PEFT:
            configs.append(place.path.removesuffix(name))
    return Tree(tuple(places), tuple(configs))


def weights_name(version: AdapterVersion, weights: VersionFile) -> str:
    """Return what the weights file is called in the repository."""
    if weights.dialect == Dialect.GGUF:
        return f"{version.adapter.slug}.gguf"
    if weights.dialect == Dialect.PEFT:
        return FOR_PEFT
    if version.base.modality in DRAWN:
        return FOR_DIFFUSERS
    return f"{version.adapter.slug}.safetensors"


def _checkpoints(version: AdapterVersion, name: str) -> Iterator[Place]:
    seen: set[str] = set()
    for file in sorted(version.files.all(), key=lambda one: (one.training_step or 0, one.pk)):
        if file.role != Role.CHECKPOINT:
            continue
        step = f"step-{file.training_step}" if file.training_step is not None else file.sha256[:8]
        folder = step if step not in seen else f"{step}-{file.sha256[:8]}"
        seen.add(folder)
        yield Place(f"{CHECKPOINTS}/{folder}/{name}", file.sha256, file.size)
