"""With what a picture of the gallery was made: the hub's versions among it, and their weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from registry.errors import Invalid
from registry.formats.generation.facts import Generation, Named
from registry.models import AdapterVersion, GalleryPicture, PictureUse
from registry.queries import gallery_pictures as gallery
from registry.queries.naming import Meant
from registry.services.storable import as_json

MOST_USES = 24
LOWEST, HIGHEST = -100.0, 100.0
BY_HAND = PictureUse.Found.HAND


@dataclass(frozen=True, slots=True)
class MadeWith:
    """A version that a picture was made with, as its maker corrects it."""

    version: AdapterVersion
    weight: float | None


def with_its_own(version: AdapterVersion, meant: Sequence[Meant]) -> list[Meant]:
    """Return what is meant, each version once, with the one on whose page it was brought."""
    found: list[Meant] = []
    taken: set[object] = set()
    for one in meant:
        if one.version is not None and one.version.pk in taken:
            continue
        taken.add(one.version.pk if one.version else None)
        found.append(one)
    if not any(one.version and one.version.adapter_id == version.adapter_id for one in found):
        found.insert(0, Meant(Named(version.adapter.slug), version, BY_HAND))
    return found[:MOST_USES]


def row_of(picture: GalleryPicture, position: int, one: Meant) -> PictureUse:
    """Return the row, not yet written, of one thing that a picture was made with."""
    return PictureUse(
        picture=picture,
        position=position,
        version=one.version,
        name=one.named.name,
        hash=one.named.hash,
        weight=one.named.weight,
        found_by=one.found_by,
    )


def as_kept(generation: Generation) -> dict[str, Any]:
    """Return the rest of what a file says of how it was made, as JSON keeps it."""
    told = asdict(generation)
    del told["program"], told["adapters"]
    if told["seed"] is not None:
        told["seed"] = str(told["seed"])  # more digits than JavaScript's numbers keep
    kept: dict[str, Any] = as_json(
        {key: value for key, value in told.items() if value not in (None, "")}
    )
    return kept


def write_anew(picture: GalleryPicture, made_with: Sequence[MadeWith]) -> bool:
    """
    Write down the versions anew, and return whether that changed anything.

    :raises Invalid: if they make no sense
    """
    _refuse_uses(made_with)
    uses = gallery.uses_of(picture)
    before = {use.version_id: use for use in uses if use.version_id}
    wanted = {one.version.pk: one.weight for one in made_with}
    if {pk: use.weight for pk, use in before.items()} == wanted:
        return False
    PictureUse.objects.filter(picture=picture).delete()
    # What the hub does not know stays, and what a reviewer hid: else one could bring it back.
    stays = [use for use in uses if use.version_id is None or use.hidden_at is not None]
    left = [use for use in stays if use.version_id not in wanted]
    rows = [_corrected(before.get(one.version.pk), one) for one in made_with] + left
    for position, use in enumerate(rows[:MOST_USES]):
        use.pk, use.picture, use.position = None, picture, position
        use.save(force_insert=True)
    if hasattr(picture, "all_uses"):
        del picture.all_uses
    return True


def _corrected(before: PictureUse | None, one: MadeWith) -> PictureUse:
    weight = None if one.weight is None else round(one.weight, 4)
    if before is None:
        return PictureUse(
            version=one.version, name=one.version.adapter.slug, weight=weight, found_by=BY_HAND
        )
    before.weight = weight
    return before


def _refuse_uses(made_with: Sequence[MadeWith]) -> None:
    if not made_with:
        raise Invalid("A picture hangs with at least one version: take it down instead.")
    if len({one.version.pk for one in made_with}) != len(made_with):
        raise Invalid("A version is named twice: name each once, with its weight.")
    if len(made_with) > MOST_USES:
        raise Invalid(f"A picture is made with up to {MOST_USES} adapters here.")
    for one in made_with:
        weight = one.weight
        if weight is not None and (not math.isfinite(weight) or not LOWEST <= weight <= HIGHEST):
            raise Invalid(f"weight: a number from {LOWEST:g} to {HIGHEST:g}, not {weight:g}.")
