"""
What one record says of an adapter, in our words: a value by the name of a field.

All of it is somebody else's writing and may be nonsense. So it is read by the functions here, each
of which returns what can be kept as it is (short enough, on one line, finite), or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.errors import SourceRefused
from registry.formats.quoting import shown
from registry.formats.training.reading import number, short

MOST_BYTES = 4 << 20  # of a record
MOST_LIST = 16 << 20
MOST_WORDS = 30
LONGEST_WORD = 120
LONGEST_TEXT = 20_000
HEAVIEST = 10.0

BY_FILE_NAME = "the file's name"  # the record that says least

# What may be said. Lists hold texts; weights are numbers; all else is text.
LISTS = ("tags", "trigger_words", "optional_words", "negative_words", "sample_prompts", "bases")
WEIGHTS = ("weight_low", "weight_high", "weight_default")
TEXTS = (
    *("name", "title", "description", "kind", "licence", "content_level", "label", "changes"),
    *("page_url", "sha256"),
)
FIELDS = (*TEXTS, *LISTS, *WEIGHTS)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one record says; `source` is how people call the record."""

    source: str
    says: Mapping[str, Any]
    record: Mapping[str, Any] = field(default_factory=dict)  # as it stands there


def parsed(content: bytes, *, name: str) -> dict[str, Any]:
    """
    Return the JSON object in a record.

    :raises SourceRefused: if it is too long, or no JSON object
    """
    told = _json(content, name=name, most=MOST_BYTES)
    if not isinstance(told, dict):
        raise SourceRefused(f"{shown(name)} holds no JSON object.")
    return told


def listed(content: bytes, *, name: str) -> list[Any]:
    """
    Return the JSON list in an answer.

    :raises SourceRefused: if it is too long, or no JSON list
    """
    told = _json(content, name=name, most=MOST_LIST)
    if not isinstance(told, list):
        raise SourceRefused(f"{shown(name)} answers with no list.")
    return told


def _json(content: bytes, *, name: str, most: int) -> Any:
    if len(content) > most:
        raise SourceRefused(
            f"{shown(name)} has {len(content):,} bytes; {most:,} are the most that are read."
        )
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise SourceRefused(f"{shown(name)} is no JSON that can be read.") from error


def said(**fields: Any) -> dict[str, Any]:
    """Return the fields that say something."""
    return {name: value for name, value in fields.items() if value not in (None, "", [], ())}


def part(told: Any, name: str) -> Mapping[str, Any]:
    """Return the object under `name`, an empty one if there is none."""
    value = told.get(name) if isinstance(told, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def parts(told: Any, name: str, *, most: int = 100) -> list[Mapping[str, Any]]:
    """Return the objects in the list under `name`."""
    value = told.get(name) if isinstance(told, Mapping) else None
    listed = value[:most] if isinstance(value, list) else []
    return [each for each in listed if isinstance(each, Mapping)]


def line(value: Any, *, most: int) -> str:
    """Return a text on one line, cut where it is too long."""
    return short(value, most=most)


def text(value: Any) -> str:
    """Return a text of several lines, without what no screen shows."""
    if not isinstance(value, str):
        return ""
    kept = value[:LONGEST_TEXT].replace("\r\n", "\n")
    return "".join(one for one in kept if one.isprintable() or one in "\n\t").strip()


def words(value: Any) -> list[str]:
    """Return the texts of a list, or between the commas of one text, each once."""
    listed = value if isinstance(value, list) else [value]
    found: list[str] = []
    for one in listed[: 10 * MOST_WORDS]:
        whole = short(one, most=4000)
        is_one = isinstance(value, list) and len(whole) <= LONGEST_WORD
        found += [whole] if is_one else whole.split(",")
    tidy = (word.strip().strip(",").strip() for word in found)
    return list(dict.fromkeys(word for word in tidy if 0 < len(word) <= LONGEST_WORD))[:MOST_WORDS]


def tags(value: Any) -> list[str]:
    """Return tags, in small letters, as `words` does."""
    return [word.lower() for word in words(value) if len(word) <= 40]


def weight(value: Any) -> float | None:
    """Return a weight, None for what is none: programs write 0 where nobody has said one."""
    found = number(value)
    return found if found and abs(found) <= HEAVIEST else None


def weights(default: Any, low: Any = None, high: Any = None) -> dict[str, float]:
    """Return the weights that are said. A range that makes no sense is none."""
    middle, least, most = weight(default), weight(low), weight(high)
    if least is None or most is None or least > most:
        least = most = None
    found = {"weight_default": middle, "weight_low": least, "weight_high": most}
    return {name: value for name, value in found.items() if value is not None}


def digest(value: Any) -> str:
    """Return a sha256 in small letters, "" for what is none."""
    word = short(value).lower()
    return word if len(word) == 64 and set(word) <= set("0123456789abcdef") else ""


def address(value: Any) -> str:
    """Return an address of the web that a page may lead to, "" for any other."""
    word = short(value, most=1000)
    is_one = word.startswith(("https://", "http://")) and " " not in word
    return word if is_one else ""


def first_address(values: Any) -> str:
    """Return the first address in a list, or of a text."""
    listed: Iterable[Any] = values if isinstance(values, list) else [values]
    return next(filter(None, map(address, listed)), "")
