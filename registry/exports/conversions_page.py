"""
The page of docs/ that says what is converted. `python -m registry.exports.conversions_page` writes
it anew, and a test holds it against the table.
"""

from __future__ import annotations

from pathlib import Path

from registry.exports.conversions import ALGORITHMS, OFFERS, REFUSALS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "conversions.md"

OPENING = """# Conversions

Made from the tables in `registry/exports/conversions.py` by
`python -m registry.exports.conversions_page`; do not edit.

Layers are found by the base's manifest, so every naming that we read is read for every layout.
What was written is read again by the readers that uploads go through, and the change of each layer
is held against the original's: ‖out − in‖ / ‖in‖. For what is lossless it may be 1e-5 in fp32, 1e-3
in fp16 and 8e-3 in bf16 at most; for what is shrunk, so much more than the singular values left out
explain. Nothing that fails this is offered, and each file comes with its worst error and with a
sentence for whatever was left out or changed its form.

`python -m workers.engine.converting FILE --to diffusers --base sdxl-1-0 -o FOLDER` does the same on
a command line.
"""


UNASKED = """Where neither a rank nor an energy is asked for, shrinking keeps 0.9999 of the square
of each change, an error of one in a hundred at most.
"""


def write_page() -> str:
    """Return the page as Markdown."""
    offers = "\n".join(
        f"| **{offer.title}** (`{offer.layout}`) | "
        f"{', '.join(offer.families) or 'all'} | {offer.files} | {offer.exactness} | "
        f"{offer.read_by} |"
        for offer in OFFERS
    )
    algorithms = "\n".join(f"| {name} | {what} |" for name, what in ALGORITHMS.items())
    refusals = "\n".join(f"| {one.what} | {one.why} |" for one in REFUSALS)
    return "\n".join(
        (
            OPENING,
            "## What is offered\n",
            "| layout | families | files | exactness | read by |\n|---|---|---|---|---|",
            f"{offers}\n",
            "## What becomes of each algorithm\n",
            f"| algorithm | in another layout |\n|---|---|\n{algorithms}\n",
            UNASKED,
            "## What is refused\n",
            f"| what | why |\n|---|---|\n{refusals}\n",
        )
    )


if __name__ == "__main__":
    PAGE.write_text(write_page(), encoding="utf-8")
