"""
The tensors of a file, by our own bounded reader of its header: safetensors and GGUF alike.

Nothing is mapped or trusted beyond what the header was checked for: each tensor is the bytes from
`begin` to `end`, which the reader has held against the file's size.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from registry.formats.adapter import AdapterFile, read_adapter
from registry.formats.errors import FormatError
from registry.formats.files import read_header
from registry.formats.header import Header, Tensor
from workers.engine.converting.contract import ConversionRefused

NUMBERS: Mapping[str, torch.dtype] = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "F8_E4M3": torch.float8_e4m3fn,
    "F8_E5M2": torch.float8_e5m2,
}


@dataclass(frozen=True)
class Weights:
    """A file whose header has been read, and whose tensors are fetched one at a time."""

    path: Path
    header: Header
    adapter: AdapterFile

    def tensor(self, tensor: Tensor) -> torch.Tensor:
        """
        Return one tensor of the file.

        :raises ConversionRefused: if its number type is none that adapters are computed in
        """
        dtype = NUMBERS.get(tensor.dtype)
        if dtype is None:
            raise ConversionRefused(
                f"The tensor {tensor.name} is of the number type {tensor.dtype}, which is not "
                "converted: dequantise the file first."
            )
        raw = self._raw(tensor)
        if not raw:
            return torch.empty(tensor.shape, dtype=dtype)
        return torch.frombuffer(raw, dtype=dtype).reshape(tensor.shape)

    def switch(self, tensor: Tensor) -> torch.Tensor:
        """Return 1 for a tensor that says yes, 0 for one that says no, of whatever number type."""
        return torch.tensor(float(any(self._raw(tensor))))

    def _raw(self, tensor: Tensor) -> bytearray:
        with self.path.open("rb") as file:
            file.seek(self.header.data_at + tensor.begin)
            return bytearray(file.read(tensor.end - tensor.begin))

    @property
    def dtype(self) -> torch.dtype:
        """The commonest number type in it."""
        return NUMBERS.get(next(iter(self.adapter.dtypes), "F32"), torch.float32)


def open_weights(path: Path, config: Path | None = None) -> Weights:
    """
    Return the file at `path`, with PEFT's configuration beside it if there is one.

    :raises ConversionRefused: if either cannot be read, or the file is no adapter
    """
    try:
        with path.open("rb") as file:
            header = read_header(file, file_size=path.stat().st_size)
        adapter = read_adapter(header, config=_config(config))
    except FormatError as error:
        raise ConversionRefused(str(error)) from error
    except OSError as error:
        raise ConversionRefused(f"The file cannot be read: {error.strerror}.") from error
    return Weights(path, header, adapter)


def _config(path: Path | None) -> Mapping[str, Any] | None:
    if path is None:
        return None
    try:
        fields = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ConversionRefused(
            f"The configuration beside the file is no JSON: {error}."
        ) from error
    if not isinstance(fields, dict):
        raise ConversionRefused("The configuration beside the file is no JSON object.")
    return fields
