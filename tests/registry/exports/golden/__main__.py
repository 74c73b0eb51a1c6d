"""Write the golden files anew."""

from __future__ import annotations

from tests.registry.exports.golden import FOLDER, recipes

for name, text in recipes():
    (FOLDER / name).write_text(text, encoding="utf-8")
