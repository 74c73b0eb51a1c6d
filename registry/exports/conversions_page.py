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


DOWNLOADS = """## As downloads

`GET …/versions/{n}/download?layout=&dtype=&bake=&strip=` gives a version so
([the API](api.md#in-another-layout-and-with-what-lies-beside-it)); its page has them under
“Download as”. A worker writes it once; who asks meanwhile waits for the same file. What diffusers
does not read as it is, is written in its layout when it is published.

`bake=1` writes into the header what the hub knows: `modelspec.title`, `.author`, `.trigger_phrase`,
`.usage_hint`, `.lora_default_weight`; where the original does not say them,
`modelspec.architecture`, `.implementation`, `ss_base_model_version` and `ss_v2`; and
`loradex.name`, `.version`, `.base`, `.trigger_words`, `.weight`, `.weight_low`, `.weight_high` and
`.source_sha256`, the original's. Files in another layout have that unless `strip=1` is asked for.
In GGUF it is `general.name`, `general.description` and `loradex.*`. The tensors stay as they are:
with nothing else asked for, byte for byte, so the version is still found by its AutoV3.

`strip=1` keeps of the header what a reader needs (`ss_network_*`, `ss_base_model_version`,
`modelspec.architecture` and its kin, `lora_adapter_metadata`, hashes of the tensors) and leaves out
all else: paths, captions, settings, thumbnails. Of adapter_config.json the base's name goes where
it is a folder and no repository.
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
            DOWNLOADS,
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
