"""What bases make, in the reader's words, and hundreds of them as a select can show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from registry.models import BaseModel

OWN = _("Your teams' own")
MODALITIES: dict[str, Any] = {
    "image": _("Picture models"),
    "video": _("Video models"),
    "text": _("Language models"),
    "multimodal": _("Models that read pictures"),
    "audio": _("Sound models"),
}


def in_groups(found: Iterable[BaseModel]) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Return the choices of a select: the teams' own bases first, then by what bases make."""
    own: list[tuple[str, str]] = []
    groups: dict[str, list[tuple[str, str]]] = {each: [] for each in MODALITIES}
    for base in found:
        mine = own if base.team_id else groups.setdefault(base.modality, [])
        mine.append((base.slug, base.title))
    named = [(MODALITIES.get(each, each), some) for each, some in groups.items() if some]
    return [(OWN, own), *named] if own else named
