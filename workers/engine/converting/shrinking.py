"""
Bring changes to the rank that was asked for, and know what that costs before it is measured.

Plain LoRA is left as it is unless a rank or an energy is asked for. Anything else has the rank that
its exact form takes, often hundreds, so it is shrunk to keep ENERGY of its square.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import torch

from workers.engine.converting.algebra import decompose, rank_for
from workers.engine.converting.changes import Change, flat
from workers.engine.converting.contract import Conversion, ConversionRefused

ENERGY = 0.9999  # leaves an error of a hundredth


@dataclass(slots=True)
class Shrinking:
    """How to shrink, and afterwards what became of it."""

    rank: int | None
    energy: float | None
    most: int | None = None  # the same for what is no plain LoRA alone
    expected: float = 0.0  # the worst error that shrinking alone brings about
    made_of: dict[str, int] = field(default_factory=dict)  # layers by what they were before

    @classmethod
    def of(cls, conversion: Conversion, *, most: int | None = None) -> Shrinking:
        """
        Return what a conversion asks for.

        :raises ConversionRefused: if it asks for what there cannot be
        """
        if conversion.rank is not None and conversion.rank < 1:
            raise ConversionRefused(f"A rank of {conversion.rank} is none: give 1 or more.")
        if conversion.energy is not None and not 0 < conversion.energy <= 1:
            raise ConversionRefused("The energy to keep is a share: more than 0, at most 1.")
        return cls(conversion.rank, conversion.energy, most)

    def __call__(self, changes: Iterable[Change]) -> Iterator[Change]:
        """Yield each change at the rank that it may have."""
        for change in changes:
            if change.algorithm in {"lora", "locon"} and not self._is_asked(change):
                yield change
            else:
                yield self._shrunk(change)

    def _is_asked(self, change: Change) -> bool:
        return self.energy is not None or (self.rank is not None and change.rank > self.rank)

    def _shrunk(self, change: Change) -> Change:
        if change.spectrum is None:
            left, values, right = decompose(change.up, flat(change.down))
        else:
            values = change.spectrum
            left, right = change.up / values.clamp(min=1e-30), flat(change.down)
        self.made_of[change.algorithm] = self.made_of.get(change.algorithm, 0) + 1
        if not len(values):  # It changes nothing, and a rank of 0 is no matrix.
            return replace(change, up=change.up[:, :1] * 0, down=change.down[:1] * 0,
                           algorithm="lora", spectrum=None)  # fmt: skip
        count = self._count(values)
        lost, all_of_it = (
            float((values[count:].double() ** 2).sum()),
            float((values.double() ** 2).sum()),
        )
        self.expected = max(self.expected, (lost / all_of_it) ** 0.5)
        # Half of the size to each side, so that both stay well inside of half precision.
        root = (values[:count] * abs(change.scale)).sqrt()
        return replace(
            change,
            up=left[:, :count] * root * (1.0 if change.scale >= 0 else -1.0),
            down=(right[:count] * root[:, None]).reshape(count, *change.down.shape[1:]),
            scale=1.0,
            algorithm="lora",
            spectrum=None,
        )

    def _count(self, values: torch.Tensor) -> int:
        energy = self.energy
        if energy is None:
            energy = ENERGY if self.rank is None else 1.0
        return min(rank_for(values, energy), self.rank or self.most or len(values))
