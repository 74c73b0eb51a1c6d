"""
Read a file as changes of the base's own layers.

Layers come one at a time and may be asked for again: a file of whole differences would fill memory
many times over. What cannot be expressed is refused by name; what is left out on purpose is noted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import torch

from registry.formats.adapter import AdapterFile, Pair
from registry.formats.algorithms import Algorithm
from registry.formats.dialects import Dialect
from workers.engine.converting import turning
from workers.engine.converting.algorithms import BY_ALGORITHM, Factors
from workers.engine.converting.changes import Change
from workers.engine.converting.contract import ConversionRefused
from workers.engine.converting.names import Names, Place
from workers.engine.converting.scaling import scale_of
from workers.engine.converting.weights import Weights

_LEFT_OUT = {Algorithm.NORM}
_BIASES = {"diff_b": "biases", "up_bias": "biases"}


@dataclass(frozen=True)
class Reading:
    """An adapter on a base, to be gone through layer by layer."""

    weights: Weights
    names: Names
    component: str | None = None  # where all its layers are, if its names do not say
    heads: turning.Heads | None = None
    _kept: dict[str, Place | None] = field(default_factory=dict)

    @property
    def adapter(self) -> AdapterFile:
        return self.weights.adapter

    def __iter__(self) -> Iterator[Change]:
        """
        Yield the change of each layer of the base.

        :raises ConversionRefused: if one of them cannot be expressed, or is not in the base
        """
        for pair in self._pairs():
            place = self.place(pair)
            if place is None:
                raise ConversionRefused(
                    f"{pair.layer} is no layer of {self.names.base}, or has another shape there."
                )
            yield from self._changes(pair, place)

    def _pairs(self) -> Iterator[Pair]:
        for pair in self.adapter.pairs:
            if not self._is_left_out(pair):
                yield pair

    @property
    def unknown(self) -> tuple[str, ...]:
        """Layers of the file that the base does not have."""
        return tuple(pair.layer for pair in self._pairs() if self.place(pair) is None)

    def place(self, pair: Pair) -> Place | None:
        """Return where a layer of the file is in the base, None if nowhere."""
        if pair.layer not in self._kept:
            found = self.names.find(self.component or pair.component, pair.flat)
            self._kept[pair.layer] = next((each for each in found if self._fits(pair, each)), None)
        return self._kept[pair.layer]

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the file is left out."""
        notes = []
        norms = sum(1 for pair in self.adapter.pairs if self._is_left_out(pair))
        if norms:
            notes.append(
                f"Its changes of {norms} normalisations are left out: plain LoRA has no place for "
                "them."
            )
        if self.adapter.embeddings:
            notes.append(
                f"Its {len(self.adapter.embeddings)} embeddings (textual inversion) are left out."
            )
        return tuple(notes)

    def refuse_losses(self) -> None:
        """
        Refuse a file that holds more than its layers' changes.

        :raises ConversionRefused: naming what would be lost
        """
        if self.adapter.saved:
            raise ConversionRefused(
                f"It holds whole layers beside the adapter (modules_to_save), such as "
                f"{self.adapter.saved[0]}, which only PEFT takes."
            )
        lost = [name for name in self.adapter.leftovers if not name.endswith(".alpha")]
        if lost:
            raise ConversionRefused(
                f"It holds {len(lost)} tensors that belong to no layer, such as {lost[0]}: they "
                "would be lost."
            )
        if not self.adapter.pairs:
            raise ConversionRefused("Its layout is none that we know.")

    def _is_left_out(self, pair: Pair) -> bool:
        if pair.algorithm in _LEFT_OUT:
            return True
        return pair.algorithm is Algorithm.FULL and len(pair.shape) == 1  # A norm's weight.

    def _fits(self, pair: Pair, place: Place) -> bool:
        up, down = pair.up, pair.down
        if up is None or down is None:
            return True  # Not plain factors: `_checked` sees what they come to.
        first = self.names.layer(place.component, place.layers[0])
        if first.kind == "embedding":
            return (up.shape[0], down.shape[1]) == first.shape[::-1]
        outputs = sum(self.names.layer(place.component, name).shape[0] for name in place.layers)
        return up.shape[0] == outputs and down.shape[1] == first.shape[1]

    # --- one layer -----------------------------------------------------------------------

    def _changes(self, pair: Pair, place: Place) -> Iterator[Change]:
        _refuse(pair)
        tensors = {role: self.weights.tensor(each) for role, each in pair.tensors.items()}
        factors = BY_ALGORITHM[pair.algorithm](tensors)
        layer = self.names.layer(place.component, place.layers[0])
        change = Change(
            component=place.component,
            layer=place.layers[0],
            kind=layer.kind,
            down=factors.down,
            up=factors.up,
            scale=self._scale(pair, factors),
            magnitude=_magnitude(tensors, factors.up.shape[0], pair.layer),
            algorithm="lora" if pair.algorithm is Algorithm.DORA else pair.algorithm.value,
            spectrum=factors.spectrum,
        )
        if self.adapter.dialect is Dialect.GGUF:
            change = turning.out_of_gguf(change, self.heads)
            if change.kind == "embedding":  # Its first matrix lies transposed there.
                words = factors.down.shape[1]
                change = replace(change, down=factors.down.reshape(words, -1).T)
        if place.swapped:
            change = turning.swapped(change)
        for part in _split(change, place, self.names):
            yield self._checked(part, pair)

    def _scale(self, pair: Pair, factors: Factors) -> float:
        # LyCORIS divides alpha by the rank only where there is one; PEFT's LoKr always does.
        if factors.rank is None and self.adapter.config.get("peft_type") != "LOKR":
            return 1.0
        return scale_of(self.weights, pair, factors.rank or 1)

    def _checked(self, change: Change, pair: Pair) -> Change:
        """Return the change with its down matrix in the form that its layer has."""
        outputs, *inputs = self.names.layer(*change.place).shape
        if change.kind == "embedding":  # Its weight has a row a word, and PEFT turns it round.
            outputs, inputs = inputs[0], [outputs]
        form = torch.Size((change.rank, *inputs))
        if change.up.shape[0] != outputs or change.down.numel() != form.numel():
            raise ConversionRefused(f"{pair.layer} has another shape in {self.names.base}.")
        return replace(change, down=change.down.reshape(form))


