"""The prompt that a recipe shows: the base's own scene with the trigger words, or those alone."""

from __future__ import annotations

from registry.exports.card import Card

TRIGGER = "{trigger}"


def example(card: Card) -> str:
    """Return a prompt that an adapter can be tried with."""
    words = ", ".join(card.trigger_words)
    if not card.scene:
        return words or "your prompt"
    if TRIGGER in card.scene:
        return " ".join(card.scene.replace(TRIGGER, words).split()).strip(" ,")
    return f"{words}, {card.scene}" if words else card.scene
