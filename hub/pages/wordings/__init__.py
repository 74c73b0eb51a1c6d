"""
The sentences of the registry, so that pages can say them in the reader's language.

The registry speaks English, with names and numbers filled in; programs get it so. Here each
sentence stands once as a pattern, {0} for what is filled in, and is translated as any other message
is. What is in no pattern is shown as it is. tests/hub/pages/test_wordings.py finds every sentence
that the registry refuses with.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import get_language, gettext

from hub.pages.wordings import acts, checks, imports, lineage, mending, queries, services

PATTERNS = (
    *checks.SENTENCES,
    *queries.SENTENCES,
    *services.SENTENCES,
    *acts.SENTENCES,
    *imports.SENTENCES,
    *mending.SENTENCES,
    *lineage.SENTENCES,
)
_HOLE = re.compile(r"\{\d+\}")
_LONGEST = 1000  # letters; what is longer is no sentence


def in_words(sentence: str) -> str:
    """Return a sentence of the registry in the language that is on, or as it is."""
    said = gettext(sentence) if sentence else ""
    if said != sentence or (get_language() or "en").startswith("en") or len(said) > _LONGEST:
        return said
    for pattern, shape in _shapes():
        found = shape.fullmatch(sentence)
        if found:
            return gettext(pattern).format(*(in_words(part) for part in found.groups()))
    return sentence


@cache
def _shapes() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each pattern with what it matches, those that say most by themselves first."""
    by_weight = sorted(PATTERNS, key=lambda pattern: -len(_HOLE.sub("", pattern)))
    return tuple((pattern, _shape(pattern)) for pattern in by_weight)


def _shape(pattern: str) -> re.Pattern[str]:
    literals = [re.escape(part) for part in _HOLE.split(pattern)]
    return re.compile("(.*?)".join(literals), re.DOTALL)