def _refuse(pair: Pair) -> None:
    """
    Refuse a layer that no two factors can express.

    :raises ConversionRefused: saying why
    """
    if pair.missing:
        raise ConversionRefused(f"{pair.layer} lacks its {pair.missing[0]} matrix.")
    if pair.algorithm not in BY_ALGORITHM or (
        pair.algorithm is Algorithm.FULL and "diff" not in pair.tensors
    ):
        what = "changes biases" if "diff_b" in pair.tensors else f"is {pair.algorithm.value}"
        raise ConversionRefused(
            f"{pair.layer} {what}, which plain LoRA cannot express without the base's weights."
        )
    for role in _BIASES:
        if role in pair.tensors:
            raise ConversionRefused(
                f"{pair.layer} changes a bias beside its weight, which plain LoRA cannot express."
            )
    if pair.magnitude is not None and pair.algorithm is not Algorithm.DORA:
        raise ConversionRefused(
            f"{pair.layer} has magnitudes (DoRA) on {pair.algorithm.value}, which no other layout "
            "knows."
        )


def _magnitude(
    tensors: Mapping[str, torch.Tensor], outputs: int, layer: str
) -> torch.Tensor | None:
    found = tensors.get("magnitude")
    if found is None:
        return None
    # LyCORIS has two kinds, [outputs, 1] and [1, inputs]; PEFT has one, and a kernel's is
    # [1, outputs, 1, 1] with it.
    by_inputs = found.dim() == 2 and found.shape[0] == 1 and found.shape[1] != 1
    if by_inputs or found.numel() != outputs:
        raise ConversionRefused(
            f"The magnitudes of {layer} are one an input, and other layouts have one an output."
        )
    return found.reshape(-1)


def _split(change: Change, place: Place, names: Names) -> Iterator[Change]:
    """Yield a joined layer's change as those of the base's own layers, which are its rows."""
    if len(place.layers) == 1:
        yield change
        return
    begin = 0
    for name in place.layers:
        rows = slice(begin, begin + names.layer(place.component, name).shape[0])
        begin = rows.stop
        up, down = _without_idle(change.up[rows], change.down)
        if not up.shape[1]:
            continue  # Joined only because its neighbours were trained.
        kept = change.magnitude[rows] if change.magnitude is not None else None
        yield replace(change, layer=name, up=up, down=down, magnitude=kept, spectrum=None)


def _without_idle(up: torch.Tensor, down: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return factors without the ranks that are all zero in these rows: other rows' own."""
    busy = up.count_nonzero(dim=0) > 0
    return (up, down) if bool(busy.all()) else (up[:, busy], down[busy])
