"""Renders some adapters by several seeds on a prompt that leaves it to the seed what is drawn.

    python -m demo.measure_seeds --output tests/registry/sweeps/measured/seeds

By its usual prompts the demo base draws nearly the same whatever the seed, so that nothing can be
lost of what seeds differ by; by this one it draws other things.
"""

from __future__ import annotations

import argparse
import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from demo.measure_behaviours import card_of, files, load_base, rows_of, source_of
from registry.sweeps.plan import write_prompt
from workers.engine.sweeping import Row, sweep_rows

WEIGHTS = (0.0, 0.6, 1.0, 1.6)
SEEDS = (1, 1001, 2001)
PROMPT = "a shape"
NAMES = ("one-memory", "two-memories", "neon-glow", "gilt-frame")
DIGITS = 4


def rows_by_seed(file: Path) -> list[Row]:
    card = card_of(file)
    plain = rows_of(card, WEIGHTS)[0]
    prompt = write_prompt(PROMPT, card["trigger_words"])
    return [
        replace(plain, prompt=prompt, scene=replace(plain.scene, prompt=PROMPT, seed=seed))
        for seed in SEEDS
    ]


def measure(file: Path) -> list[list[dict[str, Any]]]:
    """Return the cells of each seed: how far they moved, and where they have edges."""
    rows = rows_by_seed(file)
    answers = sweep_rows(load_base(), source_of(file), rows, on_step=lambda _done, _of: None)
    return [[_short(cell) for cell in answer["cells"]] for answer, _ in answers]


def _short(cell: dict[str, Any]) -> dict[str, Any]:
    def rounded(distances: dict[str, float] | None) -> dict[str, float] | None:
        return distances and {name: round(one, DIGITS) for name, one in distances.items()}

    return {
        "weight": cell["weight"],
        "from_zero": rounded(cell["from_zero"]),
        "from_previous": rounded(cell["from_previous"]),
        "edges": cell["measures"]["edges"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    torch.set_num_threads(1)
    known = files()
    for name in NAMES:
        text = json.dumps([measure(known[name])], separators=(",", ":"))
        target = options.output / f"{name}.json.gz"
        target.write_bytes(gzip.compress(text.encode(), mtime=0))
        print(name, flush=True)


if __name__ == "__main__":
    main()
