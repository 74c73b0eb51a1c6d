"""
Look at the numbers in an adapter: finite or not, zero or not, how large a change per layer.

The file is read once, in its own order, a bounded piece at a time, so memory stays flat whatever
its size and wherever it lies. A layer's change is never built: the norm of up·down follows from two
small matrices of rank by rank, |BA|² = tr(BᵀB · AAᵀ).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, BinaryIO

import numpy as np

from registry.checks.facts import Content
from registry.formats.adapter import AdapterFile, Pair, read_adapter
from registry.formats.algorithms import Algorithm
from registry.formats.header import Header, Tensor
from workers.decoding import Floats, as_floats, bytes_for

PIECE = 4 * 1024 * 1024  # Numbers decoded at a time: 16 MiB as floats.
LARGEST_GRAM = 1024  # Ranks beyond this are not worth 4 MiB a matrix.
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
        )

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
        for piece in self._pieces(tensor):
            _take(piece, seen)
            if hold:
                whole.append(piece)
        if hold and waiting is not None and whole and not (seen.nan or seen.infinite):
            self._keep(np.concatenate(whole).reshape(tensor.shape), waiting, role)
        return seen

    def _may_hold(self, tensor: Tensor, pair: Pair, role: str) -> bool:
        size = math.prod(tensor.shape)
        if role in {"down", "up"} and pair.algorithm in _MULTIPLIED:
            return size <= PIECE * 2 and (pair.rank or 0) <= LARGEST_GRAM
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

    def _pieces(self, tensor: Tensor) -> Iterator[Floats]:
        self._file.seek(self._header.data_at + tensor.begin)
        left = tensor.end - tensor.begin
        size = bytes_for(PIECE, tensor.dtype)
        while left > 0:
            raw = self._file.read(min(size, left))
            if not raw:
                raise EOFError(f"The file ends inside of {tensor.name}.")
            left -= len(raw)
            piece = as_floats(raw, tensor.dtype)
            if piece is not None:
                yield piece

    def _finish(self, waiting: _Waiting) -> None:
        pair = waiting.pair
        self._held -= sum(array.size for array in waiting.held.values())
        alpha = waiting.held.get("alpha")
        if alpha is not None and alpha.size == 1:
            self._alphas[pair.layer] = float(alpha.reshape(()))
        if _changes_nothing(waiting):
            self._zero.append(pair.layer)
            self._norms[pair.layer] = 0.0
            return
        norm = _norm(waiting)
        if norm is not None and math.isfinite(norm):
            scale = _scale(pair, self._alphas.get(pair.layer), self._adapter.config)
            self._norms[pair.layer] = norm * abs(scale)
        waiting.held.clear()
        waiting.grams.clear()


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


def _norm(waiting: _Waiting) -> float | None:
    """Return the norm of the layer's change before scaling, None if it was not worth the room."""
    algorithm, held, grams = waiting.pair.algorithm, waiting.held, waiting.grams
    if algorithm in {Algorithm.FULL, Algorithm.NORM}:
        return math.sqrt(sum(seen.squares for seen in waiting.seen.values()))
    if algorithm is Algorithm.LOKR:
        return _kronecker_norm(waiting)
    if algorithm is Algorithm.LOHA:
        return _hadamard_norm(held)
    if "down" not in grams or "up" not in grams:
        return None
    down, up = grams["down"], grams["up"]
    if "mid" in waiting.pair.tensors:
        return _tucker_norm(down, up, held.get("mid"))
    return _root(np.sum(up * down)) if up.shape == down.shape else None


def _tucker_norm(down: Floats, up: Floats, mid: Floats | None) -> float | None:
    if mid is None or mid.shape[:2] != (up.shape[0], down.shape[0]):
        return None
    core = mid.reshape(*mid.shape[:2], -1)
    return _root(np.einsum("pq,prk,rs,qsk->", up, core, down, core, optimize=True))


def _kronecker_norm(waiting: _Waiting) -> float | None:
    norms = []
    for name in ("lokr_w1", "lokr_w2"):
        if name in waiting.seen:
            norms.append(math.sqrt(waiting.seen[name].squares))
            continue
        left, right = waiting.held.get(f"{name}_a"), waiting.held.get(f"{name}_b")
        if left is None or right is None or left.shape[-1] != right.shape[0]:
            return None  # Missing, or decomposed once more around a core.
        norms.append(float(np.linalg.norm(left @ right.reshape(right.shape[0], -1))))
    return norms[0] * norms[1]


def _hadamard_norm(held: Mapping[str, Floats]) -> float | None:
    names = ("hada_w1_a", "hada_w1_b", "hada_w2_a", "hada_w2_b")
    if not all(name in held and held[name].ndim == 2 for name in names) or "hada_t1" in held:
        return None
    one, two, three, four = (held[name] for name in names)
    if one.shape[1] * three.shape[1] > LARGEST_GRAM:
        return None
    # (AB)∘(CD) is the product of two matrices whose columns are products of pairs of columns.
    left = np.einsum("ip,iq->ipq", one, three).reshape(one.shape[0], -1)
    right = np.einsum("pj,qj->pqj", two, four).reshape(-1, two.shape[1])
    return _root(np.sum((left.T @ left) * (right @ right.T)))


def _root(square: Any) -> float:
    return math.sqrt(max(float(square), 0.0))


def _scale(pair: Pair, alpha: float | None, config: Mapping[str, Any]) -> float:
    alpha = pair.alpha if alpha is None else alpha
    if alpha is None or not pair.rank:
        return 1.0
    return alpha / (math.sqrt(pair.rank) if config.get("use_rslora") else pair.rank)
