"""
Look at the numbers in an adapter: finite or not, zero or not, how large a change per layer.

The file is read once, in its own order, a bounded piece at a time, so memory stays flat whatever
its size and wherever it lies. What follows from a layer's tensors is for workers/deltas.py.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, BinaryIO

import numpy as np

from registry.checks.facts import Content
from registry.formats.adapter import AdapterFile, Pair, read_adapter
from registry.formats.algorithms import Algorithm
from registry.formats.claimed_hashes import claimed_hashes, hash_by_name
from registry.formats.header import Header, Tensor
from workers import deltas
from workers.decoding import Floats, as_floats, bytes_for

PIECE = 4 * 1024 * 1024  # Numbers decoded at a time: 16 MiB as floats.
MOST_SPECTRA = 3e8  # Cubes of sizes, in all: some seconds. Beyond, every so many-th layer is taken.
LARGEST_HELD = 1024 * 1024  # Numbers of a tensor that may wait for the rest of its layer,
MOST_HELD = 16 * 1024 * 1024  # … and of all that wait at one time.
_MULTIPLIED = {Algorithm.LORA, Algorithm.LOCON, Algorithm.DORA}


@dataclass(slots=True)
class _Seen:
    """What is known of one tensor after all its pieces."""

    nonzero: bool = False
    nan: bool = False
    infinite: bool = False
    squares: float = 0.0


@dataclass(slots=True)
class _Waiting:
    """A layer some of whose tensors have come by."""

    pair: Pair
    missing: int
    seen: dict[str, _Seen] = field(default_factory=dict)
    grams: dict[str, Floats] = field(default_factory=dict)
    held: dict[str, Floats] = field(default_factory=dict)


def read_content(
    file: BinaryIO, header: Header, *, config: Mapping[str, Any] | None = None
) -> Content:
    """Return what the numbers say in the adapter that `file` holds."""
    adapter = read_adapter(header, config=config)
    return _Reading(file, header, adapter).content()


class _Reading:
    def __init__(self, file: BinaryIO, header: Header, adapter: AdapterFile) -> None:
        self._file = file
        self._header = header
        self._adapter = adapter
        self._held = 0
        self._nan: list[str] = []
        self._infinite: list[str] = []
        self._zero: list[str] = []
        self._norms: dict[str, float] = {}
        self._alphas: dict[str, float] = {}
        self._ranks: dict[str, int] = {}
        self._sampled = _sample(adapter.pairs)
        self._claimed = {each.sha256 for each in claimed_hashes(header.metadata)}
        self._hash = hashlib.sha256() if self._claimed else None

    def content(self) -> Content:
        places = self._places()
        # What overflows in float32 becomes infinite, is seen to be, and is no news to numpy.
        with np.errstate(all="ignore"):
            self._read_all(places)
        return Content(
            nan_tensors=tuple(self._nan),
            inf_tensors=tuple(self._infinite),
            zero_up=tuple(self._zero),
            layers=len(self._adapter.pairs),
            norms=self._norms,
            alphas=self._alphas,
            effective_ranks=self._ranks,
            dtypes=_numbers_by_type(self._header.tensors.values()),
            hashes=self._hashes(),
        )

    def _hashes(self) -> tuple[str, ...]:
        """Return what the tensors hash to in the orders that claims are made of."""
        if self._hash is None:
            return ()
        as_they_lie = self._hash.hexdigest()
        if self._claimed == {as_they_lie}:
            return (as_they_lie,)
        return (as_they_lie, hash_by_name(self._file, self._header))

    def _read_all(self, places: dict[str, tuple[_Waiting, str]]) -> None:
        for tensor in sorted(self._header.tensors.values(), key=attrgetter("begin", "end")):
            waiting, role = places.get(tensor.name, (None, ""))
            seen = self._look(tensor, waiting, role)
            if seen.nan:
                self._nan.append(tensor.name)
            if seen.infinite:
                self._infinite.append(tensor.name)
            if waiting is not None:
                waiting.seen[role] = seen
                waiting.missing -= 1
                if not waiting.missing:
                    self._finish(waiting)

    def _places(self) -> dict[str, tuple[_Waiting, str]]:
        places: dict[str, tuple[_Waiting, str]] = {}
        for pair in self._adapter.pairs:
            waiting = _Waiting(pair, len(pair.tensors))
            for role, tensor in pair.tensors.items():
                places[tensor.name] = (waiting, role)
        return places

    def _look(self, tensor: Tensor, waiting: _Waiting | None, role: str) -> _Seen:
        seen = _Seen()
        whole: list[Floats] = []
        hold = waiting is not None and self._may_hold(tensor, waiting.pair, role)
        for piece in self._pieces(tensor, seen):
            _take(piece, seen)
            if hold:
                whole.append(piece)
        if hold and waiting is not None and whole and not (seen.nan or seen.infinite):
            self._keep(np.concatenate(whole).reshape(tensor.shape), waiting, role)
        return seen

    def _may_hold(self, tensor: Tensor, pair: Pair, role: str) -> bool:
        size = math.prod(tensor.shape)
        if role in {"down", "up"} and pair.algorithm in _MULTIPLIED:
            return size <= PIECE * 2 and (pair.rank or 0) <= deltas.LARGEST_GRAM
        return size <= LARGEST_HELD and self._held + size <= MOST_HELD

    def _keep(self, array: Floats, waiting: _Waiting, role: str) -> None:
        if role == "down" and array.ndim > 1 and waiting.pair.algorithm in _MULTIPLIED:
            flat = array.reshape(array.shape[0], -1)
            waiting.grams[role] = flat @ flat.T
        elif role == "up" and array.ndim > 1 and waiting.pair.algorithm in _MULTIPLIED:
            flat = array.reshape(array.shape[0], -1)
            waiting.grams[role] = flat.T @ flat
        else:
            waiting.held[role] = array
            self._held += array.size

    def _pieces(self, tensor: Tensor, seen: _Seen) -> Iterator[Floats]:
        self._file.seek(self._header.data_at + tensor.begin)
        left = tensor.end - tensor.begin
        size = bytes_for(PIECE, tensor.dtype)
        while left > 0:
            raw = self._file.read(min(size, left))
            if not raw:
                raise EOFError(f"The file ends inside of {tensor.name}.")
            left -= len(raw)
            if self._hash is not None:
                self._hash.update(raw)
            piece = as_floats(raw, tensor.dtype)
            if piece is not None:
                yield piece
            elif raw.strip(b"\0"):  # Of a type that we cannot read; but it is something.
                seen.nonzero = True

    def _finish(self, waiting: _Waiting) -> None:
        pair = waiting.pair
        self._held -= sum(array.size for array in waiting.held.values())
        alpha = waiting.held.get("alpha")
        if alpha is not None and alpha.size == 1:
            self._alphas[pair.layer] = float(alpha.reshape(()))
        scale = _scale(pair, self._alphas.get(pair.layer), self._adapter.config)
        if not scale or _changes_nothing(waiting):
            self._zero.append(pair.layer)
            self._norms[pair.layer] = 0.0
            return
        parts = deltas.Parts(
            pair, {role: seen.squares for role, seen in waiting.seen.items()}, waiting.held,
            waiting.grams,
        )  # fmt: skip
        norm = deltas.norm(parts)
        if norm is not None and math.isfinite(norm):
            self._norms[pair.layer] = norm * abs(scale)
            rank = deltas.effective_rank(parts) if pair.layer in self._sampled else None
            if rank is not None:
                self._ranks[pair.layer] = rank
        waiting.held.clear()
        waiting.grams.clear()


def _sample(pairs: tuple[Pair, ...]) -> set[str]:
    """Return the layers whose spectrum there is time for: all, or some from beginning to end."""
    work = sum(map(deltas.work, pairs))
    step = max(1, math.ceil(work / MOST_SPECTRA))
    return {pair.layer for pair in pairs[::step]}


def _numbers_by_type(tensors: Iterable[Tensor]) -> dict[str, int]:
    """Return how many numbers there are of each type, the commonest first."""
    numbers: Counter[str] = Counter()
    for tensor in tensors:
        numbers[tensor.dtype] += math.prod(tensor.shape)
    return dict(numbers.most_common())


def _take(piece: Floats, seen: _Seen) -> None:
    seen.nonzero = seen.nonzero or bool(piece.any())
    # A sum is finite only if every term is; only where it is not are the terms looked at.
    squares = float(np.dot(piece, piece))
    if not math.isfinite(squares):
        seen.nan = seen.nan or bool(np.isnan(piece).any())
        seen.infinite = seen.infinite or bool(np.isinf(piece).any())
    seen.squares += squares


def _changes_nothing(waiting: _Waiting) -> bool:
    """Return whether a factor of the change is there and all zero."""
    algorithm = waiting.pair.algorithm
    if algorithm in {Algorithm.IA3, Algorithm.OFT, Algorithm.BOFT, Algorithm.UNKNOWN}:
        return False  # For these, zero is not the number that changes nothing, or not alone.
    if algorithm in {Algorithm.FULL, Algorithm.NORM}:
        return not any(seen.nonzero for seen in waiting.seen.values())
    factors = {role: seen for role, seen in waiting.seen.items() if _is_factor(role)}
    return any(not seen.nonzero for seen in factors.values())


def _is_factor(role: str) -> bool:
    return role in {"down", "up", "mid"} or role.startswith(("hada_", "lokr_w"))


def _scale(pair: Pair, alpha: float | None, config: Mapping[str, Any]) -> float:
    alpha = pair.alpha if alpha is None else alpha
    if alpha is None or not pair.rank:
        return 1.0
    return alpha / (math.sqrt(pair.rank) if config.get("use_rslora") else pair.rank)
