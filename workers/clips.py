"""The CLIP that this worker holds pictures against their prompts by, if its operator names one."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings

from registry.errors import Unavailable
from registry.services import bases, fetching
from workers import places

logger = logging.getLogger(__name__)

INDEX = "config.json"
_found: dict[str, dict[str, str]] = {}  # by address: it is looked for once


def fields() -> dict[str, Any]:
    """Return what the engine is told of it; {} where there is none, which is logged."""
    at = settings.CLIP
    if not at:
        return {}
    if at not in _found:
        try:
            _found[at] = _look(at)
        except (Unavailable, ValueError) as error:
            logger.warning("%s Pictures are not held against their prompts.", error)
            return {}
    return {"clip": _found[at]}


def _look(at: str) -> dict[str, str]:
    is_fetched = fetching.is_fetched(at)
    folder = (
        fetching.bring_from(at, into="clip", title="the CLIP")
        if is_fetched
        else bases.folder_at(at)
    )
    if folder is None or not (folder / INDEX).is_file():
        raise Unavailable(f"CLIP names {at}, where no {INDEX} of a CLIP is.")
    return {"folder": str(folder), "digest": places.digest_of(folder)}
