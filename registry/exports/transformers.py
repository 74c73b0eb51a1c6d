"""Transformers: `load_adapter` on the base itself, which has PEFT do it."""

from __future__ import annotations

from registry.exports import fetching, peft
from registry.exports.card import Card, Recipe

LOADING = """
model = {pipeline}.from_pretrained({base})
model.load_adapter(folder, adapter_name={name})  # and it is active
"""
ONE_WEIGHT = "It applies adapters at weight 1; to set another weight, load it with PEFT."


def write_recipe(card: Card) -> Recipe:
    pipeline = peft.pipeline_of(card)
    program = peft.fetch(card, f"from transformers import {pipeline}")
    program += LOADING.format(
        pipeline=pipeline,
        base=repr(peft.base_of(card)),
        name=repr(card.name),
    )
    weight = () if card.weight == 1 else (f"{ONE_WEIGHT} Here {card.weight:g} is the best.",)
    return Recipe(
        title="Transformers",
        path=peft.saved_at(card),
        usage=program.rstrip(),
        language="python",
        requirements=(
            "The package peft has to be installed, too.",
            *weight,
            *peft.needs_base(card),
            *fetching.notes(card),
        ),
        more=fetching.by_name(card, _by_name(card)),
    )


def _by_name(card: Card) -> str:
    revision = f"v{card.version}"
    return f'model.load_adapter({card.repo!r}, adapter_kwargs={{"revision": {revision!r}}})'
