"""
Run a target for a while: with atheris, which sees what code an input reaches, or without.

A find does not end the run: its input is kept under the digest of where it went wrong, once, and
the run goes on. What an input costs is watched too: more than a second of processor time is a find.
"""

from __future__ import annotations

import hashlib
import importlib
import random
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any

SLOW = 1.0
LONGEST = 16 * 1024
INSTRUMENTED = ["registry.formats", "registry.bases", "registry.checks", "registry.verdicts"]


class TooSlow(Exception):
    pass


class Watch:
    """Calls a target and keeps what goes wrong."""

    def __init__(self, target: Callable[[bytes], None], finds: Path) -> None:
        self._target = target
        self._finds = finds
        self.runs = 0
        self.seen: dict[str, str] = {}
        finds.mkdir(parents=True, exist_ok=True)

    def __call__(self, data: bytes) -> None:
        self.runs += 1
        began = time.process_time()
        try:
            self._target(data)
            _refuse_slowness(time.process_time() - began)
        except Exception as error:  # noqa: BLE001 - every kind of error is a find
            self._keep(data, error)

    def _keep(self, data: bytes, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)[-3:]
        where = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
        place = " ".join([type(error).__name__, *where])
        digest = hashlib.sha256(place.encode()).hexdigest()[:12]
        if digest in self.seen:
            return
        self.seen[digest] = place
        (self._finds / digest).write_bytes(data)
        told = "".join(traceback.format_exception(error))
        (self._finds / f"{digest}.txt").write_text(told[-8000:], errors="replace")
        sys.stderr.write(f"FOUND {digest} {place}: {str(error)[:200]!a}\n")


def _refuse_slowness(seconds: float) -> None:
    if seconds > SLOW:
        raise TooSlow(f"{seconds:.1f} s")


def run(name: str, *, seconds: int, seed: int, finds: Path, plain: bool) -> None:
    """Fuzz the target `name`; say at the end how many inputs were tried and what was found."""
    atheris: Any = None if plain else _atheris()
    module = f"tests.fuzz.{name}"
    with atheris.instrument_imports(include=INSTRUMENTED) if atheris else nullcontext():
        target = importlib.import_module(module)
    watch = Watch(target.try_one, finds)
    if atheris:
        _with_atheris(atheris, target, watch, seconds=seconds, seed=seed)
    else:
        _by_hand(target, watch, seconds=seconds, seed=seed)
        sys.stderr.write(f"{name}: {watch.runs:,} inputs, {len(watch.seen)} finds\n")


def _atheris() -> ModuleType | None:
    try:
        return importlib.import_module("atheris")
    except ImportError:
        return None


def _with_atheris(
    atheris: Any, target: ModuleType, watch: Watch, *, seconds: int, seed: int
) -> None:
    corpus = watch._finds / "corpus"
    corpus.mkdir(exist_ok=True)
    for number, raw in enumerate(target.seeds()):
        (corpus / f"seed-{number}").write_bytes(raw)
    words = corpus.parent / "dictionary"
    quoted = ["".join(f"\\x{byte:02x}" for byte in word) for word in target.DICTIONARY]
    words.write_text("".join(f'"{word}"\n' for word in quoted))
    options = [
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-max_len={LONGEST}",
        f"-dict={words}",
        f"-artifact_prefix={watch._finds}/",
        "-timeout=10",
        "-rss_limit_mb=2048",
        "-print_final_stats=1",
        str(corpus),
    ]
    atheris.Setup([sys.argv[0], *options], watch)
    atheris.Fuzz()  # Ends the process.


# --- without atheris: change sound files, blindly --------------------------------------------


def _by_hand(target: ModuleType, watch: Watch, *, seconds: int, seed: int) -> None:
    draw = random.Random(seed)
    pool = list(target.seeds())
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        watch(mutated(draw.choice(pool), draw, pool=pool, words=target.DICTIONARY))


def mutated(
    raw: bytes, draw: random.Random, *, pool: Sequence[bytes], words: Sequence[bytes]
) -> bytes:
    """Return `raw` with up to eight changes, each a byte, a word, a cut, a copy or a graft."""
    data = bytearray(raw)
    for _ in range(draw.randint(1, 8)):
        place = draw.randrange(len(data) + 1)
        end = min(len(data), place + draw.randint(1, 16))
        change = draw.randrange(6)
        if change == 0 and place < len(data):
            data[place] = draw.randrange(256)
        elif change == 1 and place < len(data):
            data[place] ^= 1 << draw.randrange(8)
        elif change == 2:
            data[place:place] = draw.choice(words)
        elif change == 3:
            del data[place:end]
        elif change == 4:
            data[place:place] = data[place:end] * draw.randint(1, 4)
        else:
            other = draw.choice(pool)
            data[place:] = other[draw.randrange(len(other) + 1) :]
    return bytes(data[:LONGEST])
