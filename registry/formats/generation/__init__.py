"""
How a picture was made, out of what its program wrote into it.

What is read are texts that anybody may have written: each is bounded, nothing of it is believed
beyond its shape, and whatever makes no sense is left out. `read` is the one way in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from registry.formats.generation import comfyui, fooocus, invokeai, swarmui, webui
from registry.formats.generation.facts import Generation

MAX_TEXT = 4 * 2**20  # letters of one text; a ComfyUI workflow seldom has more than a tenth of it

Reader = Callable[[Mapping[str, str]], Generation | None]

# The most telling first: what writes JSON of its own before what writes plain lines, and ComfyUI
# last, since other programs leave a graph beside their own words.
READERS: tuple[Reader, ...] = (
    swarmui.read,
    fooocus.read,
    invokeai.read,
    webui.read,
    comfyui.read,
)


def read(texts: Mapping[str, str]) -> Generation | None:
    """
    Return how a picture was made, None where nothing is said of it.

    `texts` are a PNG's text chunks by their keyword, and what EXIF says under `UserComment`,
    `ImageDescription`, `Make` and `Model`.
    """
    sound = {key: text for key, text in texts.items() if text and len(text) <= MAX_TEXT}
    for reader in READERS:
        found = reader(sound)
        if found is not None:
            return found
    return None
