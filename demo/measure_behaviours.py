"""Renders the adapters of known behaviour at many weights, and keeps what was measured of them.

    python -m demo.measure_behaviours --output tests/registry/sweeps/measured \\
        --sheets docs/images/curves [--only low-tide ...]

The figures are what the tests of the curve read, so that these need no torch; the sheets are what
a person looked at to say what is right (tests/registry/sweeps/known.py, docs/curves.md).
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from registry.bases import catalogue
from registry.sweeps.plan import Scene, write_prompt
from workers import sheets
from workers.engine.adapter_files import AdapterSource
from workers.engine.bases import Base, Bases, BaseSource
from workers.engine.devices import choose
from workers.engine.sweeping import Row, sweep

HOME = Path(__file__).parent
WEIGHTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0)
SEEDS = 2  # a scene
DIGITS = 4
SHOWN = 72  # pixels of a cell's side on a sheet in the documentation


def folders() -> dict[str, Path]:
    """Return every folder with a card of a sound or odd adapter, by name."""
    cards = sorted([*HOME.glob("adapters/*/card.json"), *HOME.glob("behaviours/*/card.json")])
    return {
        card.parent.name: card.parent
        for card in cards
        if json.loads(card.read_text("utf-8"))["expected"] == "published"
    }


def files() -> dict[str, Path]:
    """Return every file to be measured: one an adapter, or each training step of it."""
    found = {}
    for name, folder in folders().items():
        weights = sorted(folder.glob("*.safetensors"))
        found |= {file.stem if len(weights) > 1 else name: file for file in weights}
    return found


def load_base() -> Base:
    folder = HOME / "base"
    source = BaseSource("shapes", "StableDiffusionPipeline", folder, folder, "shapes")
    return Bases(choose("cpu")).load(source)


def rows_of(card: dict[str, Any]) -> list[Row]:
    """Return each scene of the base with the adapter's words, over all weights, seed by seed."""
    weights = WEIGHTS
    if card["kind"] == "slider":
        weights = tuple(sorted({*WEIGHTS, *(-weight for weight in WEIGHTS)}))
    shapes = next(entry for entry in catalogue.entries() if entry.slug == "shapes")
    scenes = [Scene(**scene) for scene in shapes.scenes]
    return [
        Row(
            scene=replace(scene, seed=scene.seed + 100 * seed),
            prompt=write_prompt(scene.prompt, card["trigger_words"]),
            weights=weights,
            skip=frozenset(),
        )
        for scene in scenes
        for seed in range(SEEDS)
    ]


def measure(base: Base, file: Path) -> tuple[list[list[dict[str, Any]]], list[list[bytes]]]:
    """Return the figures of every row of cells, and their pictures."""
    config = file.parent / "adapter_config.json"
    source = AdapterSource(file, config if config.exists() else None)
    figures, pictures = [], []
    card = json.loads((file.parent / "card.json").read_text("utf-8"))
    for row in rows_of(card):
        answer, blobs = sweep(base, source, row, on_step=_nobody_listens)
        cells = answer["cells"]
        pictures.append([blobs[cell["blob"]] for cell in cells])
        kept = ("weight", "from_zero", "from_previous", "measures")
        figures.append([_short({name: cell[name] for name in kept}) for cell in cells])
    return figures, pictures


def _nobody_listens(done: int, of: int) -> None:
    """Rendering says how far it is; here nobody waits for it."""


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _short(one) for name, one in value.items()}
    return round(value, DIGITS) if isinstance(value, float) else value


def draw_sheet(name: str, rows: list[Row], pictures: list[list[bytes]]) -> bytes:
    """Return the contact sheet, small enough for a page of the documentation."""
    drawn = sheets.compose(
        sheets.Sheet(
            title=name,
            lines=("base Shapes · 20 steps · guidance 3 · two seeds a scene",),
            across="weight",
            columns=tuple(f"{weight:g}" for weight in rows[0].weights),
            rows=tuple(
                sheets.Row(
                    title=row.scene.title,
                    note=f"seed {row.scene.seed}",
                    prompt=row.prompt,
                    pictures=tuple(sheets.Picture(96, 96, data) for data in cells),
                )
                for row, cells in zip(rows, pictures, strict=True)
            ),
        )
    )
    content = io.BytesIO()
    drawn.convert("RGB").save(content, "WEBP", quality=80, method=6)
    return content.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--sheets", type=Path, required=True)
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    torch.set_num_threads(1)
    base = load_base()
    for name, file in files().items():
        if options.only is not None and name not in options.only:
            continue
        card = json.loads((file.parent / "card.json").read_text("utf-8"))
        figures, pictures = measure(base, file)
        target = options.output / f"{name}.json.gz"
        text = json.dumps(figures, separators=(",", ":"))
        target.write_bytes(gzip.compress(text.encode(), mtime=0))
        sheet = draw_sheet(name, rows_of(card), pictures)
        (options.sheets / f"{name}.webp").write_bytes(sheet)
        print(name, len(sheet) // 1024, "KB")


if __name__ == "__main__":
    main()
