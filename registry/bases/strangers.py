"""
Files that name a base which the library has not: then layers that another has prove little.

BART's layers are called as Whisper's, and as wide; but who trains all of BART has half of Whisper.
So where the configuration names a base that nobody here knows, and the bases which have all the
layers have many more of the kind, it is the file that is believed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from registry.bases import catalogue
from registry.bases.claims import IN_CONFIG, claims
from registry.bases.fit import Fit
from registry.bases.nearness import coverages
from registry.formats.adapter import AdapterFile
from registry.formats.families import Detection, Family
from registry.formats.quoting import shown

NEARLY_ALL = 0.9  # of a base's layers of the kinds that a file has
# Names of their layers prove nothing: BART's and its like are the same.
NAMED_LIKE_STRANGERS = frozenset({Family.WHISPER})
# A repository; a path on somebody's disk names nothing.
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[\w.-]{1,96}")


def stranger(adapter: AdapterFile, fits: Sequence[Fit]) -> str:
    """
    Return the base that a file names and that is not the library's, "" if it names none such.

    `fits` are the library's bases that have all its layers, the likeliest first.
    """
    told = claims(adapter)
    if set(adapter.components) != {"model"} or any(claim.base for claim in told):
        return ""
    named = (claim.text for claim in told if claim.source in IN_CONFIG)
    name = next((text for text in named if _REPOSITORY.fullmatch(text)), "")
    likeliest = catalogue.manifest(fits[0].base) if name and fits else None
    if likeliest and coverages(adapter, [likeliest])[0] < NEARLY_ALL:
        return name
    return ""


def of_stranger(detection: Detection, name: str) -> Detection:
    """Return that the family is unknown, and why."""
    reason = f"It names {shown(name)} as its base, which is not in the library."
    return replace(detection, family=Family.UNKNOWN, variant="", decided_by="", reason=reason)
