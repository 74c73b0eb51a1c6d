"""
Metadata, asked for one fact at a time.

A place is a key, or a way into the JSON under one: `ot_config/unet/learning_rate`. The root
`adapter_config` is PEFT's configuration beside the weights. All of it is the uploader's word and
may be nonsense, so what cannot be read is None, never an error.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

MAX_JSON = 4 * 1024 * 1024
MAX_SHORT = 200
MAX_LONG = 2000
CONFIG = "adapter_config"
_SILENT = {"", "none", "null", "nan", "unknown", "(unknown)"}


class Found(NamedTuple):
    value: Any
    place: str


class Reading:
    """The metadata of one file; JSON in it is parsed once."""

    def __init__(self, metadata: Mapping[str, str], config: Mapping[str, Any]) -> None:
        self.metadata = metadata
        self._parsed: dict[str, Any] = {CONFIG: config}

    def at(self, place: str) -> Any:
        """Return what stands at `place`, None if nothing does."""
        key, _, way = place.partition("/")
        if not way and key != CONFIG:
            return self.metadata.get(key)
        value = self.json(key)
        for step in way.split("/"):
            value = value.get(step) if isinstance(value, Mapping) else None
        return value

    def first(self, places: tuple[str, ...], read: Callable[[Any], Any]) -> Found | None:
        """Return the first of `places` that `read` can make something of."""
        for place in places:
            value = self.at(place)
            if value is not None and (fact := read(value)) not in (None, ""):
                return Found(fact, place)
        return None

    def json(self, key: str) -> Any:
        """Return the JSON under `key`, None if there is none."""
        if key not in self._parsed:
            self._parsed[key] = _parsed(self.metadata.get(key, ""))
        return self._parsed[key]

    def table(self, key: str) -> Mapping[str, Any]:
        """Return the JSON object under `key`, an empty one if there is none."""
        value = self.json(key)
        return value if isinstance(value, Mapping) else {}

    def tables(self, key: str) -> list[Mapping[str, Any]]:
        """Return the JSON objects in the list under `key`."""
        value = self.json(key)
        return [each for each in value if isinstance(each, Mapping)] if _is_list(value) else []


def _parsed(text: str) -> Any:
    if not text or len(text) > MAX_JSON:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


# --- what a value says -----------------------------------------------------------------------


def short(value: Any, *, most: int = MAX_SHORT) -> str:
    """Return the text on one line and not too long; "" for what is no text, or says nothing."""
    if not isinstance(value, str):
        return ""
    value = value[: 10 * most]
    if not value.isprintable():
        value = "".join(each if each.isprintable() else " " for each in value)
    value = " ".join(value.split())[:most].rstrip()
    return "" if value.lower() in _SILENT else value


def long(value: Any) -> str:
    return short(value, most=MAX_LONG)


def lower(value: Any) -> str:
    return short(value).lower()


def number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = float(str(value)[:40])
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def whole(value: Any) -> int | None:
    found = number(value)
    return int(found) if found is not None and found == int(found) else None


def positive(value: Any) -> int | None:
    found = whole(value)
    return found if found and found > 0 else None


def amount(value: Any) -> float | None:
    """Return a number, or 1 for a yes; None for a zero and a no, which switch an option off."""
    if isinstance(value, bool) or lower(value) in {"true", "false"}:
        return 1.0 if str(value).lower() == "true" else None
    return number(value) or None


def first_number(value: Any) -> float | None:
    """Return a number, or the first of a list of numbers, as a trainer with two encoders writes."""
    found = number(value)
    if found is not None:
        return found
    words = re.findall(r"[-+0-9.eE]+", short(value)) if isinstance(value, str) else value
    return number(words[0]) if isinstance(words, list) and words else None


def size(value: Any) -> tuple[int, int] | None:
    """Return width and height of `(1024, 768)`, `1024x768` or `512`."""
    numbers = [int(each) for each in re.findall(r"\d{1,6}", str(value)[:100])]
    if not numbers or not isinstance(value, str | int | list):
        return None
    return numbers[0], numbers[1] if len(numbers) > 1 else numbers[0]


def moment(value: Any) -> datetime | None:
    stamp = number(value)
    if stamp is None or not 0 < stamp < 32_503_680_000:  # The year 3000.
        return None
    return datetime.fromtimestamp(stamp, tz=UTC)


def class_name(value: Any) -> str:
    """Return `AdamW8bit` of `bitsandbytes.optim.adamw.AdamW8bit(weight_decay=0.1)`."""
    return short(value).partition("(")[0].rpartition(".")[2]


def digest(value: Any) -> str:
    """Return a hash in lower-case hex, without the 0x that ModelSpec puts before it."""
    return lower(value).removeprefix("0x")


def file_name(value: Any) -> str:
    """Return a base's name without the folders of somebody's machine; a repo id stays whole."""
    name = short(value, most=MAX_LONG)
    is_path = name.startswith(("/", "~", ".")) or "\\" in name or re.match(r"[A-Za-z]:", name)
    if is_path or name.count("/") > 1 or name.endswith((".safetensors", ".ckpt", ".gguf")):
        name = re.split(r"[\\/]", name.rstrip("\\/"))[-1]
    return name[:MAX_SHORT]
