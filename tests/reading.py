"""Short ways from bytes to what we read in them, for tests; and where the real samples lie."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from registry.formats.adapter import AdapterFile, read_adapter
from registry.formats.header import Header, Tensor, read_header

_BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[2] / "shared/samples"
SAMPLES = Path(os.environ.get("LORADEX_SAMPLES") or _BESIDE_THE_REPOSITORY)

needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(),
    reason=f"THE REAL SAMPLES ARE NOT HERE: no folder {SAMPLES}; set LORADEX_SAMPLES to it",
)


def header_of(file: io.BytesIO) -> Header:
    """Return the header of a file in memory."""
    file.seek(0)
    return read_header(file, file_size=len(file.getvalue()))


def adapter_of(file: io.BytesIO, *, config: Mapping[str, Any] | None = None) -> AdapterFile:
    """Return the adapter of a file in memory."""
    return read_adapter(header_of(file), config=config)


def header_from(shapes: Mapping[str, tuple[int, ...]], metadata: Mapping[str, str] = {}) -> Header:
    """Return the header that a file of tensors with these names and shapes would have."""
    tensors: dict[str, Tensor] = {}
    position = 0
    for name, shape in shapes.items():
        end = position + 2 * math.prod(shape)
        tensors[name] = Tensor(name, "F16", tuple(shape), position, end)
        position = end
    return Header(tensors, metadata, 1)


def adapter_from(
    shapes: Mapping[str, tuple[int, ...]],
    *,
    metadata: Mapping[str, str] = {},
    config: Mapping[str, Any] | None = None,
) -> AdapterFile:
    """Return the adapter that a file of tensors with these names and shapes would hold."""
    return read_adapter(header_from(shapes, metadata), config=config)
