"""
The third side of sweep.py: one batch by torch.compile, and how often that compiles.

Compiling takes far longer than a sweep, so it must be over once a few rows were drawn. Twenty
adapters of random ranks and weights of their own are put on one after another, and swept at eight
weights, at five and at one; what is compiled meanwhile is counted.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.sweep_bases import Subject, adapter_for
from workers.engine.adapter_files import AdapterSource
from workers.engine.attaching import Attachment, attached
from workers.engine.bases import Base
from workers.engine.compiling import INDUCTOR, Blocks, blocks_of, compilations
from workers.engine.widths import even_out

RANKS = (4, 8, 16, 32, 1, 2, 3, 5, 6, 7, 10, 12, 14, 20, 24, 28, 30, 31, 9, 11)
ROWS = ((0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4), (-0.5, 0.3, 0.5, 0.7, 0.9), (0.75,))

Draw = Callable[[Attachment, Sequence[float]], Any]


def compiled(base: Base, attachment: Attachment, draw: Callable[[], Any]) -> Callable[[], Any]:
    """
    Return what draws as `draw` does, by compiled blocks.

    Ranks are evened out for good, so all sides of the race draw with the same layers.
    """
    blocks = _blocks_of(base)
    if not even_out(attachment, blocks):
        raise SystemExit("This adapter is not drawn by compiled blocks: it is no plain LoRA.")

    def run() -> Any:
        with _drawn_by(base, blocks):
            return draw()

    return run


def report(subject: Subject, draw: Draw) -> int:
    """Print how often is compiled for twenty adapters; return the exit status."""
    base = subject.base
    blocks = _blocks_of(base)
    with tempfile.TemporaryDirectory() as folder, _drawn_by(base, blocks):
        counts = [compilations()]
        for number, rank in enumerate((8, *RANKS)):
            path = adapter_for(
                base, *blocks.components, Path(folder) / f"{number}", rank=rank, seed=number
            )
            with attached(base, AdapterSource(path)) as attachment:
                even_out(attachment, blocks)
                for weights in ROWS:
                    draw(attachment, weights)
            counts.append(compilations())
    again = counts[-1] - counts[1]
    print(
        f" recompilations: {again} over {len(RANKS)} adapters of ranks {min(RANKS)} to {max(RANKS)}"
        f", at {', '.join(str(len(weights)) for weights in ROWS)} weights"
    )
    if not blocks.is_used:
        print(" torch.compile failed, and the batches were drawn without it")
    return 0 if blocks.is_used and not again else 1


def _blocks_of(base: Base) -> Blocks:
    blocks = blocks_of(base.source.slug, base.family, base.pipeline, INDUCTOR)
    if blocks is None:
        raise SystemExit(f"Nothing of {base.source.slug} can be compiled.")
    return blocks


@contextlib.contextmanager
def _drawn_by(base: Base, blocks: Blocks) -> Iterator[None]:
    base.blocks = blocks
    try:
        yield
    finally:
        base.blocks = None
