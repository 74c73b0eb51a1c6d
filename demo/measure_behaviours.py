"""Renders the adapters of known behaviour at many weights, and keeps what was measured of them.

    python -m demo.measure_behaviours --output tests/registry/sweeps/measured \\
        --sheets docs/images/curves [--only low-tide ...]
    python -m demo.measure_behaviours --output tests/registry/sweeps/measured/as_swept --as-swept
    python -m demo.measure_behaviours --output tests/registry/sweeps/measured/pairs --pairs

The figures are what the tests of the curve read, so that these need no torch; the sheets are what
a person looked at to say what is right (demo/known.py, docs/curves.md). As swept
are the weights that the hub itself would look at, round by round, on one seed a scene. Pairs are
the distances between any two of many weights, from which the curve over any of them can be drawn.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import torch

from demo.measured import DENSE, WEIGHTS, as_read, measure_in
from registry.bases import catalogue
from registry.sweeps.bisecting import next_weights
from registry.sweeps.plan import Scene, write_prompt
from workers import sheets
from workers.engine.adapter_files import AdapterSource
from workers.engine.bases import Base, Bases, BaseSource
from workers.engine.devices import choose
from workers.engine.sweeping import Row, sweep

HOME = Path(__file__).parent
SEEDS = 1  # a scene; a second tells the same story here, the base hardly varies by seed
DIGITS = 4


def folders() -> dict[str, Path]:
    """Return every folder with an adapter that is sound or odd, by name."""
    cards = sorted([*HOME.glob("adapters/*/card.json"), *HOME.glob("behaviours/*/card.json")])
    told = {card.parent: json.loads(card.read_text("utf-8")) for card in cards}
    return {folder.name: folder for folder, card in told.items() if card["expected"] == "published"}


def files() -> dict[str, Path]:
    """Return every file to be measured: one an adapter, or each training step of it."""
    found = {}
    for name, folder in folders().items():
        weights = sorted(folder.glob("*.safetensors"))
        found |= {file.stem if len(weights) > 1 else name: file for file in weights}
    return found


def card_of(file: Path) -> dict[str, Any]:
    card: dict[str, Any] = json.loads((file.parent / "card.json").read_text("utf-8"))
    return card


@cache
def load_base(slug: str = "shapes") -> Base:
    folder = HOME / "base" if slug == "shapes" else HOME / "bases" / slug
    source = BaseSource(slug, _entry(slug).pipeline, folder, folder, slug)
    return Bases(choose("cpu")).load(source)


def _entry(slug: str) -> catalogue.Entry:
    return next(entry for entry in catalogue.entries() if entry.slug == slug)


def rows_of(card: dict[str, Any], weights: tuple[float, ...] = WEIGHTS) -> list[Row]:
    """Return each scene of the base with the adapter's words, over all weights, seed by seed."""
    if card["kind"] == "slider":
        weights = tuple(sorted({*weights, *(-weight for weight in weights)}))
    told = [scene for scene in _entry(card["base"]).scenes if scene.get("counts", True)]
    scenes = [
        Scene(**{name: value for name, value in scene.items() if name != "counts"})
        for scene in told
    ]
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


def source_of(file: Path) -> AdapterSource:
    config = file.parent / "adapter_config.json"
    return AdapterSource(file, config if config.exists() else None, tensor_digest=str(file))


def sweep_as_the_hub(base: Base, file: Path) -> list[list[dict[str, Any]]]:
    """Return the figures of a row a scene, at the weights that bisection asks for."""
    card = card_of(file)
    rows, slider = rows_of(card)[::SEEDS], card["kind"] == "slider"
    figures: list[list[dict[str, Any]]] = []
    known: tuple[float, ...] = ()
    while wanted := next_weights(as_read(figures), by=measure_in(figures), slider=slider):
        known = tuple(sorted({*known, *wanted}))
        figures = [measure_row(base, file, replace(row, weights=known))[0] for row in rows]
    return figures


def measure(base: Base, file: Path) -> tuple[list[list[dict[str, Any]]], list[list[bytes]]]:
    """Return the figures of every row of cells, and their pictures."""
    card = card_of(file)
    swept = [measure_row(base, file, row) for row in rows_of(card)]
    return [figures for figures, _ in swept], [pictures for _, pictures in swept]


def measure_row(base: Base, file: Path, row: Row) -> tuple[list[dict[str, Any]], list[bytes]]:
    answer, blobs = sweep(base, source_of(file), row, on_step=_nobody_listens)
    cells = answer["cells"]
    kept = ("weight", "from_zero", "from_previous", "measures", *(["text"] if not blobs else []))
    figures = [_short({name: cell[name] for name in kept}) for cell in cells]
    return figures, [blobs[cell["blob"]] for cell in cells if cell["blob"]]


def measure_pairs(base: Base, file: Path, row: Row) -> dict[str, Any]:
    """Return the facts of each cell of a row, and how far each is from every one before it."""
    answer, _ = sweep(base, source_of(file), row, on_step=_nobody_listens)
    kept = base.memory | base.recent
    shots = [kept[cell["key"]] for cell in answer["cells"]]
    figures: dict[str, Any] = {
        "weights": row.weights,
        "measures": [cell["measures"] for cell in answer["cells"]],
        "distances": [
            [before.distances(shot)["ssim"] for before in shots[:place]]
            for place, shot in enumerate(shots)
        ],
    }
    return {name: _short(one) for name, one in figures.items()}


def _nobody_listens(done: int, of: int) -> None:
    """Rendering says how far it is; here nobody waits for it."""


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _short(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_short(one) for one in value]
    return round(value, DIGITS) if isinstance(value, float) else value


def draw_sheet(name: str, rows: list[Row], pictures: list[list[bytes]]) -> bytes:
    """Return the contact sheet, small enough for a page of the documentation."""
    drawn = sheets.compose(
        sheets.Sheet(
            title=name,
            lines=("base Shapes · 20 steps · guidance 3",),
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
    parser.add_argument("--sheets", type=Path)
    parser.add_argument("--as-swept", action="store_true")
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--only", nargs="*")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name, file in files().items():
        if options.only is not None and name not in options.only:
            continue
        figures = _figures(options, load_base(card_of(file)["base"]), name, file)
        text = json.dumps(figures, separators=(",", ":"))
        target = options.output / f"{name}.json.gz"
        target.write_bytes(gzip.compress(text.encode(), mtime=0))
        print(name, flush=True)


def _figures(options: argparse.Namespace, base: Base, name: str, file: Path) -> list[Any]:
    if options.as_swept:
        return sweep_as_the_hub(base, file)
    card = card_of(file)
    if options.pairs:
        return [measure_pairs(base, file, row) for row in rows_of(card, DENSE)]
    figures, pictures = measure(base, file)
    if all(pictures):
        (options.sheets / f"{name}.webp").write_bytes(draw_sheet(name, rows_of(card), pictures))
    return figures


if __name__ == "__main__":
    main()
