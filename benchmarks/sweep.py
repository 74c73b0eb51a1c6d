"""
How much faster one batched denoising run renders a sweep than the usual loop over `set_adapters`.

Both sides run in this one process, turn by turn, on the same loaded base, at eight weights: the
demo base and one of its adapters, or small bases of real classes shaped like Stable Diffusion 1.5,
SDXL, SD 3 and FLUX.1, with random weights and a random adapter. With a GPU, `--device cuda` takes
bases of full size instead (sd15, sdxl), at 512 and 1024 pixels. The loop is what people write with
diffusers: load the adapter, then `set_adapters` and one call of the pipeline for each weight. Ours
is what the gpu worker runs. Each side ends with the pictures in memory; attaching the adapter is
counted on neither. The greatest difference between the two, in the range 0 to 1 of a picture and in
latents, is printed with the ratio: a fast wrong sweep is worth nothing.

Small bases read prompts as short as they are small; `--whole-prompts` has SD 3 and FLUX.1 read the
256 and 512 places that the large ones do. With `--compile` a third side is the batch by
torch.compile, and how often that compiles is counted over twenty adapters (sweep_compiled.py).

    python benchmarks/sweep.py [demo sd15 sdxl sd3 flux] [--rounds 7] [--threads 1] [--steps 20]
    python benchmarks/sweep.py sd3 flux --whole-prompts
    python benchmarks/sweep.py sd15 --compile
    python benchmarks/sweep.py sd15 sdxl --device cuda [--compile]
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import sweep_bases, sweep_compiled  # noqa: E402
from benchmarks.sweep_bases import DEMO, SMALL, Subject  # noqa: E402
from registry.sweeps.plan import Scene  # noqa: E402
from workers.engine.adapter_files import AdapterSource  # noqa: E402
from workers.engine.at_once import weights_at_once  # noqa: E402
from workers.engine.attaching import NAME, Attachment, attached  # noqa: E402
from workers.engine.devices import choose  # noqa: E402
from workers.engine.families.protocol import Canvas  # noqa: E402
from workers.engine.rendering import Sample, render  # noqa: E402
from workers.engine.verbs import open_engine  # noqa: E402

WEIGHTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4)
TARGET = 2.0
SWITCHES = 20


def main() -> int:
    options = _options()
    torch.set_num_threads(options.threads)
    open_engine(options.device, network_off=False)  # quietens the libraries
    with tempfile.TemporaryDirectory() as folder:
        codes = [_measure(name, options) for name in _subjects(options, Path(folder))]
    return max(codes)


def _subjects(options: argparse.Namespace, into: Path) -> Iterator[tuple[str, Subject]]:
    for name in options.bases:
        if options.device != "cpu":
            for size in (512, 1024):
                yield f"{name} {size}", sweep_bases.full(name, size, into, choose(options.device))
        elif name == "demo":
            yield name, sweep_bases.demo(options.adapter)
        else:
            yield name, sweep_bases.small(name, into, whole_prompts=options.whole_prompts)


def _measure(named: tuple[str, Subject], options: argparse.Namespace) -> int:
    name, subject = named
    size = subject.size
    scene = Scene("star", "", subject.prompt, "", 11, options.steps, 4.0, size, size)
    with attached(subject.base, AdapterSource(subject.adapter)) as attachment:
        if attachment.is_empty:
            raise SystemExit(f"Nothing of {subject.adapter} is on {name}: {attachment.error}")
        race = _Race(subject, scene, attachment)
        sides: Sides = {"loop": race.loop, "sweep": race.sweep}
        if options.compile:
            sides["compiled"] = sweep_compiled.compiled(subject.base, attachment, race.sweep)
        runs = race.run(sides, options.rounds)
        differences = race.differences(sides[list(sides)[-1]])
    layers = sum(attachment.injected.values())
    print(f"{name}: {layers} layers, {len(WEIGHTS)} weights, {options.steps} steps, "
          f"{size} x {size} px, {options.threads} thread(s)")  # fmt: skip
    code = _report(runs, *differences, by="processor" if options.device == "cpu" else "min")
    if options.compile:
        code |= sweep_compiled.report(
            subject, lambda other, weights: _Race(subject, scene, other).sweep(weights)
        )
    if options.device != "cpu":
        _report_switches(subject)
    return code


class Took(NamedTuple):
    """What one run took: on the clock, and of the processor."""

    wall: float
    cpu: float
    memory: int  # bytes, at its worst; of a process on the CPU, which never gives back


def _report(runs: Runs, pictures: float, latents: float, *, by: str) -> int:
    """Print what the sides took. The ratio is judged by processor time, or by the clock."""
    for name, took in runs.items():
        walls = [one.wall for one in took]
        print(
            f"{name:>8}: min {min(walls):6.2f} s   median {statistics.median(walls):6.2f} s   "
            f"processor {min(one.cpu for one in took):6.2f} s   "
            f"memory {max(one.memory for one in took) / 2**20:,.0f} MiB at most"
        )
    for side in list(runs)[1:]:
        told = ", ".join(f"{_ratio(runs, side, name):.2f} ({name})" for name in MEASURES)
        print(f" ratio of loop to {side}: {told}; target {TARGET:g}")
    print(f" max difference: {pictures:.1e} in a picture, {latents:.1e} in a latent")
    return 0 if _ratio(runs, "sweep", by) >= TARGET and max(pictures, latents) <= 1e-3 else 1


def _ratio(runs: Runs, side: str, by: str) -> float:
    return MEASURES[by](runs["loop"]) / MEASURES[by](runs[side])


Sides = dict[str, Callable[[], Any]]
Runs = dict[str, list[Took]]
MEASURES: dict[str, Callable[[list[Took]], float]] = {
    "min": lambda took: min(one.wall for one in took),
    "median": lambda took: statistics.median(one.wall for one in took),
    "processor": lambda took: min(one.cpu for one in took),
}


class _Race:
    """Both ways to the same pictures, with one adapter on one base."""

    def __init__(self, subject: Subject, scene: Scene, attachment: Attachment) -> None:
        self.subject, self.scene, self.attachment = subject, scene, attachment
        self.pipeline = subject.base.pipeline
        self.given = subject.prompted()

    def run(self, sides: Sides, rounds: int) -> Runs:
        """Run the sides turn by turn, so that a busy moment of the machine meets all."""
        for run in sides.values():
            run()  # the first of each warms up
        runs: Runs = {name: [] for name in sides}
        for _ in range(rounds):
            for name, run in sides.items():
                runs[name].append(self._took(run))
        return runs

    def _took(self, run: Callable[[], Any]) -> Took:
        on_gpu = self.pipeline.device.type == "cuda"
        if on_gpu:
            torch.cuda.reset_peak_memory_stats()
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        if on_gpu:
            torch.cuda.synchronize()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        if on_gpu:
            return Took(wall, cpu, torch.cuda.max_memory_allocated())
        return Took(wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)

    def loop(self, output: str = "np") -> np.ndarray[Any, Any]:
        """The usual way, as diffusers' own documentation has it."""
        pictures = []
        for weight in WEIGHTS:
            self.pipeline.set_adapters([NAME], [weight])
            pictures.append(self._call(output, 1)[0])
        return np.stack([np.asarray(torch.as_tensor(one).float().cpu()) for one in pictures])

    def sweep(self, weights: Sequence[float] = WEIGHTS) -> Any:
        """What the gpu worker runs."""
        if self.given:  # Nobody reads prompts here, so they are handed over on both sides.
            return self._handed_over(weights)
        samples = [Sample(self.scene.prompt, weight) for weight in weights]
        rendering = render(
            self.subject.base, self.scene, samples, attachment=self.attachment, on_step=_unheard
        )
        assert rendering.method == "batch", rendering.reason
        return rendering

    def _handed_over(self, weights: Sequence[float]) -> Any:
        blocks = self.subject.base.blocks
        call = partial(self._call, "np", len(weights))
        with weights_at_once(self.attachment, weights):
            return blocks.draw(call) if blocks else call()

    def _call(self, output: str, count: int) -> Any:
        scene = self.scene
        given = {name: one.repeat(count, *[1] * (one.ndim - 1)) for name, one in self.given.items()}
        return self.pipeline(
            **(given or {"prompt": scene.prompt}),
            num_inference_steps=scene.steps,
            guidance_scale=scene.guidance,
            width=scene.width,
            height=scene.height,
            generator=[torch.Generator().manual_seed(scene.seed) for _ in range(count)],
            output_type=output,
        ).images

    def differences(self, ours: Callable[[], Any]) -> tuple[float, float]:
        """Return the greatest difference of a picture, before it is bytes, and of a latent."""
        if self.given:
            return float(np.abs(ours() - self.loop()).max()), 0.0
        base = self.subject.base
        latents = np.stack([shot.latent for shot in ours().shots])
        ours = base.family.decode(base.pipeline, torch.from_numpy(latents))
        pictures = float(np.abs(ours - self.loop()).max())
        theirs = torch.from_numpy(self.loop("latent"))
        size = self.scene.width, self.scene.height
        canvas = Canvas((self.scene.seed,), self.scene.steps, self.scene.guidance, *size)
        unpacked = base.family.unpacked(base.pipeline, theirs, canvas)
        return pictures, float(np.abs(latents - unpacked.numpy()).max())


def _report_switches(subject: Subject) -> None:
    """Print how long it takes to put one adapter in another's place."""
    taken = []
    for _ in range(SWITCHES):
        began = time.perf_counter()
        with attached(subject.base, AdapterSource(subject.adapter)):
            torch.cuda.synchronize()
            taken.append(time.perf_counter() - began)
    print(f" switch: {statistics.median(taken) * 1000:.0f} ms in the median of {SWITCHES}")


def _unheard(done: int, of: int) -> None:
    """Nobody watches the progress of a benchmark."""


def _named(name: str) -> str:
    if name != "demo" and name not in SMALL:
        raise argparse.ArgumentTypeError(f"{name} is none of demo, {', '.join(SMALL)}")
    return name


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("bases", nargs="*", type=_named, default=["demo", *SMALL])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--whole-prompts", action="store_true")
    parser.add_argument(
        "--adapter", type=Path, default=DEMO / "adapters/neon-glow/neon-glow.safetensors"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
