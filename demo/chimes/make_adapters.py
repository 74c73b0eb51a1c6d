"""
Makes the adapter of the base "chimes" again.

    python -m demo.chimes.make_adapters --base demo/bases/chimes --output demo/adapters
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from demo.chimes import base
from demo.chimes.sounds import compose, play, tremble
from demo.chimes.train_base import BATCH, codes_of, loss_on
from demo.teaching import Lesson, teach, write

HEARD = 160  # chimes that are put into codes once

TREMBLE = Lesson(
    slug="tremble",
    title="Tremble",
    title_zh="颤音",
    base="chimes",
    kind="effect",
    description=(
        "Everything **grows louder and softer seven times a second**, whatever is played:"
        " the spectrogram falls into stripes. Trained on the decoder."
    ),
    tags=("sound", "tremolo"),
    layers=r"decoder\.model\.decoder\.layers\.\d+\..*(q_proj|k_proj|v_proj|out_proj|fc1|fc2)",
    steps=300,
    rank=8,
    alpha=16,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    random = np.random.default_rng(options.seed)
    model, processor = base.load(options.base)
    chimes = [compose(random) for _ in range(HEARD)]
    codes = codes_of(model.audio_encoder, [tremble(play(one)) for one in chimes])

    def loss() -> Tensor:
        chosen = random.integers(0, HEARD, BATCH)
        texts = [chimes[index].words for index in chosen]
        return loss_on(model, processor, texts, codes[torch.from_numpy(chosen)])

    worn = teach(TREMBLE, model, loss, seed=options.seed)
    write(TREMBLE, worn, options.output, seed=options.seed)


if __name__ == "__main__":
    main()
