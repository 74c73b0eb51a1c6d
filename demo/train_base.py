"""Trains the base's denoiser and text encoder on pictures drawn as it goes.

    python -m demo.train_base --minutes 75 --threads 1 --output build/shapes

The learning rate follows the clock, so that a run ends well however fast the machine is. A run
that was cut off goes on from its last checkpoint. `train_decoder` may run beside it.
"""

from __future__ import annotations

import argparse
import json
import logging
import math
import time
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from demo import vocabulary
from demo.autoencoder import FastEncoder, load_or_fit, to_tensor
from demo.base import build_scheduler, build_text_encoder, build_unet, tokens
from demo.captions import add_nonsense, describe
from demo.pictures import compose
from demo.styles import draw

logger = logging.getLogger(__name__)

BATCH = 32
PEAK_RATE = 1e-3
WARM_UP_STEPS = 150
UNCONDITIONAL_SHARE = 0.1
EMA_DECAY = 0.998


@dataclass
class Progress:
    step: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)


class Training:
    """One run: two networks trained together, their moving average, and the way to save both."""

    def __init__(self, output: Path, *, seed: int) -> None:
        torch.manual_seed(seed)
        self.output = output
        self.seed = seed
        self.tokenizer = vocabulary.write(output / "tokenizer")
        self.encode = FastEncoder(load_or_fit(output / "vae", seed=seed))
        self.network = nn.ModuleDict(
            {"unet": build_unet(), "text_encoder": build_text_encoder(self.tokenizer)}
        )
        self.average = deepcopy(self.network).requires_grad_(False)  # noqa: FBT003
        self.scheduler = build_scheduler()
        self.optimizer = torch.optim.AdamW(
            self.network.parameters(),
            lr=PEAK_RATE,
            betas=(0.9, 0.99),
            weight_decay=0.01,
            fused=True,
        )
        self.progress = Progress()

    def run(self, *, minutes: float, save_minutes: float) -> None:
        # Seeded by the step, a run that goes on sees fresh pictures, and the same ones each time.
        random = np.random.default_rng((self.seed, self.progress.step))
        saved = self.progress.seconds
        while self.progress.seconds < minutes * 60:
            began = time.monotonic()
            self._set_rate(self.progress.seconds / (minutes * 60))
            self.progress.losses.append(self._step(random))
            self.progress.step += 1
            self.progress.seconds += time.monotonic() - began
            if self.progress.step % 100 == 0:
                self._report()
            if self.progress.seconds - saved > save_minutes * 60:
                saved = self.progress.seconds
                self.save()
        self.save()

    def _set_rate(self, share: float) -> None:
        warm = min(1.0, (self.progress.step + 1) / WARM_UP_STEPS)
        rate = PEAK_RATE * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * share)))
        for group in self.optimizer.param_groups:
            group["lr"] = rate

    def _step(self, random: np.random.Generator) -> float:
        latents, captions = self._batch(random)
        # Late, noisy times more often: only there do the words decide what is drawn.
        noise = torch.randn_like(latents)
        times = (torch.rand(BATCH).sqrt() * self.scheduler.config.num_train_timesteps).long()
        noisy = self.scheduler.add_noise(latents, noise, times)
        target = self.scheduler.get_velocity(latents, noise, times)
        words = self.network["text_encoder"](tokens(self.tokenizer, captions)).last_hidden_state
        loss = (self.network["unet"](noisy, times, words).sample - target).pow(2).mean()
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self._follow()
        return loss.item()

    def _batch(self, random: np.random.Generator) -> tuple[torch.Tensor, list[str]]:
        pictures = [compose(random) for _ in range(BATCH)]
        captions = [add_nonsense(describe(picture, random), random) for picture in pictures]
        captions = ["" if random.random() < UNCONDITIONAL_SHARE else text for text in captions]
        drawn = np.stack([draw(picture) for picture in pictures])
        return self.encode(to_tensor(drawn)), captions

    @torch.no_grad()
    def _follow(self) -> None:
        decay = min(EMA_DECAY, (1 + self.progress.step) / (20 + self.progress.step))
        ours = list(self.average.parameters())
        torch._foreach_lerp_(ours, list(self.network.parameters()), 1 - decay)

    def _report(self) -> None:
        recent = self.progress.losses[-100:]
        logger.info(
            "step %d, %d samples, %.1f minutes, loss %.4f",
            self.progress.step,
            self.progress.step * BATCH,
            self.progress.seconds / 60,
            sum(recent) / len(recent),
        )
        del self.progress.losses[:-100]

    def save(self) -> None:
        """Write the moving average where a pipeline looks for it, and all that resuming needs."""
        self.average["unet"].save_pretrained(self.output / "unet")
        self.average["text_encoder"].save_pretrained(self.output / "text_encoder")
        state = {f"network.{name}": value for name, value in self.network.state_dict().items()}
        for number, moments in self.optimizer.state_dict()["state"].items():
            state |= {f"optimizer.{number}.{name}": value for name, value in moments.items()}
        facts = {"step": str(self.progress.step), "seconds": str(self.progress.seconds)}
        save_file(state, self.output / "resume.part", metadata=facts)
        (self.output / "resume.part").replace(self.output / "resume.safetensors")
        (self.output / "progress.json").write_text(json.dumps(facts), "utf-8")

    def resume(self) -> None:
        facts = json.loads((self.output / "progress.json").read_text("utf-8"))
        self.progress = Progress(step=int(facts["step"]), seconds=float(facts["seconds"]))
        state = load_file(self.output / "resume.safetensors")
        self.network.load_state_dict(
            {name[8:]: value for name, value in state.items() if name.startswith("network.")}
        )
        moments: dict[int, dict[str, torch.Tensor]] = {}
        for name, value in state.items():
            if name.startswith("optimizer."):
                _, number, moment = name.split(".")
                moments.setdefault(int(number), {})[moment] = value
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": moments, "param_groups": groups})
        for part, average in self.average.items():
            reloaded = type(average).from_pretrained(self.output / part, local_files_only=True)
            average.load_state_dict(reloaded.state_dict())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=75)
    parser.add_argument("--save-minutes", type=float, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(options.threads)
    training = Training(options.output, seed=options.seed)
    if (options.output / "resume.safetensors").exists():
        training.resume()
    training.run(minutes=options.minutes, save_minutes=options.save_minutes)


if __name__ == "__main__":
    main()
