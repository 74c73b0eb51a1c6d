"""What does the adapter's work: which part of the base, and which words?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from registry.checks.facts import Effect
from registry.checks.outcome import Finding

READS = "text_encoder"  # components that turn a prompt into numbers are called so, in any base
NEARLY_ALL = 0.8  # of the whole effect: nobody tells the two apart by how strong they are
STRONGER = 1.5  # times a declared word's effect; less is what another word of any kind does


def nothing_at_any_weight(effect: Effect) -> Finding:
    told = {"most": round(effect.most, 4), "highest_weight": effect.highest}
    if effect.most >= effect.visible:
        return Finding("", told)
    return Finding(
        f"Nothing that can be seen changes at any weight up to {effect.highest:g}. "
        "It was hardly trained, or its trigger words are others than those declared.",
        told,
    )


def does_something_by_parts(effect: Effect) -> bool:
    return bool(effect.parts) and effect.whole >= effect.visible


def only_how_prompts_are_read(effect: Effect) -> Finding:
    reading = {name: by for name, by in effect.parts.items() if name.startswith(READS)}
    others = {name: by for name, by in effect.parts.items() if name not in reading}
    told = _numbers(effect, effect.parts)
    if not reading or max(others.values(), default=0.0) >= effect.visible:
        return Finding("", told)
    beside = f"; its layers in the {_named(others)} do nothing" if others else ""
    return Finding(f"It only changes how the {_named(reading)} reads the prompt{beside}.", told)


def does_something_with_its_words(effect: Effect) -> bool:
    return effect.without_words is not None and effect.whole >= effect.visible


def works_without_its_words(effect: Effect) -> Finding:
    without = effect.without_words or 0.0
    told = _numbers(effect, {"without_words": without})
    if without < NEARLY_ALL * effect.whole:
        return Finding("", told)
    return Finding(
        f"Without its trigger words it changes the output as much ({without:.2f}) as with them "
        f"({effect.whole:.2f}): they are not what calls it up.",
        told,
    )


def has_words(effect: Effect) -> bool:
    return bool(effect.words)


def another_word_is_stronger(effect: Effect) -> Finding:
    told = _numbers(effect, dict(ranked(effect)))
    declared = max((effect.words.get(word, 0.0) for word in effect.declared), default=0.0)
    word, by = ranked(effect)[0]
    least = max(STRONGER * max(declared, effect.without_words or 0.0), effect.visible)
    if word in effect.declared or by < least:
        return Finding("", told)
    beside = f"those declared ({declared:.2f})" if effect.declared else "no word at all"
    return Finding(
        f"The word “{word}”, which its training captions had, calls up more ({by:.2f}) than "
        f"{beside}. It may be a trigger word.",
        told,
    )


def ranked(effect: Effect) -> list[tuple[str, float]]:
    """Return each word with its effect, the strongest first."""
    return sorted(effect.words.items(), key=lambda one: (-one[1], one[0]))


def _numbers(effect: Effect, others: Mapping[str, float]) -> dict[str, Any]:
    told = {name: round(by, 4) for name, by in others.items()}
    return {"weight": effect.weight, "whole": round(effect.whole, 4)} | told


def _named(parts: Iterable[str]) -> str:
    return " and ".join(part.replace("_", " ") for part in parts)
