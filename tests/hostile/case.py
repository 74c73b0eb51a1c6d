"""One hostile file: how it is made, and the verdict that it deserves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

ACCEPTED, WARNED, REFUSED = "accepted", "warned", "refused"


@dataclass(frozen=True)
class Case:
    """A file to be judged. `told` is a pattern that the sentence about it must hold."""

    name: str
    content: bytes | Callable[[], bytes]
    told: str = ""
    code: str = "file.header"  # of the error, or of the check, that must speak; "" for none
    word: str = REFUSED
    file_name: str = "adapter.safetensors"
    base: str = "sdxl-1-0"  # what it is declared for
    config: bytes | None = None  # the adapter_config.json beside it
    folder: bool = False  # It is a ZIP of an adapter's folder, to be opened as one.
    kind: str = ""  # which part of the corpus it belongs to

    def made(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content()

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}" if self.kind else self.name


def of_kind(kind: str, cases: Iterable[Case], **shared: object) -> tuple[Case, ...]:
    """Return the cases, each marked as of this kind (and with what they share)."""
    return tuple(replace(case, kind=kind, **shared) for case in cases)  # type: ignore[arg-type]


def refused(
    name: str, content: bytes | Callable[[], bytes], told: str, code: str = "file.header"
) -> Case:
    return Case(name, content, told, code)


def warned(name: str, content: bytes | Callable[[], bytes], told: str, code: str) -> Case:
    return Case(name, content, told, code, WARNED)


def accepted(name: str, content: bytes | Callable[[], bytes]) -> Case:
    return Case(name, content, code="", word=ACCEPTED)
