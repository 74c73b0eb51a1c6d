"""An adapter's versions as a line: what each says has changed, and what was found to differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hub.pages import chosen, facts
from registry.queries import related, versions

if TYPE_CHECKING:
    from registry.models import AdapterVersion, BaseModel

MOST = 30  # that are held against the one before them


@dataclass(frozen=True, slots=True)
class Step:
    """A version, and in what it differs from the one before it."""

    version: AdapterVersion
    failed: bool  # its validation, and it can be tried again
    differences: tuple[facts.Row, ...]
    against: int | None  # the number of the one before
    compare: str  # the address where both are side by side


@dataclass(frozen=True, slots=True)
class Tree:
    """What a version came from and what came from it."""

    bases: tuple[BaseModel, ...]
    ancestors: tuple[AdapterVersion, ...]
    descendants: tuple[AdapterVersion, ...]


def of_versions(seen: Sequence[AdapterVersion]) -> dict[str, Any]:
    """Return the line of versions, the newest first as they came."""
    before: list[AdapterVersion | None] = [*seen[1:], None]
    failed = versions.failed_among(seen)
    steps = [
        _step(version, older if place < MOST else None, failed=version.pk in failed)
        for place, (version, older) in enumerate(zip(seen, before, strict=True))
    ]
    return {"line": steps}


def _step(version: AdapterVersion, older: AdapterVersion | None, *, failed: bool) -> Step:
    if older is None:
        return Step(version, failed, (), None, "")
    rows = facts.of_several([older, version])
    return Step(
        version=version,
        failed=failed,
        differences=tuple(row for row in rows if row.is_change),
        against=older.number,
        compare=chosen.address([chosen.name_of(version), chosen.name_of(older)]),
    )


def tree(version: AdapterVersion, seen: Sequence[AdapterVersion]) -> Tree:
    return Tree(
        bases=tuple(related.bases(version.base)),
        ancestors=tuple(related.ancestors(version, seen)),
        descendants=tuple(related.descendants(version, seen)),
    )
