"""
A column of numbers, one a sample, in the place of the one number that scales a layer's addition.

What a layer adds may have two, three or four dimensions, and as many rows as there are samples or
twice as many, so the column takes its shape from what it is multiplied with. It stands where the
number stood and is no hook: code that torch compiled is not told when hooks come and go, and goes
on with the weights of a batch before. Of a column it looks at every time what it depends on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from workers.engine.families.protocol import NotByRow

PASSES = (1, 2)  # guidance doubles the batch: all samples without the prompt, then all with it


class Column:
    """Numbers that rows are multiplied with. `rows @ column` and the like are no use of it."""

    def __init__(self, numbers: torch.Tensor, *, is_table: bool = False) -> None:
        self.numbers = numbers
        self.is_table = is_table
        self._shaped: dict[tuple[int, int], torch.Tensor] = {}

    @classmethod
    def __torch_function__(
        cls,
        function: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> torch.Tensor:
        """
        Return the product of what a layer adds and the column.

        :raises NotByRow: if the rows are not the samples
        """
        rows, column = args
        return column.times(rows)

    def times(self, rows: torch.Tensor) -> torch.Tensor:
        return rows * self._for(rows)

    def _for(self, rows: torch.Tensor) -> torch.Tensor:
        count, dimensions = rows.shape[0], rows.ndim
        if torch.compiler.is_compiling():
            # What is remembered would be looked at anew with every number of rows.
            return shaped(self.numbers, count, dimensions, is_table=self.is_table)
        key = count, dimensions
        if key not in self._shaped:
            self._shaped[key] = shaped(self.numbers, *key, is_table=self.is_table)
        return self._shaped[key]


def shaped(column: torch.Tensor, rows: int, dimensions: int, *, is_table: bool) -> torch.Tensor:
    """
    Return the column for so many rows of so many dimensions, once for each pass.

    :raises NotByRow: if rows cannot be told apart by sample
    """
    samples = column.shape[0]
    if samples > 1 and not (is_table and rows == 1):
        # (Positions are looked up once for all samples, which they are added to.)
        _refuse_unless_by_row(rows, samples)
        # By index, not repeated: so code compiled for one number of samples is good for any.
        column = column[torch.arange(rows, device=column.device) % samples]
    return column.view(-1, *[1] * (dimensions - 1))


def _refuse_unless_by_row(rows: int, samples: int) -> None:
    if rows % samples or rows // samples not in PASSES:
        raise NotByRow(
            "The adapter changes a layer that sees all samples in one row: "
            f"{rows} rows cannot carry {samples} weights, one each."
        )
