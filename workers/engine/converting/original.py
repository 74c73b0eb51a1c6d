"""
The same file under another header, or in another number type: nothing is renamed or computed.

Without another number type the tensors' bytes are copied as they lie, so whoever knows them by
their digest finds them again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import torch

from registry.exports import headers
from registry.formats.header import LENGTH_BYTES, Container, Tensor
from workers.engine.converting.contract import Conversion, ConversionRefused, Converted
from workers.engine.converting.header_metadata import HASHES, edited
from workers.engine.converting.numbers import TOLERANCES, cast, dtype_called
from workers.engine.converting.saving import save
from workers.engine.converting.weights import Weights, open_weights

COPIED = 4 * 1024 * 1024  # bytes at a time
NOT_SCALED = ("alpha",)  # Numbers and not matrices: rounding them would change every weight.


def write(weights: Weights, config: Path | None, to: Conversion, into: Path) -> Converted:
    """
    Write the file again as `to` says.

    :raises ConversionRefused: if that cannot be done to it
    """
    if weights.header.container is not Container.SAFETENSORS:
        raise ConversionRefused("A GGUF file is kept as it is: only safetensors are rewritten.")
    if to.rank is not None or to.energy is not None:
        raise ConversionRefused("Another rank needs a layout to be written in: choose one.")
    path = into / weights.path.with_suffix(".safetensors").name
    if to.dtype is None:
        metadata = edited(weights.header.metadata, to)
        _copy(weights, metadata, path)
        worst, notes = 0.0, ("The tensors are those of the original, byte for byte.",)
    else:
        worst = _cast(weights, to, path, dtype_called(to.dtype))
        notes = (f"Every matrix was rounded to {to.dtype}.",)
    files: tuple[Path, ...] = (path,)
    if config is not None:
        files += (_copy_config(weights, config, to, into / "adapter_config.json"),)
    return Converted(files, len(weights.adapter.pairs), worst, notes)


def _copy_config(weights: Weights, config: Path, to: Conversion, path: Path) -> Path:
    if not to.bare:
        return Path(shutil.copyfile(config, path))
    fields = headers.without_paths(weights.adapter.config)
    path.write_text(json.dumps(fields, indent=2, sort_keys=True), encoding="utf-8")
    return path


def _copy(weights: Weights, metadata: Mapping[str, str], path: Path) -> None:
    with weights.path.open("rb") as source, path.open("wb") as target:
        target.write(header_of(weights.header.tensors.values(), metadata))
        source.seek(weights.header.data_at)
        shutil.copyfileobj(source, target, COPIED)


def header_of(tensors: Iterable[Tensor], metadata: Mapping[str, str]) -> bytes:
    """Return the first bytes of a safetensors file of these tensors."""
    fields: dict[str, object] = {"__metadata__": dict(metadata)} if metadata else {}
    for tensor in tensors:
        fields[tensor.name] = {
            "dtype": tensor.dtype,
            "shape": list(tensor.shape),
            "data_offsets": [tensor.begin, tensor.end],
        }
    text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % LENGTH_BYTES)
    return len(text).to_bytes(LENGTH_BYTES, "little") + text


def _cast(weights: Weights, to: Conversion, path: Path, dtype: torch.dtype) -> float:
    """Write every tensor in another type, and return the worst error of any, read back."""
    tensors = {}
    for name, tensor in weights.header.tensors.items():
        own = weights.tensor(tensor)
        tensors[name] = own if _is_a_number(name, own) else cast(own, dtype, name)
    metadata = edited(weights.header.metadata, to, dropped=HASHES)
    save(tensors, path, metadata)
    again = open_weights(path)
    errors = [
        _error(weights.tensor(tensor), again.tensor(again.header.tensors[name]))
        for name, tensor in weights.header.tensors.items()
    ]
    worst = max(errors, default=0.0)
    if worst > TOLERANCES[dtype]:
        raise ConversionRefused(
            f"A tensor came out {worst:.2%} off: its numbers are too small for {to.dtype}. Choose "
            "bf16 or fp32."
        )
    return worst


def _is_a_number(name: str, tensor: torch.Tensor) -> bool:
    return tensor.numel() == 1 and name.endswith(NOT_SCALED)


def _error(one: torch.Tensor, other: torch.Tensor) -> float:
    size = float(one.double().norm())
    difference = float((one.double() - other.double()).norm())
    return difference / size if size else difference
