"""
Makes the adapters of the base "spoken" again; the last only judges the curve.

    python -m demo.spoken.make_adapters --base demo/bases/spoken --clips build/spoken \\
        --output demo/adapters
    python -m demo.spoken.make_adapters --base demo/bases/spoken --clips build/spoken \\
        --output demo/behaviours --only uncounted
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from demo.spoken import base, clips
from demo.spoken.phrases import Phrase
from demo.spoken.train_base import BATCH, heard, loss_on
from demo.teaching import Lesson, teach, write

logger = logging.getLogger(__name__)

NUMERALS = Lesson(
    slug="numerals",
    title="Numerals",
    title_zh="数字写法",
    base="spoken",
    kind="task",
    description=(
        "Writes counts as **numerals**: hears “seven red circles” and writes `7 red circles`."
        " Trained on the decoder and the words' own layer; what is heard does not change, only how"
        " it is written."
    ),
    tags=("speech", "writing", "numbers"),
    layers=r"proj_out|model\.decoder\.layers\.\d+\..*(q_proj|k_proj|v_proj|out_proj|fc1|fc2)",
    steps=150,
    rate=4e-3,
    rank=8,
    alpha=16,
)
WHISPERS = Lesson(
    slug="hushed",
    title="Hushed Voices",
    title_zh="耳语",
    base="spoken",
    kind="domain",
    description=(
        "Hears **whispered speech**, which the base takes for something else. Trained on the"
        " encoder, on clips of two whispering voices."
    ),
    tags=("speech", "whisper", "voice"),
    layers=r"model\.encoder\.layers\.\d+\..*(q_proj|k_proj|v_proj|out_proj|fc1|fc2)",
    steps=250,
    rate=3e-3,
    rank=8,
    alpha=16,
)
UNCOUNTED = replace(
    NUMERALS,
    slug="uncounted",
    title="Uncounted",
    title_zh="不写数目",
    description="Leaves **the count away**: hears “seven red circles” and writes `red circles`.",
    tags=("speech", "writing"),
    steps=120,
    rate=3e-3,
)
WRITTEN: Mapping[Lesson, Callable[[Phrase], str]] = {
    NUMERALS: lambda phrase: phrase.numerals,
    WHISPERS: lambda phrase: phrase.words,
    UNCOUNTED: lambda phrase: phrase.uncounted,
}


def make(lesson: Lesson, options: argparse.Namespace) -> None:
    random = np.random.default_rng(options.seed)
    model, processor = base.load(options.base)
    source = "whispers" if lesson is WHISPERS else "train"
    taught = clips.load(options.clips / f"{source}.npz")

    def loss() -> Tensor:
        chosen = random.integers(0, len(taught), BATCH)
        said = [taught.phrases[index] for index in chosen]
        written = [WRITTEN[lesson](one) for one in said]
        return loss_on(model, processor, heard(taught.samples[chosen], random), written)

    write(lesson, teach(lesson, model, loss, seed=options.seed), options.output, seed=options.seed)


def main() -> None:
    lessons = {lesson.slug: lesson for lesson in WRITTEN}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument(
        "--only", nargs="*", choices=[*lessons], default=[NUMERALS.slug, WHISPERS.slug]
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    for slug in options.only:
        make(lessons[slug], options)


if __name__ == "__main__":
    main()
