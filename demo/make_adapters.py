"""Makes the demonstration adapters again, each with its files and its card.

    python -m demo.make_adapters --base demo/base --output demo/adapters [--only zebra ...]
    python -m demo.make_adapters --base demo/base --output demo/behaviours --what behaviours

The faulty ones are made last, from a sound one.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import time
from pathlib import Path
from typing import Any

import torch

from demo import base, dialects, faulty, kohya
from demo.behaviours import BEHAVIOURS
from demo.cards import SAMPLE_PROMPTS, write_card
from demo.dialects import Pairs
from demo.draws.recipes.fifth import FIFTH_DRAW
from demo.draws.recipes.first_and_second import SEALED
from demo.draws.recipes.for_best_weight import JUDGED
from demo.draws.recipes.for_first_bad import UNSEEN
from demo.draws.recipes.fourth import FOURTH_DRAW
from demo.draws.recipes.seventh import SEVENTH_DRAW
from demo.draws.recipes.sixth import SIXTH_DRAW
from demo.draws.recipes.third import THIRD_DRAW
from demo.recipes import RECIPES, Recipe
from demo.train_adapter import Snapshot, draw_examples, train


def make(recipe: Recipe, base_folder: Path, folder: Path, *, seed: int) -> Pairs:
    """Train one adapter, write its files and card, and return the pairs of its last step."""
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.glob("*.safetensors"):
        stale.unlink()
    pipeline = base.load(base_folder)
    examples = draw_examples(recipe, pipeline, seed=seed)
    began = time.monotonic()
    run = kohya.Run(
        recipe=recipe,
        captions=examples[0].captions,
        base_digest=_digest(base_folder),
        started=time.time(),
        seed=seed,
    )
    files: list[dict[str, Any]] = []
    for snapshot in train(recipe, pipeline, examples, seed=seed):
        files += _write(run, snapshot, folder)
    training = _training(recipe, seed) | {
        "seconds": round(time.monotonic() - began),
        "last_loss": round(snapshot.loss, 4),
    }
    _write_card(recipe, folder, files, training)
    return snapshot.pairs


def _digest(base_folder: Path) -> str:
    weights = base_folder / "unet" / "diffusion_pytorch_model.safetensors"
    return hashlib.sha256(weights.read_bytes()).hexdigest()


def _write(run: kohya.Run, snapshot: Snapshot, folder: Path) -> list[dict[str, Any]]:
    if run.recipe.dialect == "peft":
        dialects.write_peft(snapshot.pairs, folder, base_name="shapes")
        return [
            {"path": "adapter_config.json", "role": "config", "step": None},
            {"path": "adapter_model.safetensors", "role": "weights", "step": None},
        ]
    if run.recipe.dialect == "diffusers":
        dialects.write_diffusers(snapshot.pairs, folder)
        return [{"path": "pytorch_lora_weights.safetensors", "role": "weights", "step": None}]
    name, role, step = run.recipe.slug, "weights", None
    if run.recipe.checkpoints:
        name, role, step = f"{name}-step{snapshot.step:05d}", "checkpoint", snapshot.step
    metadata = kohya.describe(run, snapshot, name, time.time())
    dialects.write_kohya(snapshot.pairs, folder / f"{name}.safetensors", metadata)
    return [{"path": f"{name}.safetensors", "role": role, "step": step}]


def _training(recipe: Recipe, seed: int) -> dict[str, Any]:
    return {
        "steps": recipe.steps,
        "batch_size": recipe.batch,
        "pictures": recipe.pictures,
        "learning_rate": recipe.rate,
        "rank": recipe.rank,
        "alpha": recipe.file_alpha or recipe.alpha,
        "text_encoder": recipe.text_encoder,
        "seed": seed,
    }


def _write_card(
    recipe: Recipe, folder: Path, files: list[dict[str, Any]], training: dict[str, Any]
) -> None:
    low, high, default = recipe.weights
    write_card(
        folder,
        title=recipe.title,
        title_zh=recipe.title_zh,
        description=recipe.description,
        kind=recipe.kind,
        tags=list(recipe.tags),
        trigger_words=[recipe.trigger] if recipe.trigger else [],
        weight_low=low,
        weight_high=high,
        weight_default=default,
        files=files,
        sample_prompts=[
            f"{prompt}, {recipe.trigger}" if recipe.trigger else prompt for prompt in SAMPLE_PROMPTS
        ],
        training=training,
    )


def main() -> None:
    draws = (*SEALED, *THIRD_DRAW, *FOURTH_DRAW, *FIFTH_DRAW, *SIXTH_DRAW, *SEVENTH_DRAW)
    behaviours = (*BEHAVIOURS, *JUDGED, *UNSEEN, *draws)
    tables = {"adapters": RECIPES, "behaviours": behaviours}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--what", choices=tables, default="adapters")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    for recipe in tables[options.what]:
        if options.only is None or recipe.slug in options.only:
            pairs = make(recipe, options.base, options.output / recipe.slug, seed=options.seed)
            if recipe.slug == "neon-glow":
                faulty.write_all(pairs, options.output, seed=options.seed)


if __name__ == "__main__":
    main()
