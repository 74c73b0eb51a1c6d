"""
PEFT: a program that fetches the folder, puts the adapter on its base and sets its weight.

Whatever the base is (text, sound, text from pictures), its own class of transformers loads it.
"""

from __future__ import annotations

from registry.exports import fetching
from registry.exports.card import PEFT_CONFIG, PEFT_WEIGHTS, Card, Paste, Recipe

LOADING = """
base = {pipeline}.from_pretrained({base})
model = PeftModel.from_pretrained(base, folder)
"""

SCALING = """\
for layer in model.modules():
    if hasattr(layer, "set_scale"):
        layer.set_scale("default", {weight})
"""


def write_recipe(card: Card) -> Recipe:
    pipeline = pipeline_of(card)
    program = fetch(card, "from peft import PeftModel", f"from transformers import {pipeline}")
    program += LOADING.format(pipeline=pipeline, base=repr(base_of(card)))
    if card.weight != 1:
        program += SCALING.format(weight=f"{card.weight:g}")
    return Recipe(
        title="PEFT",
        path=saved_at(card),
        usage=program.rstrip(),
        language="python",
        requirements=(*needs_base(card), *fetching.notes(card)),
        more=(
            *fetching.by_name(card, _by_name(card)),
            Paste("Or fetch the folder alone", fetching.folder(card, card.folder), "shell"),
        ),
    )


def _by_name(card: Card) -> str:
    revision = f"v{card.version}"
    return (
        f"model = PeftModel.from_pretrained(base, {card.repo!r}, revision={revision!r})  "
        "# without revision: the newest"
    )


def fetch(card: Card, *imports: str) -> str:
    """Return the part of a program that leaves the place of the two files in `folder`."""
    if not card.layout:
        client = "from huggingface_hub import snapshot_download"
        return "\n".join(("import os", "", client, *imports, "", fetching.folder_by_name(card)))
    files = [(f"{card.folder}/{name}", card.file_url(name)) for name in (PEFT_CONFIG, PEFT_WEIGHTS)]
    place = f"folder = {card.folder!r}\n"
    return "\n".join((fetching.IMPORTS, *imports, "", fetching.python(files) + place))


def saved_at(card: Card) -> str:
    """Return where the program saves the weights; "" where the Hub's client finds a place."""
    return f"{card.folder}/{PEFT_WEIGHTS}" if card.layout else ""


def pipeline_of(card: Card) -> str:
    """Return the class of transformers that loads the base."""
    return card.pipeline if card.pipeline.isidentifier() else "AutoModelForCausalLM"


def base_of(card: Card) -> str:
    """Return where the base is to be had: its repository, or what its user puts there."""
    return card.base_here or card.base_repo or "path/to/the/base"


def needs_base(card: Card) -> tuple[str, ...]:
    if card.base_here or card.base_repo:
        return ()
    return (f"Write where you keep {card.base_title or card.base} in place of path/to/the/base.",)
