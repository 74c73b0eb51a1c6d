"""What every source can do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO, Protocol

from registry.imports.offers import Offer


class Source(Protocol):
    """Somewhere adapters are. Any of it may raise SourceRefused (for good) or SourceDown."""

    @property
    def name(self) -> str:
        """How people call it: the folder's name, or the host's."""

    @property
    def is_near(self) -> bool:
        """Whether its bytes are on this machine: they are hashed before anybody decides."""

    @property
    def cursor(self) -> str:
        """How far it has come: what a later import may begin after; "" where it cannot say."""

    def offers(self) -> Iterator[Offer]:
        """Yield every version that it has to offer."""

    def again(self, key: str) -> Offer | None:
        """Return what goes by a key now; None, or SourceRefused of source-gone, if nothing does."""

    def start(self, place: str, count: int) -> bytes:
        """Return the first bytes of a file, or fewer where it does not give a part."""

    def open(self, place: str, *, at: int = 0) -> AbstractContextManager[BinaryIO]:
        """Open a file, to be read from byte `at` on."""
