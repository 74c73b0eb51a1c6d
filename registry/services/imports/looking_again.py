"""Whether what was imported is still there, where it came from."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from registry.errors import NotFound, SourceRefused
from registry.imports.offers import Offer
from registry.imports.sources.source import Source as Place
from registry.models import AdapterVersion, Role, Source, User
from registry.queries import imports, people
from registry.services import events
from registry.services.imports import opening

Standing = Source.Standing
CHUNK = 1 << 20
PATIENCE = 10.0  # seconds that somebody waits for the answer


def look(version: AdapterVersion, *, by: User, now: datetime) -> Source:
    """
    Look where a version came from, and return its source with how it stands there.

    :raises NotFound: if it was not imported
    :raises NotAllowed: if `by` may not upload for the team
    :raises SourceRefused: if this hub may not import from there any more
    :raises SourceDown: if it does not answer now
    """
    source = imports.source_of(version)
    if source is None:
        raise NotFound(f"Version {version.number} was not imported: it was uploaded.")
    people.require(by, Role.CONTRIBUTOR, version.adapter.team, to="look where it came from")
    place = opening.opened(source.kind, source.asked, team=version.adapter.team, patience=PATIENCE)
    standing = _standing(place, source)
    with transaction.atomic():
        if standing != source.standing:
            events.record("source.changed", by=by, on=version, now=now, standing=standing.value)
        source.standing, source.looked_at = standing, now
        source.save(update_fields=["standing", "looked_at"])
    return source


def _standing(place: Place, source: Source) -> Source.Standing:
    try:
        offer = place.again(source.key)
    except SourceRefused as refusal:
        if refusal.code != "source-gone":
            raise
        offer = None
    if offer is None:
        return Standing.GONE
    sha256 = _digest(place, offer)
    is_same = not sha256 or sha256 == source.version.sha256
    return Standing.THERE if is_same else Standing.CHANGED


def _digest(place: Place, offer: Offer) -> str:
    """Return the digest of the weights as they are there now, "" where nobody says."""
    if not place.is_near:
        return offer.weights.sha256
    digest = hashlib.sha256()
    with place.open(offer.weights.place) as stream:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
