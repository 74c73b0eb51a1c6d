"""
What a licence lets people do, in the four fields that Civitai has for it.

Licences are told apart by their names, as people write them. What is not known, or not said, allows
nothing that one would have to ask for: whoever needs more reads the licence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

SELLING = ("Image", "RentCivit", "Rent", "Sell")  # as Civitai calls commercial uses


@dataclass(frozen=True, slots=True)
class Permissions:
    """What may be done with an adapter without asking."""

    no_credit: bool = False  # use it without naming its makers
    commercial: tuple[str, ...] = ()  # of SELLING
    derivatives: bool = False  # share what is made of it
    different_licence: bool = False  # … under other terms

    def within(self, other: Permissions) -> Permissions:
        """Return what both allow, where the other one's say is on commercial use alone."""
        commercial = tuple(use for use in self.commercial if use in other.commercial)
        return Permissions(self.no_credit, commercial, self.derivatives, self.different_licence)


_FREE = Permissions(no_credit=True, commercial=SELLING, derivatives=True, different_licence=True)
_CREDIT = Permissions(commercial=SELLING, derivatives=True, different_licence=True)
_CREDIT_ALIKE = Permissions(commercial=SELLING, derivatives=True)
_CREDIT_ONLY = Permissions(commercial=SELLING)
_RAIL = Permissions(no_credit=True, commercial=SELLING, derivatives=True)
_SHARED = Permissions(derivatives=True)
_NOTHING = Permissions()

# The first row whose pattern is found in the name decides: the special stands before the general.
TABLE: tuple[tuple[str, Permissions], ...] = (
    (r"\bcc.?by.?nc.?nd", _NOTHING),
    (r"\bcc.?by.?nc", _SHARED),
    (r"non.?commercial|research|not commercial", _SHARED),
    (r"\bcc.?0|unlicen[cs]e|public domain|wtfpl", _FREE),
    (r"\bcc.?by.?nd", _CREDIT_ONLY),
    (r"\bcc.?by.?sa", _CREDIT_ALIKE),
    (r"\bcc.?by", _CREDIT),
    (r"rail\+*-?m?\b|openrail", _RAIL),
    (r"fair ai public", _CREDIT_ALIKE),
    (r"apache|\bmit\b|\bbsd\b|\bisc\b", _CREDIT),
    (r"\ba?gpl|\blgpl|mozilla|\bmpl", _CREDIT_ALIKE),
    (r"llama (2|3)|gemma|qwen licen|deepseek licen|community licen", _CREDIT_ALIKE),
)


def permissions(adapter: str, base: str = "") -> Permissions:
    """
    Return what may be done with an adapter under its licence, on a base under the base's.

    Without a licence of its own, an adapter has its base's. A base whose licence is not known does
    not narrow what its adapter allows.
    """
    own, beneath = _of(adapter or base) or _NOTHING, _of(base)
    return own if beneath is None else own.within(beneath)


class Breach(StrEnum):
    """What a version's licence permits, and that of something it was made from does not."""

    DERIVATIVES = "derivatives"
    COMMERCIAL = "commercial"
    NO_CREDIT = "no_credit"
    DIFFERENT_LICENCE = "different_licence"


def breaches(own: str, theirs: str, *, base: str = "", their_base: str = "") -> tuple[Breach, ...]:
    """
    Return how what a version's licence permits goes beyond the licence of what it was made from.

    Nothing where that one's is not known: it has to be read by a person.
    """
    if _of(theirs or their_base) is None:
        return ()
    known, ours = permissions(theirs, their_base), permissions(own, base)
    found = {
        Breach.DERIVATIVES: not known.derivatives,
        Breach.COMMERCIAL: not set(ours.commercial) <= set(known.commercial),
        Breach.NO_CREDIT: ours.no_credit and not known.no_credit,
        Breach.DIFFERENT_LICENCE: known.derivatives
        and not known.different_licence
        and _row_of(own or base) not in {None, _row_of(theirs or their_base)},
    }
    return tuple(breach for breach, is_so in found.items() if is_so)


def _of(name: str) -> Permissions | None:
    row = _row_of(name)
    return None if row is None else TABLE[row][1]


def _row_of(name: str) -> int | None:
    """Return which row of the table a licence is named by, None if none knows it."""
    word = name.strip().lower()
    found = (row for row, (pattern, _) in enumerate(TABLE) if re.search(pattern, word))
    return next(found, None) if word else None
