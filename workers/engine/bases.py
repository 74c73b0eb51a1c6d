"""
Bases in memory: loaded once, kept while they are asked for.

As many full bases stay as there is room for; the one that was not asked for the longest goes first.
Skeletons weigh nothing and all stay. A base whose weights were found changed after an adapter left
it is dropped, and loaded anew when next asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workers.engine.compiling import Blocks, blocks_of
from workers.engine.devices import Device, free_memory, make_room
from workers.engine.families.protocol import AnyFamily, Pipeline
from workers.engine.families.table import family_of
from workers.engine.room import UNBOUNDED, Room

INDICES = ("model_index.json", "config.json")  # of diffusers, of transformers
AND_TO_RENDER = 1.5  # times a base's own weights: what else it takes to draw with it


class BaseUnreadable(Exception):
    """The base cannot be loaded from where it is said to lie."""


@dataclass(frozen=True, slots=True)
class BaseSource:
    """Which base, and where it lies."""

    slug: str
    pipeline: str
    folder: Path | None
    config_folder: Path
    digest: str


@dataclass(slots=True)
class Base:
    """A loaded base or its skeleton. `most_at_once` is how many samples fit, once it is known."""

    source: BaseSource
    family: AnyFamily
    pipeline: Pipeline
    is_skeleton: bool
    most_at_once: int = UNBOUNDED
    is_sound: bool = True
    memory: dict[str, Any] = field(default_factory=dict)  # what was rendered without an adapter …
    recent: dict[str, Any] = field(default_factory=dict)  # … and with the last ones, by cell key
    encoded: dict[Any, Any] = field(default_factory=dict)  # prompts as the base itself reads them
    room: Room = field(default_factory=Room)
    blocks: Blocks | None = None  # what of it is compiled


class Bases:
    """The bases that one process keeps; `backend`, of torch.compile, compiles them if given."""

    def __init__(self, device: Device, *, backend: Any = None) -> None:
        self.device = device
        self.backend = backend
        self._skeletons: dict[Path, Base] = {}
        self._loaded: dict[BaseSource, Base] = {}  # the one asked for last stands last

    def skeleton(self, source: BaseSource) -> Base:
        """
        Return the base without weights, for the loader to be tried on.

        :raises BaseUnreadable: if its configs cannot be read
        """
        kept = self._skeletons.get(source.config_folder)
        if kept is None or not kept.is_sound:
            family = family_of(source.pipeline)
            try:
                built = family.skeleton(source.config_folder, pipeline=source.pipeline)
            except Exception as error:
                raise _unreadable(source, error) from error
            kept = Base(source, family, built, is_skeleton=True)
            self._skeletons[source.config_folder] = kept
        return kept

    def load(self, source: BaseSource) -> Base:
        """
        Return the base with its weights, on the device.

        :raises BaseUnreadable: if it cannot be loaded
        """
        kept = self._loaded.pop(source, None)
        if kept and kept.is_sound:
            self._loaded[source] = kept
            return kept
        del kept
        if source.folder is None:
            raise BaseUnreadable(f"This worker has no weights of {source.slug}.")
        if not any((source.folder / name).is_file() for name in INDICES):
            raise BaseUnreadable(f"There is no {' or '.join(INDICES)} in {source.folder}.")
        family = family_of(source.pipeline)
        self._make_room_for(source.folder)
        try:
            loaded = family.load(
                source.folder, pipeline=source.pipeline, dtype=self.device.dtype
            ).to(self.device.place)
        except Exception as error:
            raise _unreadable(source, error) from error
        base = Base(source, family, loaded, is_skeleton=False)
        if self.backend:
            base.blocks = blocks_of(source.slug, family, loaded, self.backend)
        self._loaded[source] = base
        return base

    def _make_room_for(self, folder: Path) -> None:
        """Drop bases until there is room for the one in `folder`, and to render with it."""
        make_room(self.device.place)
        needed = _size(folder) * (2 if self.device.dtype.itemsize == 4 else 1) * AND_TO_RENDER
        while self._loaded and free_memory(self.device.place) < needed:
            self._loaded.pop(next(iter(self._loaded)))
            make_room(self.device.place)

    @property
    def held(self) -> tuple[str, ...]:
        """The slugs of the bases in memory."""
        return tuple(source.slug for source in self._loaded)

    def forget(self) -> None:
        """Drop the loaded bases from memory."""
        self._loaded.clear()
        make_room(self.device.place)


def _size(folder: Path) -> int:
    """Return the bytes of the weights in a base's folder."""
    return sum(path.stat().st_size for path in folder.rglob("*.safetensors"))


def _unreadable(source: BaseSource, error: Exception) -> BaseUnreadable:
    lines = [line for line in str(error).splitlines() if line.strip()]
    said = lines[0].strip() if lines else type(error).__name__
    return BaseUnreadable(f"The base {source.slug} cannot be loaded: {said}")
