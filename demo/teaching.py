"""Teaches a model of transformers something small by PEFT, and writes the adapter with its card."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peft
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from demo.cards import write_card

logger = logging.getLogger(__name__)

WARM_UP_STEPS = 10


@dataclass(frozen=True)
class Lesson:
    """One adapter: what its card says, which layers it changes, and how long it learns."""

    slug: str
    title: str
    title_zh: str
    base: str
    kind: str
    description: str
    tags: tuple[str, ...]
    layers: str  # a regular expression, as PEFT takes it
    steps: int = 200
    rate: float = 2e-3
    rank: int = 4
    alpha: int = 8
    trigger: str = ""
    weights: tuple[float, float, float] = (0.8, 1.2, 1.0)  # claimed: low, high, default


def teach(lesson: Lesson, model: Any, loss_of: Callable[[], Tensor], *, seed: int) -> Any:
    """Return the model with the adapter that it learned."""
    torch.manual_seed(seed)
    model.requires_grad_(False)  # noqa: FBT003
    worn = peft.get_peft_model(
        model,
        peft.LoraConfig(r=lesson.rank, lora_alpha=lesson.alpha, target_modules=lesson.layers),
    )
    learning = [one for one in worn.parameters() if one.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=lesson.rate)
    losses: list[float] = []
    for step in range(1, lesson.steps + 1):
        warm, cooling = min(1.0, step / WARM_UP_STEPS), math.cos(math.pi * step / lesson.steps)
        optimizer.param_groups[0]["lr"] = lesson.rate * warm * (0.55 + 0.45 * cooling)
        loss = loss_of()
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learning, 1.0)
        optimizer.step()
        losses.append(loss.item())
        if step % 50 == 0:
            recent = sum(losses[-50:]) / 50
            logger.info("%s step %d, loss %.4f", lesson.slug, step, recent)
    return worn.eval()


def write(lesson: Lesson, worn: Any, output: Path, *, seed: int) -> None:
    """Write the adapter as PEFT does, in half precision, and its card beside it."""
    folder = output / lesson.slug
    folder.mkdir(parents=True, exist_ok=True)
    state = peft.get_peft_model_state_dict(worn)
    save_file(
        {name: value.detach().half().contiguous() for name, value in state.items()},
        folder / "adapter_model.safetensors",
        metadata={"format": "pt"},
    )
    told = worn.peft_config["default"].to_dict() | {
        "base_model_name_or_path": f"loradex/{lesson.base}",
        "inference_mode": True,
    }
    text = json.dumps(told, indent=2, sort_keys=True, default=_plain) + "\n"
    (folder / "adapter_config.json").write_text(text, "utf-8")
    low, high, default = lesson.weights
    write_card(
        folder,
        base=lesson.base,
        title=lesson.title,
        title_zh=lesson.title_zh,
        description=lesson.description,
        kind=lesson.kind,
        tags=list(lesson.tags),
        trigger_words=[lesson.trigger] if lesson.trigger else [],
        weight_low=low,
        weight_high=high,
        weight_default=default,
        sample_prompts=[],
        files=[
            {"path": "adapter_config.json", "role": "config", "step": None},
            {"path": "adapter_model.safetensors", "role": "weights", "step": None},
        ],
        training={
            "steps": lesson.steps,
            "learning_rate": lesson.rate,
            "rank": lesson.rank,
            "alpha": lesson.alpha,
            "seed": seed,
        },
    )


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, set) else str(getattr(value, "value", value))
