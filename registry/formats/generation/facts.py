"""What is known of how a picture was made, and how strangers' values become facts."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_PROMPT = 10_000  # letters
MAX_WORD = 200
MAX_ADAPTERS = 24
MAX_SIDE = 65_535
MAX_SEED = 2**64 - 1
MAX_STEPS = 10_000
MAX_GUIDANCE = 1_000.0
MAX_WEIGHT = 100.0
MAX_DEPTH = 60  # brackets within brackets
_HEX = re.compile(r"(?:0x)?([0-9a-f]{8,64})", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# A string that never ends is taken whole and nothing is given back: a million quotes that were each
# looked after to the end would keep a web process busy for hours.
_BRACKET = re.compile(r'"(?:\\.|[^"\\])*+"?|[\[{]|[\]}]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Named:
    """An adapter, as the picture's program calls it; weight None where it does not say."""

    name: str
    weight: float | None = None
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Generation:
    """How a picture was made. What was not said is empty, or None."""

    program: str
    prompt: str = ""
    negative: str = ""
    seed: int | None = None
    steps: int | None = None
    guidance: float | None = None
    sampler: str = ""
    width: int | None = None
    height: int | None = None
    base: str = ""  # as the program calls it
    adapters: tuple[Named, ...] = ()

    @property
    def says_something(self) -> bool:
        return bool(self.prompt or self.adapters or self.seed is not None)


def text(value: Any, most: int = MAX_PROMPT) -> str:
    """Return a text as it is kept: "" for what is none, without what no screen shows."""
    if not isinstance(value, str):
        return ""
    return _UNSEEN.sub("", value.replace("\r\n", "\n")).strip()[:most]


def word(value: Any) -> str:
    """Return a text on one line."""
    return " ".join(text(value, MAX_WORD * 2).split())[:MAX_WORD]


def whole(value: Any, most: int, least: int = 0) -> int | None:
    """Return a whole number within bounds, of a number or of digits; else None."""
    number = real(value, float(most)) if not isinstance(value, int) else value
    if isinstance(value, str) and value.strip().isdecimal() and len(value) <= 20:
        number = int(value)  # a seed has more digits than a float keeps
    if number is None or isinstance(number, bool) or number != int(number):
        return None
    return int(number) if least <= number <= most else None


def real(value: Any, most: float) -> float | None:
    """Return a number of at most so much either way, of a number or of its text; else None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value[:40] if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) <= most else None


def weight(value: Any) -> float | None:
    number = real(value, MAX_WEIGHT)
    return None if number is None else round(number, 4)


def hash_of(value: Any) -> str:
    """Return a hash in small letters, "" for what is none."""
    match = _HEX.fullmatch(value.strip()) if isinstance(value, str) else None
    return match[1].lower() if match else ""


def named(name: Any, weight_said: Any = None, hash_said: Any = "") -> Named | None:
    """Return an adapter, None where it has neither a name nor a hash."""
    called = stem(word(name))
    digest = hash_of(hash_said)
    if not called and not digest:
        return None
    return Named(called or digest, weight(weight_said), digest)


def stem(name: str) -> str:
    """Return the name of a file less its folders and ending, whatever system wrote it."""
    last = name.replace("\\", "/").rpartition("/")[2]
    for ending in (".safetensors", ".ckpt", ".pt", ".bin", ".gguf"):
        if last.lower().endswith(ending):
            return last[: -len(ending)]
    return last


def each_once(adapters: Sequence[Named | None]) -> tuple[Named, ...]:
    """Return the adapters in order, each by name once; a later one adds what an earlier lacks."""
    found: dict[str, Named] = {}
    for one in adapters:
        if one is None:
            continue
        before = found.get(one.name.lower())
        if before is not None:
            one = Named(  # noqa: PLW2901  both are one adapter
                before.name,
                before.weight if before.weight is not None else one.weight,
                before.hash or one.hash,
            )
        found[one.name.lower()] = one
    return tuple(found.values())[:MAX_ADAPTERS]


def json_object(source: str | None) -> Mapping[str, Any] | None:
    """Return a JSON object, None for anything else, and for what is nested too deep."""
    if not source or not source.lstrip().startswith("{") or _too_deep(source):
        return None
    try:
        found = json.loads(source, parse_constant=_no_number, parse_int=_int)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _too_deep(source: str) -> bool:
    depth = deepest = 0
    for match in _BRACKET.finditer(source):
        bracket = match[0]
        if bracket in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif bracket in "]}":
            depth -= 1
    return deepest > MAX_DEPTH


def _no_number(_: str) -> None:
    """NaN and Infinity are no JSON, and ComfyUI writes them: nothing is known then."""


def _int(digits: str) -> int | None:
    return int(digits) if len(digits) <= 25 else None
