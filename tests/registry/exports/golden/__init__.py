"""
Each runtime's recipes as people get them, a file a runtime.

`python -m tests.registry.exports.golden` writes them anew; read what has changed.
"""

from __future__ import annotations

from pathlib import Path

from registry.exports.sample_cards import INK, TALE
from registry.exports.table import recipes_for

FOLDER = Path(__file__).parent
CARDS = {"picture": INK, "text": TALE}


def written(recipe):
    """Return a recipe as text."""
    parts = [
        f"# {recipe.title}",
        f"path: {recipe.path}",
        f"download: {recipe.download_url}",
        *(f"- {sentence}" for sentence in recipe.requirements),
        f"--- usage ({recipe.language})",
        recipe.usage,
    ]
    for paste in recipe.more:
        name = f" > {paste.file_name}" if paste.file_name else ""
        parts += [f"--- {paste.title} ({paste.language}){name}", paste.text]
    return "\n".join(parts) + "\n"


def recipes():
    """Yield the name of each golden file and what belongs into it."""
    for kind, card in CARDS.items():
        for slug, recipe in recipes_for(card).items():
            yield f"{slug}-{kind}.txt", written(recipe)
