"""A model beside the bases, which sweeps go on without: the one that was asked for last is held."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

logger = logging.getLogger(__name__)

Model = TypeVar("Model")


@dataclass(frozen=True, slots=True)
class ModelSource:
    """Where a model lies, a folder or a file, and the digest of what is there."""

    at: Path
    digest: str


class LastLoaded(Generic[Model]):
    """What one kind of model is loaded by, and the one that this process holds."""

    def __init__(self, load: Callable[[ModelSource], Model], *, title: str, instead: str) -> None:
        self._load, self._title, self._instead = load, title, instead
        self._source: ModelSource | None = None
        self._model: Model | None = None

    def load(self, source: ModelSource) -> Model | None:
        """Return the model; None where it cannot be loaded, which is logged once."""
        if source != self._source:
            self._source, self._model = source, None
            try:
                self._model = self._load(source)
            except Exception as error:  # noqa: BLE001  whatever it is, sweeps go on without it
                said = str(error).strip().splitlines() or [type(error).__name__]
                logger.warning(
                    "%s in %s cannot be loaded (%s): %s.",
                    self._title,
                    source.at,
                    said[0],
                    self._instead,
                )
        return self._model
