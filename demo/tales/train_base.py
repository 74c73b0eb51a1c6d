"""
Trains the base "tales" on texts made up as it goes, and writes it in half precision.

    python -m demo.tales.train_base --minutes 22 --output demo/bases/tales
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from demo import clockwork
from demo.freezing import freeze
from demo.tales import base
from demo.tales.voices import lesson

logger = logging.getLogger(__name__)

RATE = 2e-3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=22)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    random = np.random.default_rng((options.seed, 2))
    tokenizer = base.build_tokenizer(seed=options.seed)
    model = base.build_model(tokenizer)

    def loss() -> Tensor:
        return base.loss_on(model, tokenizer, [lesson(random) for _ in range(base.BATCH)])

    clockwork.train(model.parameters(), loss, minutes=options.minutes, rate=RATE)
    freeze(model, tokenizer, options.output)
    logger.info("%d parameters in %s", model.num_parameters(), options.output)


if __name__ == "__main__":
    main()
