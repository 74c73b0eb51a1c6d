"""
Nexa SDK: one GGUF file by --lora_path for what writes, a folder by --lora_dir for what draws.

These are the switches of its command line of 2024; releases since then have none for adapters.
"""

from __future__ import annotations

from shlex import quote

from registry.exports import fetching, fitness
from registry.exports.card import Card, Paste, Recipe
from registry.exports.conversions import TEXTS
from registry.exports.prompts import example
from registry.formats.dialects import Dialect

FOLDER = "loras"
OLD = (
    "This needs a release of the SDK from 2024, whose command line has --lora_path and --lora_dir: "
    "today's takes no adapters."
)
ONE_WEIGHT = "Nexa applies adapters of texts at weight 1"


def refused(card: Card) -> str:
    """Return why it does not take the file: each of its two halves reads another kind."""
    if card.family in set(TEXTS):
        return fitness.in_gguf_alone(card)
    named = fitness.not_in(
        Dialect.PEFT, Dialect.CLONEOFSIMO, Dialect.GGUF, Dialect.XLABS, Dialect.DIFFUSERS_PEFT
    )(card)
    return named or fitness.made_by(*fitness.PLAIN)(card)


def write_recipe(card: Card) -> Recipe:
    return _for_texts(card) if card.dialect == Dialect.GGUF else _for_pictures(card)


def _for_texts(card: Card) -> Recipe:
    return Recipe(
        title="Nexa SDK",
        path=card.file_name,
        usage=f"nexa run your-base.gguf --local_path --lora_path {quote(card.file_name)}",
        language="shell",
        requirements=(
            OLD,
            f"your-base.gguf stands for {card.base_title or card.base}.",
            *_weight_note(card),
            *fetching.notes(card),
        ),
        more=(Paste("Fetch it", fetching.file(card, card.file_name), "shell"),),
    )


def _for_pictures(card: Card) -> Recipe:
    path = f"{FOLDER}/{card.stem}.safetensors"
    tag = f"<lora:{card.stem}:{card.weight:g}>"
    return Recipe(
        title="Nexa SDK",
        path=path,
        # A file of one's own is taken for a text model, unless its type is said.
        usage="nexa run your-base.gguf --local_path --model_type COMPUTER_VISION "
        f"--lora_dir {FOLDER}",
        language="shell",
        requirements=(
            OLD,
            f"your-base.gguf stands for {card.base_title or card.base}.",
            *fetching.notes(card),
        ),
        more=(
            Paste("Then the prompt", f"{example(card)} {tag}"),
            Paste("Fetch it", fetching.file(card, path), "shell"),
        ),
    )


def _weight_note(card: Card) -> tuple[str, ...]:
    return () if card.weight == 1 else (f"{ONE_WEIGHT}; here {card.weight:g} is the best.",)
