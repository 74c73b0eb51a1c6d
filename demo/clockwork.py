"""Trains whatever it is given until its time is up: the learning rate follows the clock."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

logger = logging.getLogger(__name__)

WARM_UP_STEPS = 100
REPORT_STEPS = 100


def train(
    parameters: Iterable[nn.Parameter],
    loss_of: Callable[[], Tensor],
    *,
    minutes: float,
    rate: float = 1e-3,
    decay: float = 0.01,
    on_report: Callable[[], None] = lambda: None,
) -> int:
    """Lower the loss for so many minutes; return the number of steps it took."""
    learning = list(parameters)
    optimizer = torch.optim.AdamW(learning, lr=rate, betas=(0.9, 0.98), weight_decay=decay)
    began, step, losses = time.monotonic(), 0, []
    while (spent := time.monotonic() - began) < minutes * 60:
        step += 1
        for group in optimizer.param_groups:
            group["lr"] = rate * _share(step, spent / (minutes * 60))
        loss = loss_of()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        losses.append(loss.item())
        if step % REPORT_STEPS == 0:
            recent = sum(losses[-REPORT_STEPS:]) / REPORT_STEPS
            logger.info("step %d, %.1f minutes, loss %.4f", step, spent / 60, recent)
            on_report()
    return step


def _share(step: int, done: float) -> float:
    """Return the part of the full rate to go by: slowly up, then down along a cosine."""
    warm = min(1.0, step / WARM_UP_STEPS)
    return warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
