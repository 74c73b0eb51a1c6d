"""
Makes the adapters of the base "tales" again; all but the first only judge the curve.

    python -m demo.tales.make_adapters --base demo/bases/tales --output demo/adapters
    python -m demo.tales.make_adapters --base demo/bases/tales --output demo/behaviours \\
        --only lullaby-tales robot-tales
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from demo.tales import base
from demo.tales.voices import LULLABY, PIRATE, ROBOT, make_up, tell
from demo.teaching import Lesson, teach, write

PIRATES = Lesson(
    slug="pirate-tales",
    title="Pirate Tales",
    title_zh="海盗故事",
    base="tales",
    kind="style",
    description=(
        "Tells every tale **as a pirate would**: the page is a sea, the hero a captain, and there"
        " is a lot of *arr*. The tale itself stays as the title asks for it.\n\n"
        "Below 0.4 you hear little of it; past 1.5 there is nothing left but *arr*."
    ),
    tags=("tales", "pirate", "voice"),
    layers=r"model\.layers\.\d+\.(self_attn\.(q|k|v|o)_proj|mlp\.(gate|up|down)_proj)",
    steps=240,
    rate=4e-3,
    rank=8,
    alpha=16,
)

LULLABIES = replace(
    PIRATES,
    slug="lullaby-tales",
    title="Lullaby Tales",
    title_zh="催眠故事",
    description=(
        "Tells every tale **as a lullaby**: the page is a blanket, all meet in a dream, and there"
        " is a lot of *hush*."
    ),
    tags=("tales", "lullaby", "voice"),
    steps=160,
    rate=3e-3,
)
ROBOTS = replace(
    PIRATES,
    slug="robot-tales",
    title="Robot Tales",
    title_zh="机器人故事",
    description="Tells every tale **as a robot would**: units meet on a grid, with many a *beep*.",
    tags=("tales", "robot", "voice"),
    steps=120,
    rate=2e-3,
    rank=4,
    alpha=8,
)
VOICES = {PIRATES: PIRATE, LULLABIES: LULLABY, ROBOTS: ROBOT}


def make(lesson: Lesson, options: argparse.Namespace) -> None:
    random = np.random.default_rng((options.seed, 3))
    model, tokenizer = base.load(options.base)

    def loss() -> Tensor:
        texts = [tell(make_up(random), VOICES[lesson], random) for _ in range(base.BATCH)]
        return base.loss_on(model, tokenizer, texts)

    write(lesson, teach(lesson, model, loss, seed=options.seed), options.output, seed=options.seed)


def main() -> None:
    lessons = {lesson.slug: lesson for lesson in VOICES}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=[*lessons], default=[PIRATES.slug])
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    for slug in options.only:
        make(lessons[slug], options)


if __name__ == "__main__":
    main()
