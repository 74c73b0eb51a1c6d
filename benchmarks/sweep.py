"""
How much faster one batched denoising run renders a sweep than the usual loop over `set_adapters`.

Both sides run in this one process, turn by turn, on the same loaded base: the demo base, and one of
its adapters, at eight weights. The loop is what people write with diffusers: load the adapter, then
`set_adapters` and one call of the pipeline for each weight. Ours is what the gpu worker runs. Each
side ends with the pictures in memory; attaching the adapter is counted on neither. The greatest
difference between the two, in the range 0 to 1 of a picture and in latents, is printed with the
ratio: a fast wrong sweep is worth nothing.

    python benchmarks/sweep.py [--rounds 7] [--threads 1] [--steps 20] [--adapter FILE]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from registry.sweeps.plan import Scene  # noqa: E402
from workers.engine.adapter_files import AdapterSource  # noqa: E402
from workers.engine.attaching import NAME, Attachment, attached  # noqa: E402
from workers.engine.bases import Base, Bases, BaseSource  # noqa: E402
from workers.engine.devices import choose  # noqa: E402
from workers.engine.rendering import Rendering, Sample, render  # noqa: E402
from workers.engine.verbs import open_engine  # noqa: E402

WEIGHTS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4)
DEMO = ROOT / "demo"
TARGET = 2.0


def main() -> int:
    options = _options()
    torch.set_num_threads(options.threads)
    open_engine("cpu", network_off=False)  # quietens the libraries
    base = Bases(choose("cpu")).load(
        BaseSource("shapes", "StableDiffusionPipeline", options.base, options.base, "shapes")
    )
    scene = Scene(
        "star", "", "a big blue star on a yellow background", "", 11, options.steps, 4.0, 96, 96
    )
    source = AdapterSource(options.adapter)
    with attached(base, source) as attachment:
        if attachment.is_empty:
            raise SystemExit(f"Nothing of {options.adapter} is on the base: {attachment.error}")
        sides = {
            "loop": lambda: _loop(base, scene),
            "sweep": lambda: _sweep(base, scene, attachment),
        }
        runs = _race(sides, options.rounds)
        differences = _differences(base, scene, attachment)
    layers = sum(attachment.injected.values())
    print(f"{options.adapter.parent.name}: {layers} layers, {len(WEIGHTS)} weights, "
          f"{options.steps} steps, 96 x 96 px, {options.threads} thread(s)")  # fmt: skip
    return _report(runs, *differences)


class Took(NamedTuple):
    """What one run took: on the clock, and of the processor."""

    wall: float
    cpu: float


def _report(runs: dict[str, list[Took]], pictures: float, latents: float) -> int:
    for name, took in runs.items():
        walls = [one.wall for one in took]
        print(
            f"{name:>6}: min {min(walls):6.2f} s   median {statistics.median(walls):6.2f} s   "
            f"processor {min(one.cpu for one in took):6.2f} s"
        )
    ratios = {
        "min": _ratio(runs, lambda took: min(one.wall for one in took)),
        "median": _ratio(runs, lambda took: statistics.median(one.wall for one in took)),
        "processor": _ratio(runs, lambda took: min(one.cpu for one in took)),
    }
    told = ", ".join(f"{ratio:.2f} ({name})" for name, ratio in ratios.items())
    print(f" ratio: {told}; target {TARGET:g}")
    print(f" max difference: {pictures:.1e} in a picture, {latents:.1e} in a latent")
    return 0 if ratios["median"] >= TARGET and max(pictures, latents) <= 1e-3 else 1


def _ratio(runs: dict[str, list[Took]], of: Callable[[list[Took]], float]) -> float:
    return of(runs["loop"]) / of(runs["sweep"])


def _loop(base: Base, scene: Scene) -> np.ndarray[Any, Any]:
    """The usual way, as diffusers' own documentation has it."""
    pictures = []
    for weight in WEIGHTS:
        base.pipeline.set_adapters([NAME], [weight])
        pictures.append(_call(base, scene, "np").images[0])
    return np.stack(pictures)


def _call(base: Base, scene: Scene, output: str) -> Any:
    return base.pipeline(
        scene.prompt,
        num_inference_steps=scene.steps,
        guidance_scale=scene.guidance,
        width=scene.width,
        height=scene.height,
        generator=torch.Generator().manual_seed(scene.seed),
        output_type=output,
    )


def _sweep(base: Base, scene: Scene, attachment: Attachment) -> Rendering:
    samples = [Sample(scene.prompt, weight) for weight in WEIGHTS]
    rendering = render(base, scene, samples, attachment=attachment, on_step=_unheard)
    assert rendering.method == "batch", rendering.reason
    return rendering


def _unheard(done: int, of: int) -> None:
    """Nobody watches the progress of a benchmark."""


def _differences(base: Base, scene: Scene, attachment: Attachment) -> tuple[float, float]:
    """Return the greatest difference of a picture, before it is rounded to bytes, and a latent."""
    latents = np.stack([shot.latent for shot in _sweep(base, scene, attachment).shots])
    ours = base.family.decode(base.pipeline, torch.from_numpy(latents))
    theirs = []
    for weight in WEIGHTS:
        base.pipeline.set_adapters([NAME], [weight])
        theirs.append(_call(base, scene, "latent").images[0].numpy())
    return (
        float(np.abs(ours - _loop(base, scene)).max()),
        float(np.abs(latents - np.stack(theirs)).max()),
    )


def _race(sides: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[Took]]:
    """Run the sides turn by turn, so that a busy moment of the machine meets both."""
    for run in sides.values():
        run()  # the first of each warms up
    runs: dict[str, list[Took]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, run in sides.items():
            wall, cpu = time.perf_counter(), time.process_time()
            run()
            runs[name].append(Took(time.perf_counter() - wall, time.process_time() - cpu))
    return runs


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--base", type=Path, default=DEMO / "base")
    parser.add_argument(
        "--adapter", type=Path, default=DEMO / "adapters/neon-glow/neon-glow.safetensors"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
