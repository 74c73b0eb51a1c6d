"""
The sentences of the registry, so that pages and the API can say them in the reader's language.

The registry speaks English, with names and numbers filled in; who asks for no language gets it so.
Here each sentence stands once as a pattern, {0} for what is filled in, and is translated as any
other message is. What is in no pattern is shown as it is. tests/hub/wordings/test_wordings.py finds
every sentence that the registry refuses with.

A sentence may hold others: what fills a hole is looked up too, each of several sentences in a row,
and what stands behind the name of a file.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import get_language, gettext

from hub.wordings import (
    acts,
    checks,
    doors,
    evidence,
    families,
    files,
    imports,
    lineage,
    mending,
    parts,
    peft,
    pieces,
    queries,
    recipes,
    services,
)

PATTERNS = (
    *checks.SENTENCES,
    *parts.SENTENCES,
    *families.SENTENCES,
    *peft.SENTENCES,
    *files.SENTENCES,
    *queries.SENTENCES,
    *services.SENTENCES,
    *doors.SENTENCES,
    *acts.SENTENCES,
    *imports.SENTENCES,
    *mending.SENTENCES,
    *lineage.SENTENCES,
    *recipes.SENTENCES,
)
PIECES = (*pieces.SENTENCES, *recipes.REASONS)
EVIDENCE = evidence.SENTENCES  # no sentences: only ever looked up whole
_HOLE = re.compile(r"\{\d+\}")
_LONGEST = 1000  # letters; what is longer is no sentence
_NEXT = re.compile(r"(?<=[.…]) (?=[A-Z0-9“'])")  # where a sentence ends and another begins
_NAMED = re.compile(r"(?P<name>[^\s:]+\.\w+): (?P<said>.+)", re.DOTALL)


def in_words(sentence: str) -> str:
    """Return a sentence of the registry in the language that is on, or as it is."""
    said = gettext(sentence) if sentence else ""
    if said != sentence or (get_language() or "en").startswith("en") or len(said) > _LONGEST:
        return said
    return _in_words(sentence, inside=False)


def _in_words(sentence: str, *, inside: bool) -> str:
    said = gettext(sentence) if sentence else ""
    apart = taken_apart(sentence, inside=inside) if said == sentence else None
    if apart is None:
        return said
    pattern, filling = apart
    return gettext(pattern).format(*(_in_words(one, inside=True) for one in filling))


Apart = tuple[str, tuple[str, ...]]


def taken_apart(sentence: str, *, inside: bool = False) -> Apart | None:
    """
    Return the pattern of a sentence and what fills its holes; None if it has none. `inside`
    another sentence there are pieces that never stand alone.
    """
    if sentence in _known():
        return sentence, ()
    if of_a_file := _of_a_file(sentence):
        return of_a_file
    each = _NEXT.split(sentence)
    if len(each) > 1 and all(_matched(one, inside=inside) for one in each):
        return _in_a_row(each)
    found = _matched(sentence, inside=inside)
    if found is None and len(each) > 1 and any(_matched(one, inside=inside) for one in each):
        return _in_a_row(each)
    return found


def _matched(sentence: str, *, inside: bool) -> Apart | None:
    for pattern, shape in _shapes(inside=inside):
        found = shape.fullmatch(sentence)
        if found:
            return pattern, found.groups()
    return None


def _in_a_row(each: list[str]) -> Apart:
    return " ".join(f"{{{place}}}" for place in range(len(each))), tuple(each)


def _of_a_file(sentence: str) -> Apart | None:
    found = _NAMED.fullmatch(sentence)
    if found is None or taken_apart(found["said"]) is None:
        return None
    return "{0}: {1}", (found["name"], found["said"])


@cache
def _known() -> frozenset[str]:
    return frozenset(pattern for pattern in PATTERNS if not _HOLE.search(pattern))


@cache
def _shapes(*, inside: bool) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each pattern with what it matches, those that say most by themselves first."""
    known = (*PATTERNS, *PIECES) if inside else PATTERNS
    by_weight = sorted(known, key=lambda pattern: -len(_HOLE.sub("", pattern)))
    return tuple((pattern, _shape(pattern)) for pattern in by_weight)


def _shape(pattern: str) -> re.Pattern[str]:
    literals = [re.escape(part) for part in _HOLE.split(pattern)]
    return re.compile("(.*?)".join(literals), re.DOTALL)
