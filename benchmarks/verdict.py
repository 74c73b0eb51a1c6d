"""
How much faster a verdict from the header is than finding out by loading.

Both sides run in this one process, turn by turn, on one thread, and are timed in seconds of its
own work, so that a busy machine does not blur the ratio. Ours takes the header's bytes (what the
browser sends) and ends with the verdict: parsed, identified among all bases of the catalogue,
fitted to the declared one, judged by every check of headers. Each turn has a header of its own.

Theirs is diffusers, which must load the adapter to see whether it fits. SDXL, an adapter for all
its 722 attention layers with the metadata that trainers write, on the meta device where it costs
no room: with the skeleton built for it, and with one that is in memory already. And the demo base,
with its weights. Importing torch, which theirs alone needs, is free.

    python benchmarks/verdict.py [--rounds 11] [--adapter FILE]
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import random
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import diffusers  # noqa: E402
import torch  # noqa: E402

from registry.bases import catalogue  # noqa: E402
from registry.formats.adapter import read_adapter  # noqa: E402
from registry.formats.header import LENGTH_BYTES, parse_header  # noqa: E402
from registry.verdicts.verdict import OnBase, Seen, Verdict, verdict_of  # noqa: E402
from workers.engine.families.stable_diffusion import StableDiffusionXL  # noqa: E402

TARGET = 100.0
SDXL = "sdxl-1-0"
METADATA = {
    "ss_base_model_version": "sdxl_base_v1-0",
    "ss_network_module": "networks.lora",
    "ss_network_dim": "4",
    "ss_max_train_steps": "1600",
    "ss_learning_rate": "0.0001",
    "ss_optimizer": "bitsandbytes.optim.adamw.AdamW8bit",
    "ss_resolution": "(1024, 1024)",
    "ss_tag_frequency": json.dumps({"10_ink": {f"word {number}": 60 for number in range(500)}}),
    "modelspec.architecture": "stable-diffusion-xl-v1-base/lora",
}
Run = Callable[[], Any]


def main() -> int:
    options = _options()
    warnings.simplefilter("ignore")
    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    torch.set_num_threads(1)
    catalogue.warm()
    gc.freeze()  # as the web server does
    with tempfile.TemporaryDirectory() as folder:
        files = [write_full_size(Path(folder), turn) for turn in range(options.rounds)]
        cold = compare("SDXL, skeleton built", files, SDXL, skeleton)
        kept = skeleton()
        warm = compare("SDXL, skeleton in memory", files, SDXL, lambda: kept)
    base = diffusers.StableDiffusionPipeline.from_pretrained(ROOT / "demo/base")
    compare("demo base", [options.adapter] * options.rounds, "shapes", lambda: base)
    return 0 if min(cold, warm) >= TARGET else 1


def skeleton() -> Any:
    """Return SDXL without weights."""
    config = catalogue.FOLDER / SDXL / "config"
    return StableDiffusionXL().skeleton(config, pipeline="StableDiffusionXLPipeline")


def compare(title: str, files: Sequence[Path], slug: str, pipeline: Callable[[], Any]) -> float:
    """Print how long each side takes for a file of `files`, and return the ratio of the medians."""
    problems = verdict(*header_bytes(files[0]), slug).problems  # and warms up
    if problems:
        raise SystemExit(f"{files[0].name} is not sound: {problems[0].sentence}")

    def load(file: Path) -> None:
        there = pipeline()
        there.load_lora_weights(file.parent, weight_name=file.name, local_files_only=True)
        there.unload_lora_weights()

    load(files[0])
    ours, theirs = [], []
    for file in files:
        raw, size = header_bytes(file)
        ours.append(seconds(partial(verdict, raw, size, slug)))
        theirs.append(seconds(partial(load, file)))
    ratio = statistics.median(theirs) / statistics.median(ours)
    print(
        f"{title}: {files[0].name}, header of {len(raw):,} bytes; "
        f"verdict {statistics.median(ours) * 1000:.1f} ms, "
        f"loading {statistics.median(theirs) * 1000:.0f} ms, ratio {ratio:.0f}"
    )
    return ratio


def verdict(raw: bytes, size: int, slug: str) -> Verdict:
    """Return the verdict on a header, as the upload page and POST /api/inspect have it."""
    adapter = read_adapter(parse_header(raw, file_size=size))
    entry = catalogue.entry(slug)
    assert entry
    return verdict_of(adapter, Seen("full-size.safetensors", size), base=OnBase.of(entry))


def header_bytes(file: Path) -> tuple[bytes, int]:
    """Return a file's header and its size."""
    with file.open("rb") as opened:
        length = int.from_bytes(opened.read(LENGTH_BYTES), "little")
        return opened.read(length), file.stat().st_size


def write_full_size(folder: Path, turn: int, *, rank: int = 4) -> Path:
    """
    Write an adapter for every attention and feed-forward layer of SDXL, all its values zero.

    It is written as the safetensors library writes, and each turn's layers are in another order.
    """
    layers = list(_layers())
    random.Random(turn).shuffle(layers)
    shapes: dict[str, tuple[int, ...]] = {}
    for root, (outputs, inputs) in layers:
        shapes[f"{root}.alpha"] = ()
        shapes[f"{root}.lora_down.weight"] = (rank, inputs)
        shapes[f"{root}.lora_up.weight"] = (outputs, rank)
    fields: dict[str, object] = {"__metadata__": METADATA | {"ss_seed": str(turn)}}
    position = 0
    for name, shape in shapes.items():
        end = position + 2 * math.prod(shape)
        fields[name] = {"dtype": "F16", "shape": shape, "data_offsets": [position, end]}
        position = end
    header = json.dumps(fields, separators=(",", ":")).encode()
    path = folder / f"full-size-{turn}.safetensors"
    with path.open("wb") as file:
        file.write(len(header).to_bytes(LENGTH_BYTES, "little") + header)
        file.truncate(LENGTH_BYTES + len(header) + position)
    return path


def _layers() -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield what kohya's scripts call those layers, and their shapes."""
    manifest = catalogue.manifest(SDXL)
    assert manifest
    for other, [name] in manifest.other_names["unet"].items():
        layer = manifest.components["unet"][name]
        if layer.kind == "linear" and "attentions" in name:
            yield f"lora_unet_{other}", layer.shape


def seconds(run: Run) -> float:
    gc.collect()  # Neither side pays for what the other has left.
    began = time.process_time()
    run()
    return time.process_time() - began


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition(".")[0])
    parser.add_argument("--rounds", type=int, default=11)
    demo = ROOT / "demo/adapters/neon-glow/neon-glow.safetensors"
    parser.add_argument("--adapter", type=Path, default=demo)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
