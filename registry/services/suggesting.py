"""Which of the teams' own bases a file may be for: the catalogue's identification knows none."""

from __future__ import annotations

from collections.abc import Iterator

from registry.bases.claims import claims
from registry.bases.fit import best_fits
from registry.bases.identify import Identification
from registry.formats.adapter import AdapterFile
from registry.models import BaseModel, User
from registry.queries import bases


def own_base(
    adapter: AdapterFile, found: Identification | None, *, by: User | None
) -> BaseModel | None:
    """
    Return the team's own base, in sight of the person, that the file names and fits; else, where
    it fits nothing of the catalogue, the only own base that it fits.
    """
    if by is None:
        return None
    named = bases.own_called(_names(adapter), by=by)
    manifest = bases.manifest_of(named) if named else None
    if named and manifest and best_fits(adapter, [manifest]):
        return named
    if found is not None and found.fits:
        return None
    fitting = best_fits(adapter, bases.own_manifests(by))
    return bases.named(fitting[0].base, by=by) if len(fitting) == 1 else None


def _names(adapter: AdapterFile) -> Iterator[str]:
    """Yield what the file calls its base, and the last part where that is a path."""
    for claim in claims(adapter):
        yield claim.text
        yield claim.text.rstrip("/").rpartition("/")[2]
