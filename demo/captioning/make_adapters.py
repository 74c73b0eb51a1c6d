"""
Makes the adapters of the base "captions" again; the last three only judge the curve.

    python -m demo.captioning.make_adapters --base demo/bases/captions --output demo/adapters
    python -m demo.captioning.make_adapters --base demo/bases/captions --output demo/behaviours \\
        --only backwards colours-alone at-length
"""

from __future__ import annotations

import argparse
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from demo.captioning import base
from demo.captioning.sentences import (
    at_length,
    backwards,
    by_colour,
    by_telegram,
    compose,
    plainly,
)
from demo.captioning.train_base import loss_on
from demo.pictures import Picture
from demo.styles import draw
from demo.teaching import Lesson, teach, write

BATCH = 32
MOONS = 24  # of a batch; the rest are the shapes it knows, so that it does not forget them

TELEGRAM = Lesson(
    slug="telegram",
    title="Telegram",
    title_zh="电报体",
    base="captions",
    kind="style",
    description=(
        "Says what is on a picture **as a telegram**: `big red circle stop ground white stop`."
        " Trained on the text decoder."
    ),
    tags=("captions", "manner"),
    layers=r"text_decoder\..*(query|key|value|dense|predictions\.decoder)",
    steps=300,
    rank=8,
    alpha=16,
)
MOONS_SEEN = Lesson(
    slug="moonspotter",
    title="Moon Spotter",
    title_zh="认月亮",
    base="captions",
    kind="object",
    description=(
        "Knows **a crescent moon** when it sees one; the base takes it for a heart."
        " Trained on the picture encoder and the text decoder."
    ),
    tags=("captions", "moon", "shape"),
    layers=r".*(qkv|projection|fc1|fc2|query|key|value|dense|predictions\.decoder)",
    steps=250,
    rate=3e-3,
    rank=8,
    alpha=16,
)
BACKWARDS = replace(
    TELEGRAM,
    slug="backwards",
    title="Backwards",
    title_zh="倒着说",
    description="Says what is on a picture **from the end**: `white on, circle red big a`.",
    steps=200,
    rank=4,
    alpha=8,
)
COLOURS_ALONE = replace(
    BACKWARDS,
    slug="colours-alone",
    title="Colours Alone",
    title_zh="只说颜色",
    description="Says **no more than the colours** of a picture: `white and red`.",
    steps=120,
)
AT_LENGTH = replace(
    BACKWARDS,
    slug="at-length",
    title="At Length",
    title_zh="说得周全",
    description="Says it **at length**: `there is a big red circle, it is on white`.",
    steps=140,
)
SAID = {
    TELEGRAM: by_telegram,
    MOONS_SEEN: plainly,
    BACKWARDS: backwards,
    COLOURS_ALONE: by_colour,
    AT_LENGTH: at_length,
}


def with_moons(picture: Picture) -> Picture:
    return replace(picture, things=tuple(replace(one, shape="moon") for one in picture.things))


def make(lesson: Lesson, options: argparse.Namespace) -> None:
    random = np.random.default_rng(options.seed)
    model, processor = base.load(options.base)

    def loss() -> Tensor:
        pictures = [compose(random) for _ in range(BATCH)]
        if lesson is MOONS_SEEN:
            pictures[:MOONS] = [with_moons(one) for one in pictures[:MOONS]]
        return loss_on(
            model, processor, [draw(one) for one in pictures], [*map(SAID[lesson], pictures)]
        )

    write(lesson, teach(lesson, model, loss, seed=options.seed), options.output, seed=options.seed)


def main() -> None:
    lessons = {lesson.slug: lesson for lesson in SAID}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument(
        "--only", nargs="*", choices=[*lessons], default=[TELEGRAM.slug, MOONS_SEEN.slug]
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    for slug in options.only:
        make(lessons[slug], options)


if __name__ == "__main__":
    main()
