"""
Bases in memory: loaded once, kept while they are asked for.

One full base is kept at a time, since two seldom fit; skeletons weigh nothing and all stay. A base
whose weights were found changed after an adapter left it is dropped, and loaded anew when next
asked for.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workers.engine.devices import Device, make_room
from workers.engine.families.protocol import AnyFamily, Pipeline
from workers.engine.families.table import family_of

INDICES = ("model_index.json", "config.json")  # of diffusers, of transformers


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
    most_at_once: int = 1_000_000
    is_sound: bool = True
    memory: dict[str, Any] = field(default_factory=dict)  # what was rendered without an adapter …
    recent: dict[str, Any] = field(default_factory=dict)  # … and with the last ones, by cell key


class Bases:
    """The bases that one process keeps."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self._skeletons: dict[Path, Base] = {}
        self._loaded: Base | None = None

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
        kept = self._loaded
        if kept and kept.is_sound and kept.source == source:
            return kept
        self.forget()
        if source.folder is None:
            raise BaseUnreadable(f"This worker has no weights of {source.slug}.")
        if not any((source.folder / name).is_file() for name in INDICES):
            raise BaseUnreadable(f"There is no {' or '.join(INDICES)} in {source.folder}.")
        family = family_of(source.pipeline)
        try:
            loaded = family.load(
                source.folder, pipeline=source.pipeline, dtype=self.device.dtype
            ).to(self.device.place)
        except Exception as error:
            raise _unreadable(source, error) from error
        self._loaded = Base(source, family, loaded, is_skeleton=False)
        return self._loaded

    @property
    def held(self) -> tuple[str, ...]:
        """The slugs of the bases in memory."""
        return (self._loaded.source.slug,) if self._loaded else ()

    def forget(self) -> None:
        """Drop the loaded base from memory."""
        self._loaded = None
        gc.collect()
        make_room(self.device)


def _unreadable(source: BaseSource, error: Exception) -> BaseUnreadable:
    lines = [line for line in str(error).splitlines() if line.strip()]
    said = lines[0].strip() if lines else type(error).__name__
    return BaseUnreadable(f"The base {source.slug} cannot be loaded: {said}")
