"""What does an adapter's work, as a page shows it: parts and words, each with its share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from registry.models import AdapterVersion

MOST_SHARE = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One part or word. `share` is its effect beside the strongest of its kind, of 100."""

    label: str
    effect: float
    share: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Work:
    weight: float
    parts: tuple[Bar, ...]
    words: tuple[Bar, ...]


def of_version(version: AdapterVersion) -> Work | None:
    """Return what does the version's work; None where that was not looked at."""
    told = version.effect
    if not told.get("weight"):
        return None
    parts = [(one["component"].replace("_", " "), one["effect"], "") for one in told["parts"]]
    whole = (_("the whole adapter"), told["whole"], "")
    words = [(one["word"], one["effect"], _note(one)) for one in told["words"]]
    if told.get("without_words") is not None:
        words.append((_("none of them"), told["without_words"], ""))
    return Work(
        weight=told["weight"],
        parts=_bars([*parts, whole] if len(parts) > 1 else parts),
        words=_bars(words),
    )


def _note(word: Mapping[str, Any]) -> str:
    return "" if word["declared"] else _("read in its file")


def _bars(told: Iterable[tuple[str, float, str]]) -> tuple[Bar, ...]:
    told = list(told)
    most = max((effect for _label, effect, _note in told), default=0.0) or 1.0
    return tuple(
        Bar(label, effect, round(MOST_SHARE * max(effect, 0.0) / most), note)
        for label, effect, note in told
    )
