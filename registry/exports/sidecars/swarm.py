"""SwarmUI: `.swarm.json`, the keys of modelspec as a header would have them."""

from __future__ import annotations

from typing import Any

from registry.exports import headers
from registry.exports.sidecars.particulars import Particulars


def write(told: Particulars) -> dict[str, Any]:
    fields = headers.baked(told.card, layout=told.card.dialect, said={})
    known = {key: value for key, value in fields.items() if key.startswith("modelspec.")}
    more = {
        "modelspec.description": told.description,
        "modelspec.date": told.at.date().isoformat(),
        "modelspec.license": told.licence,
        "modelspec.tags": ", ".join(told.tags),
    }
    return known | {key: value for key, value in more.items() if value}
