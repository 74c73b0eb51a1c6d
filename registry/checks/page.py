"""
The page of docs/ that says what is checked. `python -m registry.checks.page` writes it anew, and
a test holds it against the tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from registry.checks.outcome import Check
from registry.checks.table import (
    ARRIVAL_CHECKS,
    CONTENT_CHECKS,
    EFFECT_CHECKS,
    HEADER_CHECKS,
    TRIAL_CHECKS,
)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "checks.md"

OPENING = """# What is checked

Made from the tables in `registry/checks/table.py` by `python -m registry.checks.page`; do not edit.
*rejected* means that a version for which the claim is false cannot be published; *warned* means
that its page says so. Each result has a sentence that names what was found; a report leaves out
what nobody could see of a version, such as what trigger words do where it has none.

Load proof has three levels, always named: **fits** (names and shapes against the base's layers),
**loads** (the real loader on a skeleton of the base, without weights: diffusers' for pictures, PEFT
for models of transformers) and **renders** (loaded on the real weights, and the effect seen).
"""

PARTS: tuple[tuple[str, Iterable[Check[Any]]], ...] = (
    ("When a file has arrived", ARRIVAL_CHECKS),
    ("By the header, before the weights have travelled", HEADER_CHECKS),
    ("By the numbers in the file", CONTENT_CHECKS),
    ("On the base", TRIAL_CHECKS),
    ("By what it does there", EFFECT_CHECKS),
)


def write_page() -> str:
    """Return the page as Markdown."""
    parts = [OPENING]
    for title, checks in PARTS:
        rows = "\n".join(f"| `{one.code}` | {one.claim} | {one.if_false.value} |" for one in checks)
        parts.append(f"## {title}\n\n| check | claim | if false |\n|---|---|---|\n{rows}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
