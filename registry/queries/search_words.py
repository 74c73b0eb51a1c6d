"""
Words, as they are searched: cut up in the same way where they are kept and where they are asked.

PostgreSQL's own parsers find words by the spaces between them, and Chinese, Japanese, Korean and
Thai have none. So texts are cut up here: what is written with spaces into words, the rest into
pairs of neighbouring characters. Case, width and accents do not matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

MOST_TEXT = 20_000  # characters of one text that are kept
MOST_TERMS = 16  # of what is asked
LAST_PLACE = 16_383  # in a tsvector
_LONGEST = 80  # characters of a word
_APART = 8  # places between two texts: no phrase reaches from one into the next
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_RUN = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_IS_UNSPACED = re.compile(rf"[{_UNSPACED}]")


def vector(texts: Iterable[tuple[str, str]]) -> str:
    """Return texts, each with its weight ("A" counts most, "D" least), as a tsvector is written."""
    places: dict[str, dict[int, str]] = {}
    start = 1
    for weight, text in texts:
        words = _words(plain(text[:MOST_TEXT]))
        for place, word in enumerate(words, start):
            places.setdefault(word, {}).setdefault(min(place, LAST_PLACE), weight)
        start += len(words) + _APART
    return " ".join(
        f"'{word}':{','.join(f'{at}{weight}' for at, weight in found.items())}"
        for word, found in places.items()
    )


def query(text: str) -> str:
    """Return what somebody types as a tsquery is written; "" if there is no word in it."""
    terms = [_term(run) for run in _RUN.findall(plain(text))]
    return " & ".join(terms[:MOST_TERMS])


def plain(text: str) -> str:
    """Return the text without what makes no difference: case, width and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(each for each in apart if unicodedata.category(each) != "Mn")
    return unicodedata.normalize("NFC", kept)


def _words(text: str) -> list[str]:
    return [word for run in _RUN.findall(text) for word in _pieces(run)]


def _pieces(run: str) -> Sequence[str]:
    if not _IS_UNSPACED.match(run):
        return [run[:_LONGEST]]
    # The last character stands alone, so that every character begins a piece.
    return [run[at : at + 2] for at in range(len(run))]


def _term(run: str) -> str:
    """Return what finds a word that begins so, or these characters one after the other."""
    if len(run) == 1 or not _IS_UNSPACED.match(run):
        return f"'{run[:_LONGEST]}':*"
    pairs = [run[at : at + 2] for at in range(len(run) - 1)][:MOST_TERMS]
    return "(" + " <-> ".join(f"'{pair}'" for pair in pairs) + ")"
