"""A file without some of its tensors: the others as they lie, byte for byte, one after another."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from registry.formats.header import Container, Tensor
from workers.engine.converting.contract import ConversionRefused
from workers.engine.converting.header_metadata import HASHES
from workers.engine.converting.original import header_of
from workers.engine.converting.weights import Weights

PIECE = 4 * 1024 * 1024  # bytes at a time


def without(weights: Weights, names: Collection[str], path: Path) -> Path:
    """
    Write the file to `path` without the tensors named.

    What the header said of all tensors together is true no more, and goes too.

    :raises ConversionRefused: if that cannot be done to it, or nothing would remain
    """
    if weights.header.container is not Container.SAFETENSORS:
        raise ConversionRefused("A GGUF file is kept as it is: only safetensors are rewritten.")
    gone = set(names)
    kept = [each for each in weights.header.tensors.values() if each.name not in gone]
    if not kept:
        raise ConversionRefused("Nothing would remain of it.")
    kept.sort(key=lambda each: (each.begin, each.end))
    metadata = {k: text for k, text in weights.header.metadata.items() if k not in HASHES}
    with weights.path.open("rb") as source, path.open("wb") as target:
        target.write(header_of(_moved(kept), metadata))
        for tensor in kept:
            source.seek(weights.header.data_at + tensor.begin)
            left = tensor.end - tensor.begin
            while left:
                piece = source.read(min(left, PIECE))
                if not piece:
                    raise ConversionRefused(f"The file ends within the tensor {tensor.name}.")
                target.write(piece)
                left -= len(piece)
    return path


def _moved(tensors: list[Tensor]) -> Iterator[Tensor]:
    """Yield the tensors as they lie when there are no others between them."""
    at = 0
    for tensor in tensors:
        size = tensor.end - tensor.begin
        yield tensor._replace(begin=at, end=at + size)
        at += size
