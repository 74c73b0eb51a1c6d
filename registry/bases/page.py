"""
The page of docs/ that lists the bases. `python -m registry.bases.page` writes it anew, and a test
holds it against the catalogue.
"""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from pathlib import Path

from registry.bases import catalogue
from registry.bases.catalogue import Entry

PAGE = Path(__file__).resolve().parents[2] / "docs" / "bases.md"

OPENING = """# Bases that files are read against

Made from the folders in `bases/` by `python -m registry.bases.page`; do not edit. A team adds its
own in the site or by `POST /api/bases`.

A base of the same **family** has layers of the same names; the verdict on a file names the family,
the tensor that shows it, and which of these bases have all of its layers. *Children* share every
layer with their parent and have other weights, so nothing in the shapes tells them apart. A base in
parentheses was laid out from a configuration that nobody could hold against the published one.
"""
MODALITIES = {
    "image": "Pictures",
    "video": "Video",
    "text": "Text",
    "multimodal": "Text from pictures",
    "audio": "Sound",
}


def write_page() -> str:
    """Return the page as Markdown."""
    parts = [OPENING]
    entries = catalogue.entries()
    for modality, title in MODALITIES.items():
        mine = sorted((each for each in entries if each.modality == modality), key=_in_order)
        rows = [_row(family, list(some)) for family, some in groupby(mine, attrgetter("family"))]
        table = "\n".join(rows)
        parts.append(f"## {title}\n\n| family | bases | children |\n|---|---|---|\n{table}\n")
    return "\n".join(parts)


def _in_order(entry: Entry) -> tuple[str, str]:
    return entry.family, entry.slug


def _row(family: str, entries: list[Entry]) -> str:
    own = ", ".join(_shown(each) for each in entries if not each.parent)
    children = ", ".join(_shown(each) for each in entries if each.parent)
    return f"| `{family}` | {own} | {children} |"


def _shown(entry: Entry) -> str:
    return entry.title if entry.verified else f"({entry.title})"


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
