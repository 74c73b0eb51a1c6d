"""
The models that this worker looks at pictures with, if its operator names any.

A CLIP says how well they fit their prompts, VGG16 how far they are apart by its features. What is
named and is not there is logged, and done without. A worker looks for each once: to change one,
restart it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from registry.errors import Unavailable
from registry.services import bases, fetching
from workers import places

logger = logging.getLogger(__name__)

INDEX = "config.json"
SAFE = ".safetensors"
_found: dict[tuple[str, str], dict[str, str]] = {}  # by setting and address


def fields() -> dict[str, Any]:
    """Return what the engine is told of them; {} where there are none."""
    clip = _told("clip", settings.CLIP, _clip_at, "Pictures are not held against their prompts.")
    vgg = _told("vgg", settings.VGG, _vgg_at, "Pictures are not compared by VGG features.")
    return clip | vgg


def _told(
    name: str, at: str, look: Callable[[str], dict[str, str]], instead: str
) -> dict[str, Any]:
    if not at:
        return {}
    if (name, at) not in _found:
        try:
            _found[name, at] = look(at)
        except (Unavailable, ValueError) as error:
            logger.warning("%s %s", error, instead)
            return {}
    return {name: _found[name, at]}


def _clip_at(at: str) -> dict[str, str]:
    is_fetched = fetching.is_fetched(at)
    folder = (
        fetching.bring_from(at, into="clip", title="the CLIP")
        if is_fetched
        else bases.folder_at(at)
    )
    if folder is None or not (folder / INDEX).is_file():
        raise Unavailable(f"CLIP names {at}, where no {INDEX} of a CLIP is.")
    return {"folder": str(folder), "digest": places.digest_of(folder)}


def _vgg_at(at: str) -> dict[str, str]:
    file = Path(settings.BASES_AT) / at
    if file.suffix != SAFE or not file.is_file():
        raise Unavailable(f"VGG names {at}, which is no {SAFE} file that is there.")
    with file.open("rb") as opened:
        return {"file": str(file), "digest": hashlib.file_digest(opened, "sha256").hexdigest()}
