"""
What a README.md says at its head: the YAML by which a model card tells programs what it is about.

Whoever trains an adapter writes it, or their tool does. It is the word of people, and read like all
that is uploaded: a bounded piece of it, by a loader that makes nothing but plain values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from registry.formats.errors import BadReadme

MAX_BYTES = 1 << 20
MAX_HEAD = 64 << 10
MOST_WORDS = 30
_TO_BE_FILLED_IN = "[More Information Needed]"  # as the Hub's empty form of a card has it
MOST_GAPS = 10  # of a text that anybody has written
_HEAD = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(.*?)(?:^---[ \t]*\r?$|\Z)\n?", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Readme:
    """A model card. What it does not say is empty."""

    body: str = ""  # Markdown
    title: str = ""
    bases: tuple[str, ...] = ()  # what it calls the base, in its order
    tags: tuple[str, ...] = ()
    licence: str = ""
    trigger_words: tuple[str, ...] = ()


def read_readme(text: str) -> Readme:
    """
    Return what a README.md says.

    :raises BadReadme: if what stands at its head is no YAML, or not a list of names and values
    """
    head, body = _taken_apart(text)
    fields = _fields(head)
    return Readme(
        body="" if body.count(_TO_BE_FILLED_IN) >= MOST_GAPS else body.strip(),
        title=_text(fields.get("model_name"), longest=120),
        bases=tuple(_texts(fields.get("base_model"), longest=300)),
        tags=tuple(_texts(fields.get("tags"), longest=40)),
        licence=_licence(fields),
        trigger_words=tuple(_words(fields.get("instance_prompt"))),
    )


def _taken_apart(text: str) -> tuple[str, str]:
    """Return the YAML at the head of the text, "" if there is none, and what follows it."""
    found = _HEAD.match(text)
    if not found:
        return "", text.removeprefix("\ufeff")
    return found[1], text[found.end() :]


def _fields(head: str) -> Mapping[str, Any]:
    if len(head) > MAX_HEAD:
        raise BadReadme(
            f"The YAML at the head of README.md has {len(head):,} characters; {MAX_HEAD:,} are the "
            "most that are read. Move what is no metadata below it."
        )
    try:
        fields = yaml.safe_load(head)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BadReadme(
            f"The YAML at the head of README.md cannot be read{_where(error)}: mend it, or leave "
            "it out."
        ) from error
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        raise BadReadme(
            "The YAML at the head of README.md is no list of names and values: write lines such as "
            "`base_model: stabilityai/stable-diffusion-xl-base-1.0`."
        )
    return fields


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f" (line {mark.line + 2})" if mark else ""  # the line of three hyphens counts too


def _text(value: Any, *, longest: int) -> str:
    """Return a value as one line of text, "" if it is none, or longer than anyone would mean."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = " ".join(str(value).replace("\0", "").split())
    return text if len(text) <= longest else ""


def _texts(value: Any, *, longest: int) -> Iterator[str]:
    """Yield the texts of a value that may be one, or a list of them."""
    values = value if isinstance(value, list) else [value]
    texts = (_text(one, longest=longest) for one in values[:MOST_WORDS])
    yield from dict.fromkeys(text for text in texts if text)


def _words(value: Any) -> Iterator[str]:
    """Yield trigger words; one text may hold several, with commas between them."""
    for text in _texts(value, longest=1000):
        words = (word.strip() for word in text.split(","))
        yield from [word for word in words if 0 < len(word) <= 120][:MOST_WORDS]


def _licence(fields: Mapping[str, Any]) -> str:
    named = ", ".join(_texts(fields.get("license"), longest=120))
    if named in {"", "other"}:
        named = _text(fields.get("license_name"), longest=120) or named
    return named[:120]
